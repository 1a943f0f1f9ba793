"""Hospital events: one for each Encounter of a body."""

from collections.abc import Iterator
from dataclasses import replace

from connectors.fhir_api.agreements import facts_of
from connectors.fhir_api.beside_a_stay import without_statements
from connectors.fhir_api.cuts import Cuts
from connectors.fhir_api.mapping.reading import Reading
from connectors.fhir_api.mapping.taken import Keyed
from connectors.fhir_api.minimising import among
from connectors.fhir_api.stays import Stay, stays_in
from hub.decisions import Frame
from hub.errors import InvalidResource, NotPermitted
from hub.fhir.encounter import encounter_news_from
from hub.fhir.record import hospital_number_of, stay_ids
from hub.identity import derived
from hub.records import EncounterEvent


def stay_events(reading: Reading, region: int) -> Iterator[Keyed]:
    """A hospital event for each Encounter. The first has the body's id; those of others follow from it and their place.

    Raises:
        NotPermitted: The sender is no trust.
        InvalidResource: Nothing names a stay or its patient, or they come to very much.
    """
    if not reading.sender.is_trust:
        place = reading.entries.of_type("Encounter")[0].path
        raise NotPermitted("Only a trust may send an Encounter.", expression=place)
    told = among(reading.entries, without_statements(reading.entries))
    first, *others = stays_in(told)
    alone = reading.only(first.staying)
    yield encounter_event(alone, first, region)
    if not others:
        return
    cuts = Cuts(reading.sent, told, len(alone.body))
    for stay in others:
        body = cuts.part(stay.staying, stay.encounter.path)
        event_id = derived("event", reading.frame["event_id"], stay.encounter.path)
        frame: Frame = {**reading.frame, "event_id": event_id}
        alone = replace(reading, body=body, original=None, frame=frame)
        yield encounter_event(alone, stay, region)


def encounter_event(reading: Reading, stay: Stay, region: int) -> Keyed:
    """A hospital event, keyed by its stay.

    Raises:
        InvalidResource: Nothing names the stay.
    """
    sender, encounter, patient = reading.sender, stay.encounter, stay.patient
    facts = facts_of(patient, sender)
    news = encounter_news_from(encounter.resource, encounter.path)
    stays = stay_ids(sender.ods_code, news.facts, hospital_number_of(facts))
    if not stays:
        raise InvalidResource(
            "Nothing names the stay.", expression=f"{encounter.path}.identifier", code="required"
        )
    event = EncounterEvent(
        **reading.framed(region),
        trust_ods=sender.ods_code,
        event=news.facts.status,
        resource=reading.body,
        **reading.as_sent,
    )
    return Keyed(stays[0], event)
