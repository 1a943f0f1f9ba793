"""What the core noted for the log, said once it is durable, and what is said of the model at the start."""

from collections.abc import Iterable
from uuid import UUID

import structlog

from hub.decisions import Note
from hub.matching.candidates import Matcher
from hub.matching.region import RegionView
from hub.matching.scoring.decision import rounded
from hub.matching.training.moves import is_another_size
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


def say_smaller_model(region: int, matcher: Matcher | None, memory: RegionView | None) -> None:
    """Warn of a model that was learned from far fewer than are compared here: it joins too readily.

    That it was learned from far more says nothing: a register fills, and the model of the hub is one of a million.
    """
    if matcher is None or memory is None:
        return
    learned_from, records = matcher.model.people, memory.compared_by_evidence()
    if records > learned_from and is_another_size(learned_from, records):
        log.warning(
            "model-of-a-smaller-register",
            region=region,
            model=matcher.digest,
            learned_from=learned_from,
            records=records,
        )


def in_a_line(bits: float | None) -> float | None:
    """Bits as a line has them."""
    return None if bits is None else rounded(bits)
