"""Which plot happens to whom, and how often."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, TypeAlias

from deploy.demo.world.people import Caring, Person
from deploy.demo.world.plots import (
    doing,
    hearing,
    identities,
    leaving,
    nothing,
    staying,
    undone,
)
from deploy.demo.world.tale import Tale

Plot: TypeAlias = Callable[[Tale], None]
Carings: TypeAlias = Sequence[Caring]
Fits: TypeAlias = Callable[[Carings], bool]


def anybody(_carings: Carings) -> bool:
    """Whoever is looked after."""
    return True


def of_kind(kind: str) -> Fits:
    """Somebody of a kind of household."""
    return lambda carings: carings[0].kind == kind


def by_practice(carings: Carings) -> bool:
    """All carers are known to practices."""
    return all(each.known_by == "practice" for each in carings)


def by_fhir(carings: Carings) -> bool:
    """All carers are known to practices that send FHIR."""
    return by_practice(carings) and all(sends(each, "fhir") for each in carings)


def by_extract(carings: Carings) -> bool:
    """All carers are known to practices that hand in extracts."""
    return by_practice(carings) and all(sends(each, "csv") for each in carings)


def by_ward(carings: Carings) -> bool:
    """Only the ward hears of the carer."""
    return all(each.known_by == "ward" for each in carings)


def several(carings: Carings) -> bool:
    """More than one carer."""
    return len(carings) > 1


def several_by_fhir(carings: Carings) -> bool:
    """More than one carer, of FHIR practices."""
    return several(carings) and by_fhir(carings)


def one_by_fhir(carings: Carings) -> bool:
    """One carer, of a FHIR practice, who looks after nobody else."""
    return len(carings) == 1 and by_fhir(carings) and looks_after_one(carings)


def one_by_extract(carings: Carings) -> bool:
    """One carer, of a practice with extracts, who looks after nobody else."""
    return len(carings) == 1 and by_extract(carings) and looks_after_one(carings)


def looks_after_one(carings: Carings) -> bool:
    """Kinds in which a carer looks after one person."""
    return carings[0].kind not in ("mutual", "sandwich", "carer of several")


def looks_after_nobody(carings: Carings) -> bool:
    """The patient is no carer."""
    return carings[0].kind != "mutual"


def sends(caring: Caring, how: str) -> bool:
    """How the carer's practice sends."""
    return caring.carer.home.practice.how == how


@dataclass(frozen=True, slots=True)
class Part:
    """A plot, how often, and for whom."""

    plot: Plot
    times: int
    fits: Fits = anybody


WITH_CARERS: Final = (
    Part(undone.admission_cancelled, 11),
    Part(hearing.ended_by_extract, 3, one_by_extract),
    Part(hearing.flagged_by_extract, 3, one_by_extract),
    Part(hearing.caring_ends, 6, one_by_fhir),
    Part(hearing.link_ends, 3, one_by_fhir),
    Part(hearing.carer_dies, 2, one_by_fhir),
    Part(hearing.another_carer, 4, several_by_fhir),
    Part(hearing.flagged_late, 8, by_fhir),
    Part(hearing.flag_held_up, 4, by_fhir),
    Part(hearing.flagged_after_going_home, 4, by_fhir),
    Part(hearing.struck_off, 4, by_ward),
    Part(doing.one_of_several, 3, several),
    Part(doing.one_of_several_then_home, 2, several),
    Part(doing.none_spoken_with, 2, several),
    Part(staying.in_hospital, 10, of_kind("young")),
    Part(doing.taken_on, 3, of_kind("young")),
    Part(staying.in_hospital, 8, of_kind("mutual")),
    Part(staying.transferred, 4, of_kind("mutual")),
    Part(identities.never_traced, 2, by_practice),
    Part(identities.without_number, 2, by_practice),
    Part(identities.never_known, 2, by_practice),
    Part(identities.mistyped_birth, 4, by_practice),
    Part(identities.traced_later, 4, by_practice),
    Part(identities.merged, 7, by_practice),
    Part(identities.merged_duplicate, 5),
    Part(identities.renumbered, 3),
    Part(staying.said_by_both, 5, by_practice),
    Part(leaving.discharge_before_admission, 3, by_practice),
    Part(undone.cancelled_before_admission, 3, by_practice),
    Part(undone.emergency_cancelled, 2),
    Part(undone.transfer_cancelled, 11),
    Part(undone.discharge_cancelled, 6),
    Part(undone.discharge_cancelled_after_contact, 4),
    Part(undone.discharged_twice, 2),
    Part(undone.cancelled_before_discharge, 2),
    Part(undone.visit_opened_twice, 4),
    Part(staying.in_hospital, 10),
    Part(staying.already_in_hospital, 6),
    Part(staying.transferred, 6),
    Part(staying.expected_home, 7),
    Part(staying.pending, 6),
    Part(staying.pending_cancelled, 5),
    Part(staying.transfer_before_admission, 5),
    Part(staying.transfers_in_disorder, 4),
    Part(leaving.home_after_contact, 8),
    Part(leaving.home_without_contact, 7),
    Part(leaving.phoned_at_home, 4),
    Part(leaving.not_reached_then_home, 3),
    Part(leaving.dies, 4, looks_after_nobody),
    Part(leaving.dies_by_codes, 2, looks_after_nobody),
    Part(doing.seen, 3),
    Part(doing.taken_on, 3),
    Part(doing.tried, 3),
    Part(doing.tried_and_reached, 6),
    Part(doing.no_carer_at_all, 3),
    Part(nothing.day_case, 4),
    Part(nothing.out_patient, 3),
    Part(nothing.emergency_only, 3),
    Part(nothing.yet_to_come, 3),
)
"""For adults who are looked after; what fits few comes first."""

FOR_CHILDREN: Final = (Part(nothing.child, 8), Part(nothing.emergency_only, 2))
FOR_OTHERS: Final = (
    Part(nothing.ordinary, 90),
    Part(nothing.day_case, 10),
    Part(nothing.out_patient, 10),
    Part(nothing.emergency_only, 10),
)


def assigned(
    chance: Random, parts: Iterable[Part], carings: Mapping[Person, Carings]
) -> Iterable[tuple[Plot, Person]]:
    """Each plot with its patient; nobody has two.

    Raises:
        LookupError: There are too few people for a plot.
    """
    waiting = list(carings)
    chance.shuffle(waiting)
    for part in parts:
        for _ in range(part.times):
            patient = next((each for each in waiting if part.fits(carings[each])), None)
            if patient is None:
                raise LookupError(f"too few people for {part.plot.__name__}")
            waiting.remove(patient)
            yield part.plot, patient
