"""The message Bundle that an ADT message becomes; `hub/fhir/README.md` says what stands where."""

from uuid import UUID

from connectors.ward_mllp.mapping.addresses import addresses_of
from connectors.ward_mllp.mapping.encounter import encounter_from
from connectors.ward_mllp.mapping.incoming import Incoming, incoming_from
from connectors.ward_mllp.mapping.merge import links_from
from connectors.ward_mllp.mapping.next_of_kin import related_persons_from
from connectors.ward_mllp.mapping.patient import patient_from
from connectors.ward_mllp.mapping.triggers import CONTACTS_REPLACE
from connectors.ward_mllp.mapping.values import Json, moment_at, time_of
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.message_header import ADD, REPLACE
from hub.fhir.systems import CONTACTS, TRIGGER_EVENT, control_ids, sender_endpoint
from hub.hl7v2 import NULL, Message


def bundle_from(message: Message, sender: SenderSettings, event_id: UUID) -> Json:
    """The FHIR R4 message Bundle of an ADT message; all its addresses derive from the event.

    Raises:
        Ignored: The message is of no concern.
        InvalidResource: It breaks a rule, at the place that is named.
    """
    return bundle_of(incoming_from(message), sender, event_id)


def bundle_of(incoming: Incoming, sender: SenderSettings, event_id: UUID) -> Json:
    """The same, of a message whose header is read."""
    address = addresses_of(event_id)
    patient_url = address("Patient", 1)
    patient = patient_from(incoming.message, sender)
    links = links_from(incoming, sender, patient.get("identifier", []))
    if links:
        patient["link"] = links
    entries = [(patient_url, patient)]
    focus = [patient_url]
    if incoming.is_of_a_stay:
        encounter_url = address("Encounter", 1)
        encounter, locations = encounter_from(incoming, sender, patient, address)
        encounter["subject"] = {"reference": patient_url}
        focus.insert(0, encounter_url)
        entries += [(encounter_url, encounter), *locations]
    contacts = related_persons_from(incoming.message, sender, patient_url)
    entries += [
        (address("RelatedPerson", number), related)
        for number, related in enumerate(contacts, start=1)
    ]
    header = _header(incoming, sender, focus)
    if contacts:
        rule = _contacts_rule(incoming.trigger, sender)
        header["extension"] = [{"url": CONTACTS, "valueCode": rule}]
    return {
        "resourceType": "Bundle",
        "identifier": {"system": control_ids(sender.name), "value": incoming.control_id},
        "type": "message",
        **_timestamp(incoming),
        "entry": [
            {"fullUrl": url, "resource": resource}
            for url, resource in [(address("MessageHeader", 1), header), *entries]
        ],
    }


def _header(incoming: Incoming, sender: SenderSettings, focus: list[str]) -> Json:
    source: Json = {"endpoint": sender_endpoint(sender.name)}
    application = incoming.header.text(3)
    if application is not None:
        source["name"] = application
    return {
        "resourceType": "MessageHeader",
        "eventCoding": {"system": TRIGGER_EVENT, "code": incoming.trigger},
        "source": source,
        "focus": [{"reference": url} for url in focus],
    }


def _contacts_rule(trigger: str, sender: SenderSettings) -> str:
    replaces = sender.nk1_rule == "replace-by-event" and trigger in CONTACTS_REPLACE
    return REPLACE if replaces else ADD


def _timestamp(incoming: Incoming) -> Json:
    """MSH-7; one that cannot be read is missed by nobody as long as EVN-2 stands."""
    try:
        moment = moment_at(incoming.header, 7)
    except InvalidResource:
        return {}
    return {} if moment is None or moment is NULL else {"timestamp": time_of(moment)}
