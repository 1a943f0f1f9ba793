"""What an Encounter says of a stay."""

from collections.abc import Iterator
from typing import Final, Literal

from hub.errors import InvalidResource
from hub.fhir.bundle import Entries
from hub.fhir.codings import best_of, coding_from, codings_at, identifier_from
from hub.fhir.identifiers import SUPERSEDED
from hub.fhir.location import Where, where_from
from hub.fhir.news import EncounterFacts, EncounterNews
from hub.fhir.once import STAYS, UNREAD, once, without
from hub.fhir.reading import (
    CLEARED,
    Element,
    absent_reason,
    code_at,
    element_at,
    elements_at,
    extensions_at,
    is_cleared,
    required,
    resource_from,
)
from hub.fhir.reference import reference_at
from hub.fhir.systems import (
    ADMISSION_METHOD_EXTENSIONS,
    ADMISSION_METHODS,
    DISCHARGE_DESTINATIONS,
    DISCHARGE_METHOD_EXTENSIONS,
    DISCHARGE_METHODS,
    DISCHARGE_READY,
    ODS_ORGANISATION,
    PLANNED_END,
    REPLACES_VISIT,
)
from hub.fhir.times import Day, Moment, day_at, moment_at, period_of
from hub.records import Coding, ExpectedDischarge, Identifier, Precision

STATUSES: Final = frozenset(
    {
        "planned",
        "arrived",
        "triaged",
        "in-progress",
        "onleave",
        "finished",
        "cancelled",
        "entered-in-error",
        "unknown",
    }
)
VISIT_NUMBER: Final = "VN"
SECONDARY: Final = "secondary"

_SAY_WHETHER_ON_LEAVE: Final = frozenset(
    {"arrived", "triaged", "in-progress", "onleave", "finished"}
)
_PLANNED_END: Final = frozenset({PLANNED_END})
_DISCHARGE_READY: Final = frozenset({DISCHARGE_READY})
_REPLACES_VISIT: Final = frozenset({REPLACES_VISIT})
_CLEARED_EXTENSIONS: Final = (
    (_PLANNED_END, "expected", "valueDateTime"),
    (_DISCHARGE_READY, "ready", "valueDate"),
)
_CLEARED_AT: Final = (
    ("admitted", "period", "start"),
    ("discharge", "period", "end"),
    ("discharge", "hospitalization", "dischargeDisposition"),
)

_DIED: Final = frozenset({"4", "5"})
_NOT_FINISHED: Final = "8"
_DESTINATION_DIED: Final = "79"
_DESTINATION_NOT_DISCHARGED: Final = "98"


def encounter_news_from(
    resource: object, path: str, entries: Entries | None = None
) -> EncounterNews:
    """Read an Encounter. With `entries`, places that it only points at are read there.

    Raises:
        InvalidResource: With the FHIRPath of what is against the standard, such as a period that
            ends before it starts.
    """
    encounter = resource_from(resource, "Encounter", path)
    where = where_from(encounter, path, entries)
    cleared = any(
        is_cleared(item, "location") for _, item in elements_at(encounter, "location", path)
    )
    return _stay_news(without(encounter, "location", "subject", *UNREAD), path, where, cleared)


@once(STAYS)
def _stay_news(encounter: Element, path: str, where: Where, nowhere: bool) -> EncounterNews:
    """What is said of the stay itself; `nowhere`: its place is cleared."""
    status = required(code_at(encounter, "status", path, STATUSES), "status", path)
    start, end = _period(encounter, path)
    visit, other_visits = _visits(encounter, path)
    facts = EncounterFacts(
        visit=visit,
        other_visits=other_visits,
        replaces_visit=_replaced_visit(encounter, path),
        status=status,
        patient_class=_class(encounter, path),
        trust_ods=_trust(encounter, path),
        admitted_at=None if start is None else start.at,
        admission_method=_admission_method(encounter, path),
        site_ods=where.site_ods,
        ward=where.ward,
        bed=where.bed,
        expected_discharge=_expected(encounter, path),
        ready_on=None if (ready := _ready(encounter, path)) is None else ready.on,
        discharged_at=None if end is None else end.at,
        discharge_method=_discharge_method(encounter, path),
        destination=_destination(encounter, path),
    )
    spoken = {*_said_in(facts), *_cleared_in(encounter, path)}
    return EncounterNews(facts, frozenset(spoken | {"location"} if nowhere else spoken))


def discharge_stop(facts: EncounterFacts) -> Literal["died", "not-discharged"] | None:
    """Why nobody goes home from this discharge, if its codes say so.

    A code counts only in a code system of discharges: 4 is "died" there and "referred to a clinic"
    in the table that PV1-36 has in the ITK.

    Source: NHS Data Dictionary, discharge method and discharge destination.
    """
    method = _code_in(facts.discharge_method, DISCHARGE_METHODS)
    destination = _code_in(facts.destination, DISCHARGE_DESTINATIONS)
    if method in _DIED or destination == _DESTINATION_DIED:
        return "died"
    if method == _NOT_FINISHED or destination == _DESTINATION_NOT_DISCHARGED:
        return "not-discharged"
    return None


def _code_in(coding: Coding | None, systems: frozenset[str]) -> str | None:
    return coding.code if coding is not None and coding.system in systems else None


def _said_in(facts: EncounterFacts) -> Iterator[str]:
    """The registers that hold something."""
    said = {
        "visit": facts.visit is not None or bool(facts.other_visits),
        "class": facts.patient_class is not None,
        "admitted": facts.admitted_at is not None,
        "location": bool(facts.site_ods or facts.ward or facts.bed),
        "expected": facts.expected_discharge is not None,
        "ready": facts.ready_on is not None,
        "discharge": bool(facts.discharged_at or facts.discharge_method or facts.destination),
        "leave": facts.status in _SAY_WHETHER_ON_LEAVE,
    }
    return (register for register, is_said in said.items() if is_said)


def _cleared_in(encounter: Element, path: str) -> Iterator[str]:
    """The registers that are cleared; beside something real a cleared element says no more."""
    for register, name, part in _CLEARED_AT:
        inside = encounter.get(name)
        if isinstance(inside, dict) and is_cleared(inside, part):
            yield register
    if absent_reason(encounter.get("class")) == CLEARED:
        yield "class"
    for urls, register, value in _CLEARED_EXTENSIONS:
        for _, extension in extensions_at(encounter, urls, path):
            if absent_reason(extension) == CLEARED or is_cleared(extension, value):
                yield register


def _visits(encounter: Element, path: str) -> tuple[Identifier | None, tuple[Identifier, ...]]:
    """The visit number, and the other identifiers; what is called secondary is never the first."""
    first: list[Identifier] = []
    others: list[Identifier] = []
    for place, item in elements_at(encounter, "identifier", path):
        identifier = identifier_from(item, place)
        if identifier is not None and item.get("use") != SUPERSEDED:
            (others if item.get("use") == SECONDARY else first).append(identifier)
    first.sort(key=lambda identifier: identifier.type != VISIT_NUMBER)
    return (first[0] if first else None), (*first[1:], *others)


def _replaced_visit(encounter: Element, path: str) -> Identifier | None:
    for place, extension in extensions_at(encounter, _REPLACES_VISIT, path):
        value = element_at(extension, "valueIdentifier", place)
        if value is not None:
            return identifier_from(value, f"{place}.valueIdentifier")
    return None


def _class(encounter: Element, path: str) -> str | None:
    value = element_at(encounter, "class", path)
    coding = None if value is None else coding_from(value, f"{path}.class")
    return None if coding is None else coding.code


def _trust(encounter: Element, path: str) -> str | None:
    provider = reference_at(encounter, "serviceProvider", path)
    if provider is None or provider.identifier is None:
        return None
    return provider.identifier.value if provider.identifier.system == ODS_ORGANISATION else None


def _period(encounter: Element, path: str) -> tuple[Moment | None, Moment | None]:
    """Admission and discharge as they were said; `period_of` refuses them the wrong way round."""
    period = element_at(encounter, "period", path)
    if period is None:
        return None, None
    place = f"{path}.period"
    start, end = moment_at(period, "start", place), moment_at(period, "end", place)
    period_of(start, end, place)
    return start, end


def _expected(encounter: Element, path: str) -> ExpectedDischarge | None:
    for place, extension in extensions_at(encounter, _PLANNED_END, path):
        moment = moment_at(extension, "valueDateTime", place)
        if moment is not None:
            _refuse_vague(moment.precision, f"{place}.valueDateTime")
            return ExpectedDischarge(at=moment.at, precision=moment.precision.value)
    return None


def _ready(encounter: Element, path: str) -> Day | None:
    for place, extension in extensions_at(encounter, _DISCHARGE_READY, path):
        day = day_at(extension, "valueDate", place)
        if day is not None:
            _refuse_vague(day.precision, f"{place}.valueDate")
            return day
    return None


def _refuse_vague(precision: Precision, path: str) -> None:
    if precision in (Precision.YEAR, Precision.MONTH):
        raise InvalidResource("Give at least the day.", expression=path, code="value")


def _admission_method(encounter: Element, path: str) -> Coding | None:
    hospitalization = element_at(encounter, "hospitalization", path) or {}
    place = f"{path}.hospitalization"
    return _coding_of(hospitalization, ADMISSION_METHOD_EXTENSIONS, ADMISSION_METHODS, place)


def _discharge_method(encounter: Element, path: str) -> Coding | None:
    """On the Encounter, where UK Core has it, or inside `hospitalization`, where some put it."""
    said = _coding_of(encounter, DISCHARGE_METHOD_EXTENSIONS, DISCHARGE_METHODS, path)
    if said is not None:
        return said
    hospitalization = element_at(encounter, "hospitalization", path) or {}
    place = f"{path}.hospitalization"
    return _coding_of(hospitalization, DISCHARGE_METHOD_EXTENSIONS, DISCHARGE_METHODS, place)


def _destination(encounter: Element, path: str) -> Coding | None:
    hospitalization = element_at(encounter, "hospitalization", path)
    if hospitalization is None:
        return None
    place = f"{path}.hospitalization"
    return best_of(
        codings_at(hospitalization, "dischargeDisposition", place), DISCHARGE_DESTINATIONS
    )


def _coding_of(
    element: Element, urls: frozenset[str], systems: frozenset[str], path: str
) -> Coding | None:
    for place, extension in extensions_at(element, urls, path):
        return best_of(codings_at(extension, "valueCodeableConcept", place), systems)
    return None
