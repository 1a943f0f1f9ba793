"""The message Bundle that an ADT message becomes; `hub/fhir/README.md` says what stands where."""

from functools import cache
from uuid import UUID

from connectors.ward_mllp.mapping.encounter import encounter_from
from connectors.ward_mllp.mapping.merge import links_from
from connectors.ward_mllp.mapping.next_of_kin import related_persons_from
from connectors.ward_mllp.mapping.patient import patient_from
from connectors.ward_mllp.mapping.triggers import (
    CONTACTS_REPLACE,
    MAYBE_OF_A_STAY,
    OF_A_PERSON,
    trigger_of,
)
from connectors.ward_mllp.mapping.values import Json, moment_from
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.message_header import ADD, REPLACE
from hub.fhir.systems import CONTACTS, TRIGGER_EVENT, control_ids, sender_endpoint
from hub.hl7v2 import Message
from hub.hl7v2.timestamp import LONDON
from hub.identity import derived


def bundle_from(message: Message, sender: SenderSettings, event_id: UUID) -> Json:
    """The FHIR R4 message Bundle of an ADT message; all its addresses derive from the event.

    Raises:
        Ignored: The message is of no concern.
        InvalidResource: It breaks a rule, at the place that is named.
    """
    cause = str(event_id)

    @cache
    def address(resource_type: str, number: int) -> str:
        return f"urn:uuid:{derived('resource', cause, resource_type, number)}"

    trigger = trigger_of(message)
    patient_url = address("Patient", 1)
    patient = patient_from(message, sender)
    links = links_from(message, trigger, sender, patient.get("identifier", []))
    if links:
        patient["link"] = links
    entries = [(patient_url, patient)]
    focus = [patient_url]
    if is_of_a_stay(message, trigger):
        encounter, locations = encounter_from(message, trigger, sender, patient, address)
        focus.insert(0, address("Encounter", 1))
        entries += [(focus[0], encounter), *locations]
    contacts = related_persons_from(message, sender, patient_url)
    entries += [
        (address("RelatedPerson", number), related)
        for number, related in enumerate(contacts, start=1)
    ]
    header = _header(message, trigger, sender, focus)
    if contacts:
        header["extension"] = [{"url": CONTACTS, "valueCode": _contacts_rule(trigger, sender)}]
    return {
        "resourceType": "Bundle",
        "identifier": {"system": control_ids(sender.name), "value": control_id_of(message)},
        "type": "message",
        **_timestamp(message),
        "entry": [
            {"fullUrl": url, "resource": resource}
            for url, resource in [(address("MessageHeader", 1), header), *entries]
        ],
    }


def is_of_a_stay(message: Message, trigger: str) -> bool:
    """Whether the message speaks of a stay, and not only of a person."""
    if trigger in MAYBE_OF_A_STAY:
        return message.text("PV1-19") is not None
    return trigger not in OF_A_PERSON


def control_id_of(message: Message) -> str:
    """MSH-10, the sender's id of the message.

    Raises:
        InvalidResource: There is none, so that no answer could name the message.
    """
    control_id = message.text("MSH-10")
    if control_id is None:
        raise InvalidResource(
            "The message control id is missing.", expression="MSH-10", code="required"
        )
    return control_id


def _header(message: Message, trigger: str, sender: SenderSettings, focus: list[str]) -> Json:
    source: Json = {"endpoint": sender_endpoint(sender.name)}
    application = message.text("MSH-3")
    if application is not None:
        source = {"name": application, **source}
    return {
        "resourceType": "MessageHeader",
        "eventCoding": {"system": TRIGGER_EVENT, "code": trigger},
        "source": source,
        "focus": [{"reference": url} for url in focus],
    }


def _contacts_rule(trigger: str, sender: SenderSettings) -> str:
    replaces = sender.nk1_rule == "replace-by-event" and trigger in CONTACTS_REPLACE
    return REPLACE if replaces else ADD


def _timestamp(message: Message) -> Json:
    """MSH-7; one that cannot be read is missed by nobody as long as EVN-2 stands."""
    written = message.text("MSH-7")
    if written is None:
        return {}
    try:
        moment = moment_from(written, "MSH-7")
    except InvalidResource:
        return {}
    return {"timestamp": moment.instant.astimezone(LONDON).isoformat()}
