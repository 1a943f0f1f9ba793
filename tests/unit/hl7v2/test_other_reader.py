"""The `hl7` package reads the same parts from the same bytes: an independent witness."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.itk.compare import parts_of_ours, parts_of_the_other

TEXT = st.text("AZaz09.-'\"\\éΩ", max_size=6)  # no spaces: the other reader strips its lines
SUBCOMPONENTS = st.lists(TEXT, min_size=1, max_size=3).map("&".join)
COMPONENTS = st.lists(SUBCOMPONENTS, min_size=1, max_size=4).map("^".join)
FIELDS = st.lists(COMPONENTS, min_size=1, max_size=3).map("~".join)
NAMES = st.sampled_from(["EVN", "PID", "PD1", "NK1", "PV1", "PV2", "ZU1", "OBX"])
SEGMENTS = st.builds(
    lambda name, fields: "|".join([name, *fields]),
    NAMES,
    st.lists(FIELDS, min_size=1, max_size=8),
)


@settings(deadline=None, max_examples=40)
@given(segments=st.lists(SEGMENTS, min_size=1, max_size=6), end=st.sampled_from(["\r", "\n"]))
def test_both_read_the_same_parts_of_any_message(segments, end):
    frame = end.join(["MSH|^~\\&|PAS|RXX|HUB|HUB|||ADT^A01|1|P|2.4", *segments]).encode()
    assert parts_of_ours(frame) == parts_of_the_other(frame)
