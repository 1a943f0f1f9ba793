"""How a body came: by whom, when, and to be held against what."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connectors.fhir_api.settings import FhirSender
from connectors.fhir_api.xml_body import Structures
from hub.fhir.conformance import Shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How a body came.

    Attributes:
        sender: Who sent it.
        received_at: When, UTC.
        resource_type: From the address; None for a Bundle at the root.
        correlation_id: The sender's own; None = the event's id.
        shapes: What FHIR R4 publishes; None = only the hub's own rules are asked.
        xml: How XML is written as JSON, when the body is XML.
    """

    sender: FhirSender
    received_at: datetime
    resource_type: str | None = None
    correlation_id: UUID | None = None
    shapes: Shapes | None = None
    xml: Structures | None = None
