"""The message Bundle that an ADT message becomes; `hub/fhir/README.md` says what stands where."""

from collections import Counter
from dataclasses import replace
from typing import Final, TypeAlias
from uuid import UUID

from connectors.ward_mllp.mapping.addresses import Addressed, addresses_of
from connectors.ward_mllp.mapping.encounter import encounter_from
from connectors.ward_mllp.mapping.groups import groups_of
from connectors.ward_mllp.mapping.incoming import Incoming, incoming_from
from connectors.ward_mllp.mapping.merge import links_from
from connectors.ward_mllp.mapping.next_of_kin import related_persons_from
from connectors.ward_mllp.mapping.patient import patient_from
from connectors.ward_mllp.mapping.triggers import CONTACTS_REPLACE
from connectors.ward_mllp.mapping.values import Json, moment_at, time_of
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.bundle import MOST_ENTRIES
from hub.fhir.message_header import ADD, REPLACE
from hub.fhir.systems import CONTACTS, TRIGGER_EVENT, control_ids, sender_endpoint
from hub.hl7v2 import NULL, Message

Addressable: TypeAlias = tuple[str, Json]
"""An entry: its fullUrl and its resource."""

_HEADERS: Final = 1
"""The MessageHeader, the first entry of a Bundle."""


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
    entries: list[Addressable] = []
    taken: Counter[str] = Counter()
    for message in groups_of(incoming):
        group = incoming if message is incoming.message else replace(incoming, message=message)
        told = _group(group, sender, _after(taken, address))
        taken.update(resource["resourceType"] for _, resource in told)
        entries += told
        _refuse_many(entries, message)
    focus = [url for kind in ("Encounter", "Patient") for url in _urls_of(kind, entries)]
    header = _header(incoming, sender, focus)
    if _urls_of("RelatedPerson", entries):
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


def _group(incoming: Incoming, sender: SenderSettings, address: Addressed) -> list[Addressable]:
    """One patient, perhaps their visit and where they are, and their contacts."""
    patient_url = address("Patient", 1)
    patient = patient_from(incoming.message, sender)
    links = links_from(incoming, sender, patient.get("identifier", []))
    if links:
        patient["link"] = links
    entries = [(patient_url, patient)]
    if incoming.is_of_a_stay:
        encounter, locations = encounter_from(incoming, sender, patient, address)
        encounter["subject"] = {"reference": patient_url}
        entries += [(address("Encounter", 1), encounter), *locations]
    contacts = related_persons_from(incoming.message, sender, patient_url)
    entries += [
        (address("RelatedPerson", number), related)
        for number, related in enumerate(contacts, start=1)
    ]
    return entries


def _refuse_many(entries: list[Addressable], message: Message) -> None:
    """What the door lets in, the region can read: contacts of many groups may be more than a Bundle holds."""
    if len(entries) + _HEADERS > MOST_ENTRIES:
        raise InvalidResource(
            f"One message may become at most {MOST_ENTRIES} entries of a Bundle.",
            expression=str(message.segments("PID")[0].place),
            code="too-many",
        )


def _after(taken: Counter[str], address: Addressed) -> Addressed:
    """The addresses that follow those which are taken, by resource type."""
    if not taken:
        return address
    return lambda resource_type, number: address(resource_type, taken[resource_type] + number)


def _urls_of(kind: str, entries: list[Addressable]) -> list[str]:
    return [url for url, resource in entries if resource["resourceType"] == kind]


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
