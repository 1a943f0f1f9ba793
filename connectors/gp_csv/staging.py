"""What is put down of an entry, to be held against what was told before."""

from datetime import date

from connectors.gp_csv.entry import Entry, digest_of
from connectors.gp_csv.layout import DELETE
from connectors.gp_csv.mapping.bundle import CARER_RECORDS
from connectors.gp_csv.mapping.checking import names_cared_for
from connectors.gp_csv.settings import RegisterSettings
from hub.fhir.times import day_from
from hub.identity import source_record_id
from hub.ports.registers import GONE, Staged


def staged_from(entry: Entry, settings: RegisterSettings, today: date) -> Staged:
    """What is kept of an entry: nothing of a person but what its source calls it."""
    values = entry.row.values
    gone = entry.action == DELETE or (entry.runs_out_on is not None and entry.runs_out_on < today)
    day = values["recorded_on"]
    name = values["source_record_id"]
    usable = entry.refused is None
    record = source_record_id(settings.name, CARER_RECORDS, name)
    if gone or not usable:  # nothing of it is told from here, so nothing of it is put down
        digest = GONE if usable else None
        return Staged(
            entry.row.number, record, "", "", "", linked=False, active=False, digest=digest
        )
    return Staged(
        number=entry.row.number,
        record=record,
        entry=name,
        code_system=values["code_system"],
        code=values["code"],
        linked=names_cared_for(entry.row),
        active=values["status"] == "active",
        digest=digest_of(entry.row, settings),
        said_on=day_from(day, "").on if day else None,
    )
