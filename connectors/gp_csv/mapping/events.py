"""A row as events: when it is told, and under which key."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import orjson

from connectors.gp_csv.extract import Row, calendar_day, extract_from
from connectors.gp_csv.mapping.bundle import CARER_RECORDS, bundle_of
from connectors.gp_csv.mapping.checking import checked
from connectors.gp_csv.mapping.said import Said
from connectors.gp_csv.settings import CsvSettings
from hub.fhir.recorded import believed
from hub.fhir.times import start_of
from hub.identity import derived, source_record_id
from hub.records import CarerFlagEvent

MEDIA_TYPE: Final = "text/csv"


@dataclass(frozen=True, slots=True)
class Keyed:
    """An event and the key that it is kept under."""

    key: UUID
    event: CarerFlagEvent


def rows_from(
    content: bytes, settings: CsvSettings, received_at: datetime, file_sha256: str
) -> tuple[Keyed, ...]:
    """Read a whole file: an event for each row and region, in the order of the rows.

    A date alone is 00:00 of that day in Europe/London. `recorded_at` is the row's recorded_on, else the date in the
    trailer, else `received_at`; also `received_at` when it is more than `hub.fhir.recorded.AHEAD` of that.

    Args:
        content: The file.
        settings: Who sent it.
        received_at: When, UTC.
        file_sha256: Of `content`, as hexadecimal digits: part of every event id.

    Raises:
        Undecodable: The file cannot be trusted to be whole.
        InvalidResource: A row cannot be used; then none is.
    """
    extract = extract_from(content, settings)
    told = (
        Said(
            checked(row),
            derived("event", settings.name, file_sha256, row.values["source_record_id"]),
            recorded_at_of(row, extract.made_on, received_at),
            received_at,
        )
        for row in extract.rows
    )
    return tuple(keyed for said in told for keyed in events_of(said, settings))


def events_of(said: Said, settings: CsvSettings) -> tuple[Keyed, ...]:
    """The event of a row, once for each region."""
    row, event_id = said.row, said.event_id
    record = row.values["source_record_id"]
    key = source_record_id(settings.name, CARER_RECORDS, record)
    resource = orjson.dumps(bundle_of(said, settings))
    return tuple(
        Keyed(
            key,
            CarerFlagEvent(
                event_id=event_id,
                correlation_id=event_id,
                source=settings.name,
                source_event_id=str(derived("row", settings.name, record)),
                occurred_at=said.occurred_at or said.recorded_at,
                recorded_at=said.recorded_at,
                received_at=said.received_at,
                region=region,
                source_record=key,
                resource=resource,
                original=row.original,
                original_type=None if row.original is None else MEDIA_TYPE,
            ),
        )
        for region in settings.regions
    )


def recorded_at_of(row: Row, made_on: date | None, received_at: datetime) -> datetime:
    """When the row was written down; `made_on`: the day of its file, if that is known."""
    said = row.values["recorded_on"]
    day = calendar_day(said, row.place("recorded_on")) if said else made_on
    return received_at if day is None else believed(start_of(day), received_at)
