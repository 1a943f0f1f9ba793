"""Registers: every fact belongs to one, so that it is always clear what is cleared."""

from dataclasses import fields

from hub.fhir.news import REGISTERS, STAY_REGISTERS, EncounterFacts
from hub.records import PersonFacts


def test_every_fact_of_a_person_is_in_exactly_one_register():
    named = [name for names in REGISTERS.values() for name in names]
    assert sorted(named) == sorted(field.name for field in fields(PersonFacts))


def test_every_register_of_a_stay_holds_facts_of_a_stay():
    named = [name for names in STAY_REGISTERS.values() for name in names]
    assert len(named) == len(set(named))
    assert set(named) < {field.name for field in fields(EncounterFacts)}
