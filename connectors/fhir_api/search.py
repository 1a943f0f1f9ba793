"""Searching what was told: which parameters there are, and the Bundle that answers.

Source: FHIR R4, Search: general parameters, paging, handling of unknown parameters.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from connectors.fhir_api.outcome import issue, outcome_of
from connectors.fhir_api.told import SERVICE_REQUEST, TASK, Told
from hub.errors import InvalidResource
from hub.fhir.reading import Element
from hub.fhir.systems import ODS_ORGANISATION
from hub.fhir.times import moment_from

MOST: Final = 100
"""Resources of one page, whatever is asked for."""
USUAL: Final = 50
"""Resources of one page when nothing is asked for."""
CURSOR: Final = "_cursor"
"""Only ever in a `next` link."""
OWNER_OF: Final = {TASK: "owner", SERVICE_REQUEST: "performer"}
"""The parameter that names the organisation which was told."""

STATUSES: Final = {
    TASK: frozenset(
        {
            *("draft", "requested", "received", "accepted", "rejected", "ready", "cancelled"),
            *("in-progress", "on-hold", "failed", "completed", "entered-in-error"),
        }
    ),
    SERVICE_REQUEST: frozenset(
        {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}
    ),
}
"""FHIR R4: task-status and request-status."""
STATUS_SYSTEM: Final = {
    TASK: "http://hl7.org/fhir/task-status",
    SERVICE_REQUEST: "http://hl7.org/fhir/request-status",
}

PARAMETERS: Final = {
    kind: {
        "status": "token",
        "_lastUpdated": "date",
        OWNER_OF[kind]: "reference",
        "_count": "number",
    }
    for kind in OWNER_OF
}
"""Parameter -> its type, for each resource type that is searched."""

FORMATS: Final = frozenset({"json", "application/json", "application/fhir+json"})
_ODS: Final = re.compile(r"[A-Za-z0-9]{1,12}", re.ASCII)


class BadQuery(InvalidResource):
    """A parameter that cannot be carried out; ignoring it would answer another question."""

    issue_code = "value"
    http_status = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search, understood.

    Attributes:
        statuses: FHIR codes; None = all.
        owners: ODS codes of organisations; None = not said.
        since: Changed then or later; UTC.
        after: Where the last page ended.
        understood: The parameters that count, for links.
        ignored: Positions, from 1, of parameters that do not count.
    """

    kind: str
    statuses: frozenset[str] | None = None
    owners: frozenset[str] | None = None
    since: datetime | None = None
    count: int = USUAL
    after: tuple[datetime, UUID] | None = None
    understood: tuple[tuple[str, str], ...] = ()
    ignored: tuple[int, ...] = ()


def query_from(kind: str, given: Iterable[tuple[str, str]], *, strict: bool) -> Query:
    """Read the parameters; an empty one says nothing.

    Raises:
        BadQuery: One cannot be carried out, or is not known and the asker wants to hear of it.
    """
    query = Query(kind=kind)
    for number, (name, value) in enumerate(given, start=1):
        read = reader_of(name, kind, number)
        if read is None and strict:
            known = ", ".join(PARAMETERS[kind])
            raise BadQuery(
                f"Parameter {number} is not known here. Known are {known}.",
                expression=f"http.parameter[{number}]",
                code="unknown-parameter",
            )
        if read is None:
            query = replace(query, ignored=(*query.ignored, number))
        elif value:
            query = read(query, value)
            if name != CURSOR:
                query = replace(query, understood=(*query.understood, (name, value)))
    return query


Reader = Callable[[Query, str], Query]


def reader_of(name: str, kind: str, number: int) -> Reader | None:
    """What reads a parameter; None when nothing does.

    Raises:
        BadQuery: A modifier that is not done here: FHIR forbids ignoring it.
    """
    readers: dict[str, Reader] = {
        "status": with_status,
        "_lastUpdated": with_since,
        "_count": with_count,
        CURSOR: with_cursor,
        "_format": with_format,
        OWNER_OF[kind]: with_owner,
        f"{OWNER_OF[kind]}:identifier": with_owner_identifier,
    }
    if name not in readers and name.partition(":")[0] in readers:
        raise BadQuery(
            f"The modifier of parameter {number} is not done here.",
            expression=f"http.parameter[{number}]",
            code="modifier",
        )
    return readers.get(name)


def with_status(query: Query, value: str) -> Query:
    """`status=requested,received`, with or without the system of the code."""
    codes = frozenset(
        each.removeprefix(STATUS_SYSTEM[query.kind]).removeprefix("|") for each in value.split(",")
    )
    if not codes <= STATUSES[query.kind]:
        known = ", ".join(sorted(STATUSES[query.kind]))
        raise bad("status", f"Use codes of {known}.")
    return replace(query, statuses=codes if query.statuses is None else query.statuses & codes)


def with_since(query: Query, value: str) -> Query:
    """`_lastUpdated=ge2026-11-25T10:00:00Z`; a date is its beginning in London."""
    if not value.startswith("ge"):
        raise bad("_lastUpdated", "Only `ge` is done here: changed at that time or later.")
    try:
        since = moment_from(value[2:].replace(" ", "+"), "_lastUpdated").at
    except InvalidResource as error:
        raise bad("_lastUpdated", error.reason) from None
    return replace(query, since=since if query.since is None else max(since, query.since))


def with_count(query: Query, value: str) -> Query:
    """`_count`: how many at most; more than a page holds is a page."""
    if not (value.isascii() and value.isdecimal() and len(value) <= len("1000000") and int(value)):
        raise bad("_count", "Send a number from 1.")
    return replace(query, count=min(int(value), MOST))


def with_owner(query: Query, value: str) -> Query:
    """`owner=RWE` or `owner=Organization/RWE`: organisations go by their ODS code."""
    return owned(query, [each.removeprefix("Organization/") for each in value.split(",")])


def with_owner_identifier(query: Query, value: str) -> Query:
    """`owner:identifier=https://fhir.nhs.uk/Id/ods-organization-code|RWE`."""
    return owned(query, [each.removeprefix(f"{ODS_ORGANISATION}|") for each in value.split(",")])


def owned(query: Query, codes: Sequence[str]) -> Query:
    """Only what these organisations were told."""
    if not all(_ODS.fullmatch(each) for each in codes):
        raise bad(OWNER_OF[query.kind], "Name an organisation by its ODS code.")
    named = frozenset(codes)
    return replace(query, owners=named if query.owners is None else query.owners & named)


def with_format(query: Query, value: str) -> Query:
    """`_format=json`: there is nothing else."""
    if value not in FORMATS:
        raise bad("_format", "Only JSON is spoken here.")
    return query


def with_cursor(query: Query, value: str) -> Query:
    """Where the last page ended, as this server wrote it into a `next` link."""
    try:
        moment, _, key = base64.urlsafe_b64decode(value.encode("ascii")).decode().partition(" ")
        after = (datetime.fromisoformat(moment), UUID(key))
    except (ValueError, binascii.Error):
        after = None
    if after is None or after[0].tzinfo is None:
        raise bad(CURSOR, "Take the `next` link as it was given.")
    return replace(query, after=after)


def cursor_after(told: Told) -> str:
    """Where a page ended: a time and an id, readable to nobody who does not want to."""
    return base64.urlsafe_b64encode(f"{told.changed_at.isoformat()} {told.id}".encode()).decode()


def bad(name: str, reason: str) -> BadQuery:
    """The refusal of a value, which is not said again."""
    return BadQuery(reason, expression=f"http.{name}", code="bad-parameter")


def bundle_from(query: Query, found: Sequence[Told], base: str, *, more: bool) -> Element:
    """The searchset, and where the next page is if there is `more`; `base` is the server as the asker called it."""
    address = f"{base}/{query.kind}"
    links = [{"relation": "self", "url": with_query(address, query.understood)}]
    if more:
        following = (*query.understood, (CURSOR, cursor_after(found[-1])))
        links.append({"relation": "next", "url": with_query(address, following)})
    entries: list[Element] = [
        {
            "fullUrl": f"{address}/{each.id}",
            "resource": each.resource,
            "search": {"mode": "match"},
        }
        for each in found
    ]
    if query.ignored:
        entries.append({"resource": ignored(query), "search": {"mode": "outcome"}})
    bundle: dict[str, object] = {"resourceType": "Bundle", "type": "searchset", "link": links}
    return {**bundle, "entry": entries} if entries else bundle


def with_query(address: str, parameters: Sequence[tuple[str, str]]) -> str:
    """An address with its parameters."""
    return f"{address}?{urlencode(parameters)}" if parameters else address


def ignored(query: Query) -> Element:
    """What did not count, by position: a name could be something of a person."""
    known = ", ".join(PARAMETERS[query.kind])
    numbers = ", ".join(str(number) for number in query.ignored)
    said = "is not known here and was ignored"
    if len(query.ignored) > 1:
        said = "are none that are known here, and were ignored"
    text = f"Parameter {numbers} {said}. Known are {known}."
    place = f"http.parameter[{query.ignored[0]}]"
    return outcome_of([issue("warning", "not-supported", text, place)])
