"""What the core noted for the log, said once it is durable."""

from collections.abc import Iterable
from uuid import UUID

import structlog

from hub.decisions import Note
from hub.matching.scoring.decision import rounded
from hub.matching.waterfall import EVIDENCE

log = structlog.get_logger("region")


def say_notes(region: int, notes: Iterable[tuple[UUID, Note]]) -> None:
    """One line for each decision that changed, by evidence or on a question: levels and bits, never values."""
    for event_id, note in notes:
        line = log.bind(
            region=region,
            event_id=str(event_id),
            one=str(note.one),
            other=str(note.other),
            outcome=note.outcome,
            was=note.was,
            by=note.by,
            decision=note.decision,
            model=note.model,
            grade=note.grade,
            prior=in_a_line(note.prior),
            bits=in_a_line(note.bits),
            margin=in_a_line(note.margin),
            rules=note.rules,
            fields=[
                {
                    "f": each.field,
                    "level": each.level,
                    "bits": rounded(each.bits),
                    "tf": rounded(each.tf),
                }
                for each in note.fields
            ],
        )
        if note.by == EVIDENCE:
            line.info("by-evidence")
        else:
            line.info("beside-evidence")


def in_a_line(bits: float | None) -> float | None:
    """Bits as a line has them."""
    return None if bits is None else rounded(bits)
