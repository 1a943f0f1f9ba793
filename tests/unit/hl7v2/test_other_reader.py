"""The `hl7` package reads the same parts from the same bytes: an independent witness."""

import hl7
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.hl7v2 import message_from


def parts_of_ours(frame: bytes) -> list[tuple[str, list[list[list[list[str]]]]]]:
    message = message_from(frame)
    return [
        (
            segment.name,
            [
                [
                    [
                        [part.raw for part in component.subcomponents] or [""]
                        for component in repetition.components
                    ]
                    or [[""]]
                    for repetition in segment.field(number).repetitions
                ]
                or [[[""]]]
                for number in range(1, segment.raw.count("|") + 1)
            ],
        )
        for segment in message.segments()
        if segment.name != "MSH"
    ]


def parts_of_the_other(frame: bytes) -> list[tuple[str, list[list[list[list[str]]]]]]:
    text = frame.decode().replace("\r\n", "\r").replace("\n", "\r")
    return [
        (
            str(segment[0]),
            [[parts_of_repetition(part) for part in field] or [[[""]]] for field in segment[1:]],
        )
        for segment in hl7.parse(text)
        if str(segment[0]) != "MSH"
    ]


def parts_of_repetition(repetition: object) -> list[list[str]]:
    """Text where nothing was separated, else lists of lists."""
    if isinstance(repetition, str):
        return [[repetition]]
    return [[part] if isinstance(part, str) else [str(sub) for sub in part] for part in repetition]


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


@settings(deadline=None)
@given(segments=st.lists(SEGMENTS, min_size=1, max_size=6), end=st.sampled_from(["\r", "\n"]))
def test_both_read_the_same_parts_of_any_message(segments, end):
    frame = end.join(["MSH|^~\\&|PAS|RXX|HUB|HUB|||ADT^A01|1|P|2.4", *segments]).encode()
    assert parts_of_ours(frame) == parts_of_the_other(frame)
