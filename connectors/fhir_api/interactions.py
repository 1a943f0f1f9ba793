"""What may be done with what was told: the one table that the routes and the CapabilityStatement are made of."""

from dataclasses import dataclass
from typing import Final

from connectors.fhir_api.told import SERVICE_REQUEST, TASK


@dataclass(frozen=True, slots=True)
class Interaction:
    """One way to ask.

    Attributes:
        code: FHIR's word for it.
        place: Behind the resource type in the address.
    """

    code: str
    method: str
    place: str


READ: Final = "read"
SEARCH: Final = "search-type"
UPDATE: Final = "update"

INTERACTIONS: Final = (
    Interaction(SEARCH, "GET", ""),
    Interaction(SEARCH, "POST", "/_search"),
    Interaction(READ, "GET", "/{id}"),
    Interaction(UPDATE, "PUT", "/{id}"),
)
"""The same for each resource type."""

SAYS: Final = {
    TASK: "An alert, for its trust, or what a service is asked to answer. Answer by PUT with If-Match: status; "
    "output with an outcome for each carer of an alert; statusReason and businessStatus of a referral.",
    SERVICE_REQUEST: "A referral, for its service. Answer by PUT with If-Match: status revoked, with the reason "
    "as HL7's extension request-statusReason, or completed.",
}
"""Resource type -> what it is here."""
