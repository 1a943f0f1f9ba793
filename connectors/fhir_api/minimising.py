"""What of a body nobody here reads is taken out before anything is kept, so that no diagnosis is.

A statement stays if the lists of carer codes know one of its codes, whatever that code means there; its codes alone are
read for that, so one about something else is never why a carer's is refused. Of everything else
the types that are read stay, and those that say who sent it or wrote it down.

Source: UK GDPR article 5(1)(c), data minimisation.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from hub.fhir.bundle import Entries, Entry
from hub.fhir.conformance import NotSupported
from hub.fhir.reading import Element, elements_at
from hub.fhir.statement import codes_of, statements_in
from hub.records import Coding

Knows: TypeAlias = Callable[[Iterable[Coding]], bool]
"""Whether the lists of carer codes know one of the codes of a statement."""

READ: Final = frozenset(
    {"Consent", "Encounter", "Location", "MessageHeader", "Patient", "Provenance", "RelatedPerson"}
)
WHO_SAID_IT: Final = frozenset(
    {"Device", "HealthcareService", "Organization", "Practitioner", "PractitionerRole"}
)
STAYING: Final = READ | WHO_SAID_IT
"""Types of what stays, whatever it says."""


class NoCarerCode(NotSupported):
    """Every code here is about something else than carers. It may be a diagnosis: nothing of it is kept."""

    keeps_bytes = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was taken out of a body: FHIRPaths in the body as sent.

    Attributes:
        unknown: Statements with no code that the lists know.
        unread: Resources that nobody here reads.
    """

    unknown: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unknown or self.unread)

    def of(self, place: str) -> "LeftOut":
        """Of that in one place, such as an entry."""
        return LeftOut(_within(place, self.unknown), _within(place, self.unread))


NOTHING: Final = LeftOut()


@dataclass(frozen=True, slots=True)
class Minimal:
    """A body without what nobody reads.

    Attributes:
        resource: The body; the very one that was sent when nothing was taken out.
        entries: What stays, each under its place in the body as sent.
    """

    resource: Element
    entries: Entries
    left_out: LeftOut


def minimal(resource: Element, entries: Entries, knows: Knows) -> Minimal:
    """Take out what nobody here reads. Beside an Encounter no statement is read. What goes is not held against anything."""
    left_out = _left_out(entries, knows)
    if not left_out:
        return Minimal(resource, entries, left_out)
    gone = {*left_out.unknown, *left_out.unread}
    staying = {each.path: _without(each, gone) for each in entries if each.path not in gone}
    addresses = entries.by_address.items()
    kept = replace(
        entries,
        all=tuple(staying.values()),
        by_address={at: staying[of.path] for at, of in addresses if of.path in staying},
    )
    return Minimal(_written(resource, staying, gone), kept, left_out)


def refuse_no_carer_code(left_out: LeftOut) -> None:
    """Refuse a body of which nothing is of use, when its codes are why.

    Raises:
        NoCarerCode: They are.
    """
    if left_out.unknown:
        raise NoCarerCode(
            "No code here is in the carer lists, so nothing is kept. "
            "Whoever runs the hub sees the lists with `hub codes show`.",
            expression=f"{left_out.unknown[0]}.code",
            code="not-supported",
        )


def _left_out(entries: Entries, knows: Knows) -> LeftOut:
    beside_a_stay = bool(entries.of_type("Encounter"))
    said = frozenset() if beside_a_stay else {each.path for each in statements_in(entries)}
    unknown = [each.path for each in entries if each.path in said and not knows(codes_of(each))]
    unread = [each.path for each in entries if each.path not in said and each.type not in STAYING]
    gone = {*unknown, *unread}
    within = [place for each in entries if each.path not in gone for place in _unread_in(each)]
    return LeftOut(tuple(unknown), (*unread, *within))


def _unread_in(entry: Entry) -> Iterator[str]:
    """Contained resources that nobody reads: no statement is ever read there, and nothing that one of them contains."""
    for place, each in elements_at(entry.resource, "contained", entry.path):
        if each.get("resourceType") not in STAYING or "contained" in each:
            yield place


def _without(entry: Entry, gone: set[str]) -> Entry:
    """An entry without those contained resources."""
    contained = elements_at(entry.resource, "contained", entry.path)
    staying = [each for place, each in contained if place not in gone]
    if len(staying) == len(contained):
        return entry
    rest = {name: value for name, value in entry.resource.items() if name != "contained"}
    return replace(entry, resource={**rest, "contained": staying} if staying else rest)


def _written(resource: Element, staying: Mapping[str, Entry], gone: set[str]) -> Element:
    """The body with the entries that stay; what is sent alone is its own entry."""
    if resource.get("resourceType") != "Bundle":
        return next((each.resource for each in staying.values()), resource)
    entry: list[Element] = []
    for number, each in enumerate(resource.get("entry") or ()):
        place = f"Bundle.entry[{number}].resource"
        if place in staying:
            entry.append({**each, "resource": staying[place].resource})
        elif place not in gone:
            entry.append(each)
    return {**resource, "entry": entry}


def _within(place: str, paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in paths if each == place or each.startswith(f"{place}."))
