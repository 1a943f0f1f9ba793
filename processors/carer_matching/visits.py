"""One stay under several visit numbers: what was said under each counts for all.

Two ways to learn of it: the sender says so (A42, A45, A47, A50), or two in-patient visits of one hospital number began
in the same minute, as when a discharge comes under another number than the admission.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from hub.matching.region import RegionView
from hub.matching.words import folded, order, word_on
from hub.records import AdmissionState, StayFacts, StayStatus
from processors.carer_matching.stays import IN_PATIENT_CLASSES, REGISTERS, status_of

LONDON: Final = ZoneInfo("Europe/London")
SAID_OF_NUMBER: Final = frozenset({"patient", "superseded"})
"""Registers that each number speaks of for itself: who the patient is, a move may have changed."""
ENDS: Final = frozenset({"discharge", "leave", "pending"})
"""Registers that a visit without a bed says nothing of to an in-patient stay: leaving the emergency department is no
discharge."""

Began: TypeAlias = tuple[str, str | None, datetime]
"""Trust, hospital number and minute of admission."""


def known_as(view: RegionView, stay: StayFacts) -> StayFacts:
    """The stay with all that was said under its numbers; under a number that no longer goes on, what was said there."""
    if stay.superseded_by is not None:
        return stay
    heir, *others = twins_of(view, stay)
    if heir.stay_id != stay.stay_id:
        return replace(stay, superseded_by=heir.stay_id)
    before = [each for twin in (heir, *others) for each in all_before(view, twin)]
    return joined(stay, (*others, *before)) if others or before else stay


def goes_on_as(view: RegionView, stay: StayFacts) -> StayFacts:
    """The stay under the number that it goes on under at last."""
    seen = {stay.stay_id}
    while (heir := view.stays.get(known_as(view, stay).superseded_by or stay.stay_id)) is not None:
        if heir.stay_id in seen:
            break
        seen.add(heir.stay_id)
        stay = heir
    return stay


def all_before(view: RegionView, stay: StayFacts) -> Iterator[StayFacts]:
    """The stays that go on as this one, one after the other."""
    seen, waiting = {stay.stay_id}, [stay.stay_id]
    while waiting:
        for before in view.stays_before(waiting.pop()):
            if before.stay_id not in seen:
                seen.add(before.stay_id)
                waiting.append(before.stay_id)
                yield before


def twins_of(view: RegionView, stay: StayFacts) -> list[StayFacts]:
    """The visits that are this stay by when they began, first the one that goes on: the one that was admitted first."""
    began = began_at(stay)
    if began is None:
        return [stay]
    own = view.person(stay.patient_record)
    twins = [each for each in view.stays_of(own) if began_at(each) == began]
    return sorted(twins, key=admitted_first) if len(twins) > 1 else [stay]


def began_at(stay: StayFacts) -> Began | None:
    """What tells that two visits are one stay: not a date without a time, and no visit without a bed."""
    if stay.superseded_by is not None or stay.admitted_at is None:
        return None
    if not may_end(stay):
        return None
    minute = stay.admitted_at.replace(second=0, microsecond=0)
    if minute.astimezone(LONDON).time() == time() or status_of(stay) is StayStatus.CANCELLED:
        return None
    return (stay.trust_ods, stay.hospital_number, minute)


def admitted_first(stay: StayFacts) -> tuple[bool, datetime, UUID]:
    """An order of visits that a later message seldom changes."""
    word = word_on(stay.words, "admission")
    return (word is None, NEVER if word is None else word.recorded_at, stay.stay_id)


NEVER: Final = datetime.max.replace(tzinfo=UTC)


def joined(stay: StayFacts, others: Iterable[StayFacts]) -> StayFacts:
    """The stay, each register by the latest word that was said under any of its numbers."""
    others = counting(stay, tuple(others))
    kind = max((stay, *others), key=said_of_class)
    now, words = stay, stay.words
    for other in others:
        passed_by = (
            SAID_OF_NUMBER | ENDS if has_bed(kind) and not may_end(other) else SAID_OF_NUMBER
        )
        for word in other.words:
            about = " ".join(each for each in word.about.split() if each not in passed_by)
            heard_there = replace(word, about=about)
            now, words = folded(now, words, partial(getattr, other), REGISTERS, heard_there)
    return replace(now, words=words, as_of=max(each.as_of for each in (stay, *others)))


def counting(stay: StayFacts, others: tuple[StayFacts, ...]) -> tuple[StayFacts, ...]:
    """The others, without those that were cancelled: a number that was a mistake cancels no stay that has another."""
    live = tuple(each for each in others if status_of(each) is not StayStatus.CANCELLED)
    has_begun = any(each.admission is AdmissionState.ADMITTED for each in (stay, *live))
    return live if has_begun else others


def said_of_class(stay: StayFacts) -> tuple[bool, tuple[datetime, bool, int, int]]:
    """An order of visits by the latest word on what kind of patient it is."""
    word = word_on(stay.words, "class")
    return (word is not None, (NEVER, False, 0, 0) if word is None else order(word))


def has_bed(stay: StayFacts) -> bool:
    """Whether a visit is one of an in-patient."""
    return stay.patient_class in IN_PATIENT_CLASSES


def may_end(stay: StayFacts) -> bool:
    """Whether a visit by itself has a bed, or nobody said."""
    return stay.patient_class is None or has_bed(stay)
