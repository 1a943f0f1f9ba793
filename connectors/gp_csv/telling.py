"""How the rows of one file are told, and that others are gone."""

from dataclasses import dataclass
from uuid import UUID

from connectors.gp_csv.entry import Entry, original_of
from connectors.gp_csv.extract import COLUMNS, Row
from connectors.gp_csv.mapping.events import Keyed, events_of, recorded_at_of
from connectors.gp_csv.mapping.said import Said
from connectors.gp_csv.settings import RegisterSettings
from hub.identity import derived
from hub.ports.registers import Reading, Staged, ToTell


@dataclass(frozen=True, slots=True)
class Telling:
    """How the rows of one file are told.

    The event id holds the number of the file: a register that comes back to what it said last week says it anew.
    """

    settings: RegisterSettings
    sha256: str
    reading: Reading

    def row(self, entry: Entry, known: ToTell) -> tuple[Keyed, ...]:
        """What a row says. A new entry is as old as it says; a change is as old as the file that shows it."""
        values = entry.row.values
        written = recorded_at_of(entry.row, None, self.reading.moment)
        row = Row(entry.row.number, values, original_of(entry))
        said = Said(
            row,
            self._event_id(values["source_record_id"]),
            recorded_at=self.reading.moment if known.known else min(written, self.reading.moment),
            received_at=self.reading.began_at,
            occurred_at=written,
            linked=known.linked,
        )
        return events_of(said, self.settings)

    def end(self, gone: Staged) -> tuple[Keyed, ...]:
        """That an entry is no longer listed, by what its source called it: nobody is named anew."""
        values = dict.fromkeys(COLUMNS, "") | {
            "source_record_id": gone.entry,
            "code_system": gone.code_system,
            "code": gone.code,
            "status": "ended",
        }
        said = Said(
            Row(0, values, None),
            self._event_id(gone.entry),
            recorded_at=self.reading.moment,
            received_at=self.reading.began_at,
            linked=gone.linked,
            listed=False,
        )
        return events_of(said, self.settings)

    def _event_id(self, entry: str) -> UUID:
        return derived("event", self.settings.name, self.sha256, entry, self.reading.number)
