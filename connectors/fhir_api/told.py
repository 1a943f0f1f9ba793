"""What the ledger knows, as one resource that its owner reads."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import UUID

from hub.errors import Rejected
from hub.fhir.reading import Element, element_from, elements_at
from hub.outcomes import AlertKnown, ReferralKnown

TASK: Final = "Task"
SERVICE_REQUEST: Final = "ServiceRequest"
KINDS: Final = (TASK, SERVICE_REQUEST)
"""Resource types that are read and answered. An alert is a Task; a referral a ServiceRequest and the Task for it."""

Known: TypeAlias = AlertKnown | ReferralKnown


class NotThere(Rejected):
    """Nothing of that id, or something of somebody else: from outside these look the same."""

    issue_code = "not-found"
    http_status = 404


@dataclass(frozen=True, slots=True)
class Told:
    """One resource in its current version.

    Attributes:
        changed_at: When the hub had this version; UTC.
    """

    kind: str
    id: UUID
    version: int
    changed_at: datetime
    resource: Element


def told_from(known: Known, kind: str) -> Told:
    """The resource of one type that stands for an alert or a referral."""
    changed_at = known.changed_at.astimezone(UTC)
    resource = resource_of(known, kind)
    meta = {
        **(resource.get("meta") or {}),
        "versionId": str(known.version),
        "lastUpdated": instant(changed_at),
    }
    return Told(kind, id_of(known), known.version, changed_at, {**resource, "meta": meta})


def id_of(known: Known) -> UUID:
    """The id that the resource has."""
    return known.alert_id if isinstance(known, AlertKnown) else known.referral_id


def resource_of(known: Known, kind: str) -> Element:
    """The resource as the ledger has it; a referral's stands in a Bundle.

    Raises:
        LookupError: The ledger holds no such resource, which is a fault of the hub.
    """
    kept = element_from(known.resource, "ledger")
    if kept.get("resourceType") == kind:
        return kept
    for _, entry in elements_at(kept, "entry", "ledger"):
        resource: Element = entry["resource"]
        if resource["resourceType"] == kind:
            return resource
    raise LookupError(kind)


def is_withdrawn(known: Known) -> bool:
    """Whether it was taken back: nobody is named any more, and nothing can be answered."""
    return known.status == ("cancelled" if isinstance(known, AlertKnown) else "withdrawn")


def instant(moment: datetime) -> str:
    """A UTC instant to the millisecond, cut off and not rounded: reading from there on misses nothing."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
