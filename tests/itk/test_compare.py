"""A small dose of the comparison, and whether it would notice."""

import pytest

from connectors.ward_mllp.mapping import encounter_event_from
from connectors.ward_mllp.mapping import fields as mapping_fields
from connectors.ward_mllp.mapping.ignored import Ignored
from connectors.ward_mllp.mapping.triggers import OF_A_PERSON, STATUS
from hub.errors import Rejected
from hub.hl7v2 import message_from
from tests.itk.compare import compared, parts_of_ours, table
from tests.itk.messages import messages, not_covered
from tests.itk.tables import EVENTS, FIELDS
from tests.unit.ward_mllp.conftest import NOW, RWE

SEED = 28
DOSE = 200


@pytest.fixture(scope="module")
def found():
    return compared(SEED, DOSE)


def test_both_read_the_same_parts_of_messages_by_the_tables(found):
    assert found.messages == DOSE
    assert found.parts > 20 * DOSE
    assert found.different == []


def test_every_field_of_the_tables_was_there_in_every_way(found):
    assert not_covered(found.coverage) == []
    assert len(table(found.coverage)) == 1 + sum(map(len, FIELDS.values()))


def test_a_reader_that_errs_is_noticed():
    def errs(frame: bytes):
        return parts_of_ours(frame.replace(b'""', b""))

    assert compared(SEED, 20, errs).different


def test_the_same_seed_gives_the_same_messages():
    assert list(messages(1, 20)) == list(messages(1, 20)) != list(messages(2, 20))


def fields_read() -> set[str]:
    """Places that the mapping reads of these messages, of MSH none."""
    found: set[str] = set()

    class Watched(list):
        def __getitem__(self, number):
            found.add(f"{self.segment}-{number}")
            return super().__getitem__(number)

    def watch(fields, segment, original=mapping_fields.Fields.__init__):
        original(fields, segment)
        fields.raws = Watched(fields.raws)
        fields.raws.segment = segment.name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mapping_fields.Fields, "__init__", watch)
        for frame in messages(SEED, DOSE):
            read_as_event(frame)
    return {place for place in found if not place.startswith("MSH")}


def read_as_event(frame: bytes) -> bool:
    try:
        encounter_event_from(frame, message_from(frame), RWE.settings, NOW)
    except (Ignored, Rejected):
        return False
    return True


def test_every_field_that_the_mapping_reads_stands_in_the_tables():
    known = {f"{name}-{field.number}" for name, fields in FIELDS.items() for field in fields}
    read = fields_read()
    assert read <= known
    assert len(read) > 40


def test_every_event_of_the_tables_is_one_that_the_hub_reads():
    assert set(EVENTS) <= {*STATUS, *OF_A_PERSON}


def test_many_messages_become_events():
    """Else what is compared would be refused anyhow."""
    assert sum(map(read_as_event, messages(SEED, 100))) > 25
