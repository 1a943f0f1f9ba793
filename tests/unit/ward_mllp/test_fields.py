"""A segment read field by field: what is beyond what anybody reads costs nothing."""

import pytest

from connectors.ward_mllp.mapping.fields import PARTS, first_of
from hub.hl7v2 import message_from


@pytest.mark.parametrize("given", ["MAY", r"M\F\Y", "MAY&"])
def test_of_five_thousand_components_only_those_that_are_read_are_split(given):
    name = "^".join(["MARSH", given] * 2_500)
    nk1 = first_of(message_from(f"MSH|^~\\&|PAS\rNK1|1|{name}~{name}".encode()), "NK1")
    names = [nk1.first(2), *nk1.repetitions(2)]
    assert [parts[0] for parts in names] == ["MARSH"] * 3
    assert {parts[1] for parts in names} == {"M|Y" if "\\" in given else "MAY"}
    assert {len(parts) for parts in names} == {2 * PARTS}
