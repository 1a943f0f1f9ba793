"""Every ADT event of the standard has one meaning here, or a reason why it has none."""

import re

import pytest

from connectors.ward_mllp.mapping.adt_events import EVENTS
from deploy.generate import ROOT
from deploy.generating.adt_table import README, table, with_table
from processors.carer_matching.triggers import TRIGGERS

OF_THE_STANDARD = {f"A{number:02}" for number in range(1, 63)} - {"A56", "A57", "A58", "A59"}
READ = {code for code, event in EVENTS.items() if not event.ignored or event.of == "a visit named"}


def test_every_event_of_the_standard_is_in_the_table_and_no_other():
    assert set(EVENTS) == OF_THE_STANDARD


def test_what_the_door_reads_is_what_the_rules_know():
    assert {code for code in TRIGGERS if re.fullmatch("A[0-9]{2}", code)} == READ


@pytest.mark.parametrize("code", sorted(OF_THE_STANDARD - READ))
def test_what_is_ignored_says_why_in_a_sentence(code):
    assert EVENTS[code].ignored.endswith(".")


def test_the_readme_has_a_line_for_each_event():
    assert (ROOT / README).read_text() == with_table((ROOT / README).read_text())
    assert [line[2:5] for line in table().splitlines()[2:]] == sorted(OF_THE_STANDARD)


def test_a_readme_without_a_place_for_the_table_is_named():
    with pytest.raises(ValueError, match=README):
        with_table("# A room\n")
