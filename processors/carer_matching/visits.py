"""One stay under several visit numbers: what was said under each counts for all.

Two ways to learn of it: the sender says so (A42, A45, A47, A50), or two in-patient visits of one hospital number began
in the same minute, as when a discharge comes under another number than the admission.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from hub.fhir.record import hospital_number_of
from hub.matching.region import RegionView
from hub.matching.whose import FIRST_NAMED, PATIENT, SUPERSEDED
from hub.matching.words import by_register, changed, later, order, together, word_on
from hub.records import AdmissionState, StayFacts, StayStatus
from processors.carer_matching.stays import IN_PATIENT_CLASSES, REGISTERS, status_of
from processors.carer_matching.succession import survivor

LONDON: Final = ZoneInfo("Europe/London")
SAID_OF_NUMBER: Final = frozenset({PATIENT, FIRST_NAMED, SUPERSEDED})
"""Registers that each number speaks of for itself: who the patient is, a move may have changed."""
ENDS: Final = frozenset({"discharge", "leave", "pending"})
"""Registers that a visit without a bed says nothing of to an in-patient stay: leaving the emergency department is no
discharge."""

MINUTE: Final = timedelta(minutes=1)

Began: TypeAlias = tuple[str, str | None, datetime]
"""Trust, hospital number and minute of admission."""


def known_as(view: RegionView, stay: StayFacts) -> StayFacts:
    """The stay with all that was said under its numbers; under a number that no longer goes on, what was said there."""
    if stay.superseded_by is not None:
        return stay
    if stands_alone(view, stay):
        return stay
    heir, *others = twins_of(view, stay)
    if heir.stay_id != stay.stay_id:
        return replace(stay, superseded_by=heir.stay_id)
    if not others:
        return heir
    return joined(heir, [number for twin in others for number in (twin, *all_before(view, twin))])


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


def stands_alone(view: RegionView, stay: StayFacts) -> bool:
    """Whether nothing that is said under another number can matter: at a glance, so a no may be a yes."""
    if stay.superseded_by is not None or view.stays_before(stay.stay_id):
        return False
    visits = view.stays_of(view.person(view.patient_of(stay)))
    return len(visits) == 1 or not any(
        each.superseded_by is None and may_have_begun(view, each, stay.admitted_at)
        for each in visits
        if each.stay_id != stay.stay_id
    )


def twins_of(view: RegionView, stay: StayFacts) -> list[StayFacts]:
    """The visits that are this stay by when they began, first the one that goes on: the one that was admitted first."""
    others = [
        each
        for each in view.stays_of(view.person(view.patient_of(stay)))
        if each.superseded_by is None and each.stay_id != stay.stay_id
    ]
    stay = with_all_before(view, stay)
    began = began_at(view, stay) if others else None
    if began is None:
        return [stay]
    near = [with_all_before(view, each) for each in others if may_have_begun(view, each, began[2])]
    twins = [each for each in near if began_at(view, each) == began]
    return sorted([stay, *twins], key=admitted_first)


def may_have_begun(view: RegionView, stay: StayFacts, moment: datetime | None) -> bool:
    """Whether a visit may have begun then, at a glance: by its own word, or by that of a number before it."""
    at = stay.admitted_at
    is_near = at is not None and moment is not None and abs(at - moment) < MINUTE
    return is_near or bool(view.stays_before(stay.stay_id))


def with_all_before(view: RegionView, stay: StayFacts) -> StayFacts:
    """The stay with what was said under the numbers that go on as this one."""
    before = tuple(all_before(view, stay))
    return joined(stay, before) if before else stay


def began_at(view: RegionView, stay: StayFacts) -> Began | None:
    """What tells that two visits are one stay: not a date without a time, and no visit without a bed."""
    if stay.admitted_at is None:
        return None
    if not may_end(stay):
        return None
    minute = stay.admitted_at.replace(second=0, microsecond=0)
    if minute.astimezone(LONDON).time() == time() or status_of(stay) is StayStatus.CANCELLED:
        return None
    record = view.records.get(view.patient_of(stay))
    number = hospital_number_of(survivor(view, record).facts) if record else stay.hospital_number
    return (stay.trust_ods, number, minute)


def admitted_first(stay: StayFacts) -> tuple[bool, datetime, UUID]:
    """An order of visits that a later message seldom changes."""
    word = word_on(stay.words, "admission")
    return (word is None, NEVER if word is None else word.recorded_at, stay.stay_id)


NEVER: Final = datetime.max.replace(tzinfo=UTC)


def joined(stay: StayFacts, others: Iterable[StayFacts]) -> StayFacts:
    """The stay, each register by the latest word that was said under any of its numbers."""
    others = counting(stay, tuple(others))
    in_patient = has_bed(max((stay, *others), key=said_of_class))
    standing = by_register(stay.words)
    now = stay
    for other in others:
        passed_by = SAID_OF_NUMBER | ENDS if in_patient and not may_end(other) else SAID_OF_NUMBER
        won = {
            register: word
            for register, word in by_register(other.words).items()
            if register not in passed_by
            and ((stood := standing.get(register)) is None or later(word, stood))
        }
        standing |= won
        now = changed(now, partial(getattr, other), REGISTERS, won)
    as_of = max(each.as_of for each in (stay, *others))
    return replace(now, words=together(standing), as_of=as_of)


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
