"""Where a postcode lies: a district is not the beginning of a longer one."""

import pytest

from hub.services import begins


@pytest.mark.parametrize(
    ("postcode", "start"),
    [
        ("LE1 8VC", "LE1"),
        ("LE18VC", "LE1"),
        ("le1 8vc", "LE1"),
        ("LE18 4AA", "LE18"),
        ("LE184AA", "LE18"),
        ("EC1A 1BB", "EC1"),
        ("EC1A 1BB", "EC1A"),
        ("W1A 0AX", "W1"),
        ("LE1", "LE1"),
        ("LE1 8", "LE1"),
        ("LE1 8VC", "LE1 8"),
        ("LE18VC", "LE1 8V"),
        ("LS6 2AB", "LS6 2"),
    ],
)
def test_a_postcode_lies_in_its_district_and_in_its_sector(postcode, start):
    assert begins(postcode, start)


@pytest.mark.parametrize(
    ("postcode", "start"),
    [
        ("LE1 8VC", "LE18"),
        ("LE18VC", "LE18"),
        ("LE18 4AA", "LE1"),
        ("LE184AA", "LE1"),
        ("LE67 3AA", "LE6"),
        ("LE1 8VC", "LE1 7"),
        ("LE18 4AA", "LE1 8"),
        ("LS10 1AA", "LS1"),
        ("", "LE1"),
        ("EC1A 1BB", "EC2"),
    ],
)
def test_a_postcode_does_not_lie_in_a_district_that_only_looks_alike(postcode, start):
    assert not begins(postcode, start)
