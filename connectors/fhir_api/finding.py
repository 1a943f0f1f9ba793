"""Which page of the ledger answers a search, and what of it is shown. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from connectors.fhir_api.search import Query
from connectors.fhir_api.told import SERVICE_REQUEST, TASK, Known, Told, id_of, told_from
from hub.fhir import referral_task, service_request, task
from hub.ports.ledger import Page

ALERTS: Final[Mapping[str, Mapping[str, str]]] = {TASK: task.STATUSES}
REFERRALS: Final[Mapping[str, Mapping[str, str]]] = {
    TASK: referral_task.STATUSES,
    SERVICE_REQUEST: service_request.STATUSES,
}
"""Resource type -> the ledger's own word -> status, of what stands in the ledger as that type."""


def page_for(query: Query, kept: Mapping[str, Mapping[str, str]]) -> Page | None:
    """The page of alerts or of referrals; None when nothing there can be meant.

    It holds one more than is shown, which says whether there is a next page.
    """
    words = kept.get(query.kind)
    if words is None:
        return None
    wanted = frozenset(
        word for word, code in words.items() if query.statuses is None or code in query.statuses
    )
    if not wanted:
        return None
    after, after_id = query.after or (query.since, None)
    return Page(
        after=after,
        after_id=after_id,
        statuses=frozenset() if query.statuses is None else wanted,
        most=query.count + 1,
    )


def shown(query: Query, found: Sequence[Known]) -> tuple[Sequence[Told], bool]:
    """The resources of this page in the order of their last change, and whether there are more."""
    ordered = sorted(found, key=lambda each: (each.changed_at, id_of(each)))
    told = [told_from(each, query.kind) for each in ordered[: query.count]]
    return told, len(ordered) > query.count
