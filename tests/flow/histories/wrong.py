"""Two patients whom a hospital makes one by a slip, what reviewers say of them, and whose each visit is in truth."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hub.records import ReviewVerdict
from tests.flow.histories.people import Record, Visit

SAME, DIFFERENT = ReviewVerdict.SAME, ReviewVerdict.DIFFERENT
VERDICTS = (SAME, SAME, DIFFERENT, DIFFERENT, ReviewVerdict.CANNOT_TELL, ReviewVerdict.REVOKED)


@dataclass(eq=False)
class WrongMerge:
    """One patient's number became another's.

    `numbers` are those of the two when they were merged, of the one that went first; `may_be_right` is false where that
    would make merges of other numbers wait; `verdict` is what a reviewer said last; `lists_end` says whether the number
    that goes on had a list of contacts since, later than any of the other's.
    """

    gone: Record
    kept: Record
    numbers: tuple[str, str]
    may_be_right: bool
    verdict: ReviewVerdict | None = None
    lists_end: bool = False

    def hear_a_list_of(self, record: Record) -> None:
        """All contacts of a record are listed."""
        if record in (self.gone, self.kept):
            self.lists_end = record is self.kept

    @property
    def is_right(self) -> bool:
        """Whether a reviewer said so."""
        return self.verdict is SAME

    @property
    def carers(self) -> list[str]:
        """Who looks after them if they are one patient."""
        of_the_other = self.gone.flagged_carers if self.lists_end else self.gone.carers
        return sorted({*self.kept.carers, *of_the_other})


@dataclass(frozen=True)
class Answer:
    """What a reviewer said, and when."""

    merge: WrongMerge
    at: datetime
    verdict: ReviewVerdict


def patient_after(
    wrong: Iterable[WrongMerge], visit: Visit, record: Record, *, moves: bool
) -> Record:
    """Whose a visit is once it was written of under a record.

    Of a number that was merged by a slip another one is written; that says nothing, unless the visit is moved from it.
    """
    heirs = {id(merge.gone): merge.kept for merge in wrong}
    one = visit.patient
    while id(one) in heirs:
        one = heirs[id(one)]
        if one is record and not (moves and visit.is_under_its_patient):
            return visit.patient
    return record


def carers_of(wrong: Iterable[WrongMerge], patient: Record) -> list[str]:
    """Who looks after a patient, as reviewers have it."""
    return next((each.carers for each in right_of(wrong, patient)), patient.carers)


def number_of(wrong: Iterable[WrongMerge], patient: Record) -> str:
    """The number of a patient, as reviewers have it."""
    return next((each.kept.number for each in right_of(wrong, patient)), patient.number)


def right_of(wrong: Iterable[WrongMerge], patient: Record) -> list[WrongMerge]:
    """The merges of a patient that were right after all."""
    return [each for each in wrong if each.is_right and patient in (each.gone, each.kept)]
