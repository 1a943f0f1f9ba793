"""ADT messages as events that carry a FHIR R4 message Bundle. Pure: message in, event out."""

from connectors.ward_mllp.mapping.bundle import bundle_from
from connectors.ward_mllp.mapping.event import Keyed, encounter_event_from
from connectors.ward_mllp.mapping.ignored import Ignored

__all__ = ["Ignored", "Keyed", "bundle_from", "encounter_event_from"]
