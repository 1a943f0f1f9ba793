"""What of a body nobody here reads is taken out before anything is kept, so that no diagnosis is.

A statement stays if the lists of carer codes know one of its codes, whatever that code means there; its codes alone are
read for that, so one about something else is never why a carer's is refused. Of everything else the types that are read
stay, and those that say who sent it or wrote it down; a Consent if it is under the hub's code. Of what stays, those
elements do that are read (`elements.py`).

Source: UK GDPR article 5(1)(c), data minimisation.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import orjson

from connectors.fhir_api import elements
from connectors.fhir_api.contents import OfNoUse
from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, Entry
from hub.fhir.reading import Element, elements_at
from hub.fhir.statement import STATEMENTS, codes_of, statement_from, statements_in
from hub.fhir.systems import CONSENT_CODE
from hub.records import Coding

Knows: TypeAlias = Callable[[Iterable[Coding]], bool]
"""Whether the lists of carer codes know one of the codes of a statement."""

STAYING: Final = frozenset(elements.READ) - STATEMENTS
"""Types of what stays, but for Consents that are not under the hub's code."""


class NoCarerCode(OfNoUse):
    """Every code here is about something else than carers. It may be a diagnosis: nothing of it is kept."""


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
    """Take out what nobody here reads: entries, resources within them, elements. What goes is held against nothing."""
    left_out = _left_out(entries, knows)
    gone = {*left_out.unknown, *left_out.unread}
    staying = {each.path: _pared(each, gone) for each in entries if each.path not in gone}
    kept = among(entries, tuple(staying.values()))
    return Minimal(written(resource, kept), kept, left_out)


def among(entries: Entries, staying: tuple[Entry, ...]) -> Entries:
    """Some of the entries, each under its place in the body as sent."""
    by_path = {each.path: each for each in staying}
    addresses = entries.by_address.items()
    known = {at: by_path[of.path] for at, of in addresses if of.path in by_path}
    return replace(entries, all=staying, by_address=known)


def written(resource: Element, entries: Entries) -> Element:
    """The body as sent, with these entries alone; the very one that was given where that is all that it holds."""
    if resource.get("resourceType") != "Bundle":
        return next((each.resource for each in entries), resource)
    staying = {each.path: each.resource for each in entries}
    shell = elements.shell_of(resource)
    entry: list[Element] = []
    for number, each in enumerate(shell.get("entry") or ()):
        place = f"Bundle.entry[{number}].resource"
        if place in staying:
            same = each.get("resource") is staying[place]
            entry.append(each if same else {**each, "resource": staying[place]})
        elif each.get("resource") is None:
            entry.append(each)
    was = shell.get("entry") or ()
    if len(entry) == len(was) and all(new is old for new, old in zip(entry, was, strict=True)):
        return shell
    return {**shell, "entry": entry}


XHTML: Final = b"http://www.w3.org/1999/xhtml"
COMMENT: Final = b"<!--"


def is_whole(small: Minimal, resource: Element, xml: bytes) -> bool:
    """Whether nothing of an XML body is left out, be it narrative or a comment, which its JSON does not have."""
    return small.resource is resource and XHTML not in xml and COMMENT not in xml


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
    said = {each.path for each in statements_in(entries)}
    unknown = [each.path for each in entries if each.path in said and not knows(codes_of(each))]
    unread = [each.path for each in entries if each.path not in said and not _is_read(each)]
    if entries.of_type("Encounter"):
        known = [each for each in entries if each.path in said.difference(unknown)]
        unread += [each.path for each in known if not _is_of_somebody(each, entries)]
    gone = {*unknown, *unread}
    within = [place for each in entries if each.path not in gone for place in _unread_in(each)]
    return LeftOut(tuple(unknown), (*unread, *within))


def _is_read(entry: Entry) -> bool:
    """Whether what is no statement is of a type that is read here; of Consents those under the hub's code."""
    ours = entry.type != "Consent" or CONSENT_CODE.encode() in orjson.dumps(
        elements.pared(entry.resource)
    )
    return ours and entry.type in STAYING


def _is_of_somebody(entry: Entry, entries: Entries) -> bool:
    """Whether a statement can be read and names somebody. Beside a stay no other stays: the stay is told."""
    try:
        subject = statement_from(entry).subject
    except InvalidResource:
        return False
    return subject.identifier is not None or entries.resolved(subject, entry) in entries.of_type(
        "Patient"
    )


def _unread_in(entry: Entry) -> Iterator[str]:
    """Contained resources that nobody reads: no statement is ever read there, and nothing that one of them contains."""
    for place, each in elements_at(entry.resource, "contained", entry.path):
        if str(each.get("resourceType")) not in STAYING - {"Consent"} or "contained" in each:
            yield place


def _pared(entry: Entry, gone: set[str]) -> Entry:
    """An entry without those contained resources, and of the others without the elements that are not read."""
    resource = elements.pared(entry.resource)
    contained = elements_at(entry.resource, "contained", entry.path)
    staying = [elements.pared(each) for place, each in contained if place not in gone]
    before = [each for _, each in contained]
    if len(staying) < len(before) or any(
        new is not old for new, old in zip(staying, before, strict=False)
    ):
        rest = {name: value for name, value in resource.items() if name != "contained"}
        resource = {**rest, "contained": staying} if staying else rest
    return entry if resource is entry.resource else replace(entry, resource=resource)


def _within(place: str, paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in paths if each == place or each.startswith(f"{place}."))
