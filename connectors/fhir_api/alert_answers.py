"""What a discharge team says of an alert by putting its Task."""

from collections import Counter
from collections.abc import Iterator
from typing import Final, TypeAlias
from uuid import UUID

from connectors.fhir_api.put import NotTaken, code_in, one_of, refuse_changes
from connectors.fhir_api.told import Told
from hub.errors import InvalidResource
from hub.fhir.reading import Element, element_at, elements_at
from hub.fhir.reference import Reference, reference_at
from hub.fhir.task import LINK, OUTCOME, hyphened
from hub.outcomes import STEPS
from hub.records import OutcomeKind

STEP_OF: Final = {"received": OutcomeKind.SEEN, "accepted": OutcomeKind.ACCEPTED}
"""Task.status -> what is said of the whole alert by setting it."""

FOLLOWS: Final = frozenset({"in-progress", "completed"})
"""What `status` comes to by outcomes: no news of itself."""

OUTCOMES: Final = {
    hyphened(each.value): each
    for each in OutcomeKind
    if each not in STEPS and each is not OutcomeKind.UNKNOWN
}
"""Codes of what may have become of a carer."""

ANSWERS: Final = frozenset({"status", "output", "lastModified"})
"""What of a Task is an answer."""

OfAlert: TypeAlias = tuple[OutcomeKind, UUID | None]
Entry: TypeAlias = tuple[OutcomeKind, UUID]
Links: TypeAlias = dict[str, UUID]


def of_alert(task: Element, told: Told) -> tuple[OfAlert, ...]:
    """What is new in a Task: a step of the whole alert, and outcomes of carers. Nothing when nothing is.

    Raises:
        InvalidResource: Something in it is no answer; the place is a FHIRPath.
    """
    refuse_changes(task, told, ANSWERS)
    outcomes = tuple(new_outcomes(task, told))
    return (*step(task, told, follows=bool(outcomes)), *outcomes)


def step(task: Element, told: Told, *, follows: bool) -> Iterator[OfAlert]:
    """Seen or accepted, by the status.

    Raises:
        NotTaken: A status that nobody sets.
    """
    status = task.get("status")
    if status is None or status == told.resource["status"] or (follows and status in FOLLOWS):
        return
    if status not in STEP_OF:
        raise NotTaken(
            "Set received (seen) or accepted. The rest follows from outcomes: add one to `output` for each carer.",
            expression="Task.status",
            code="no-such-step",
        )
    yield STEP_OF[status], None


def new_outcomes(task: Element, told: Told) -> Iterator[Entry]:
    """Entries of `output` beyond those that were told.

    Raises:
        NotTaken: One that was told is missing, or one carer has two new ones, of which neither is the last.
    """
    if "output" not in task:
        return
    links = links_in(told.resource)
    left = Counter(outcome for _, outcome in outcomes_in(told.resource, links))
    spoken_of: set[UUID] = set()
    for place, outcome in outcomes_in(task, links):
        if left[outcome]:
            left[outcome] -= 1
            continue
        if outcome[1] in spoken_of:
            raise NotTaken(
                "Of one carer only one outcome at a time.", expression=place, code="two-outcomes"
            )
        spoken_of.add(outcome[1])
        yield outcome
    if left.total():
        raise NotTaken(
            "What was recorded is not taken back: send the outputs that you read, and yours after them.",
            expression="Task.output",
            code="output-missing",
        )


def outcomes_in(task: Element, links: Links) -> Iterator[tuple[str, Entry]]:
    """Each outcome with its place."""
    for place, output in elements_at(task, "output", "Task"):
        concept = element_at(output, "type", place)
        code = code_in(concept, OUTCOME, f"{place}.type")
        kind = OUTCOMES[one_of(code, tuple(OUTCOMES), OUTCOME, f"{place}.type")]
        yield place, (kind, carer_of(reference_at(output, "valueReference", place), links, place))


def carer_of(reference: Reference | None, links: Links, place: str) -> UUID:
    """The link that an outcome is of: by `#carer-1` of this Task, or by its identifier.

    Raises:
        InvalidResource: It is none of this alert.
    """
    found: UUID | None = None
    if reference is not None and reference.identifier is not None:
        value = reference.identifier.value
        known = reference.identifier.system == LINK
        found = next((each for each in links.values() if known and str(each) == value), None)
    elif reference is not None:
        found = links.get(reference.reference or "")
    if found is None:
        raise InvalidResource(
            f"Name one of the carers of this Task: `#carer-1`, or the identifier of {LINK}.",
            expression=f"{place}.valueReference",
            code="no-such-carer",
        )
    return found


def links_in(task: Element) -> Links:
    """Place within the Task -> link, of each carer that was told."""
    return {
        f"#{person['id']}": UUID(identifier["value"])
        for path, person in elements_at(task, "contained", "Task")
        for _, identifier in elements_at(person, "identifier", path)
        if identifier.get("system") == LINK
    }
