"""MRG: which records and visits the message takes the place of.

Source: HL7 v2.4 chapter 3 (A40, A42, A45, A47, A50); the ITK's A40 gives only a local number in MRG-1.
"""

from connectors.ward_mllp.mapping.datatypes import identifiers_from
from connectors.ward_mllp.mapping.fields import Fields
from connectors.ward_mllp.mapping.incoming import Incoming
from connectors.ward_mllp.mapping.triggers import MERGES, MUST_REPLACE_VISIT, REPLACES_VISIT
from connectors.ward_mllp.mapping.values import Json
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.systems import visit_authority
from hub.hl7v2 import Message


def links_from(incoming: Incoming, sender: SenderSettings, identifiers: list[Json]) -> list[Json]:
    """Patient.link for each identifier of MRG-1 that is not the patient's own.

    Raises:
        InvalidResource: The event is a merge and MRG-1 names nobody else, or there are several.
    """
    if incoming.trigger not in MERGES:
        return []
    mrg = merge_of(incoming.message)
    own = {(identifier.get("system"), identifier.get("value")) for identifier in identifiers}
    others = [
        identifier
        for identifier in identifiers_from(mrg, 1, sender.trust_ods)
        if "value" in identifier and (identifier["system"], identifier["value"]) not in own
    ]
    if not others:
        raise InvalidResource(
            "Name the record that is replaced.", expression=mrg.place(1), code="required"
        )
    return [{"other": {"identifier": identifier}, "type": "replaces"} for identifier in others]


def replaced_visit_from(incoming: Incoming, sender: SenderSettings) -> Json | None:
    """The identifier of the visit that PV1-19 takes the place of: MRG-5.

    Raises:
        InvalidResource: The event moves a visit and MRG-5 does not say which.
    """
    trigger, message = incoming.trigger, incoming.message
    must = trigger in MUST_REPLACE_VISIT
    if trigger not in REPLACES_VISIT or not (must or message.segments("MRG")):
        return None
    mrg = merge_of(message)
    for parts in mrg.repetitions(5):
        value = parts[0]
        if value is not None:
            authority = parts[3] or ""
            return {"system": visit_authority(sender.trust_ods, authority), "value": value}
    if must:
        raise InvalidResource(
            "Name the visit that is replaced.", expression=mrg.place(5), code="required"
        )
    return None


def merge_of(message: Message) -> Fields:
    """The one MRG of a message.

    Raises:
        InvalidResource: There is none, or several, of which none may be lost.
    """
    segments = message.segments("MRG")
    if not segments:
        raise InvalidResource("MRG is required.", expression="MRG", code="required")
    if len(segments) > 1:
        raise InvalidResource(
            "Send one merge in one message.", expression="MRG[2]", code="too-many"
        )
    return Fields(segments[0])
