"""Agreements of carers, each as a person's decision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from connectors.fhir_api.agreements import Agreement, apart
from connectors.fhir_api.cuts import Cuts
from connectors.fhir_api.mapping.named_records import named_record, patient_records
from connectors.fhir_api.mapping.reading import Reading
from connectors.fhir_api.mapping.taken import Decided
from hub.fhir.bundle import Entry
from hub.fhir.consent import ConsentNews
from hub.fhir.record import agreement_id
from hub.identity import derived
from hub.records import DecisionKind, PersonDecision


def decisions_of(reading: Reading, agreements: Sequence[Agreement]) -> Iterator[Decided]:
    """The agreements, each with its own part of the body.

    Raises:
        InvalidResource: One names nobody, or they come to very much.
    """
    people = patient_records(reading) if agreements else {}
    if len(agreements) < 2:
        for entry, news in agreements:
            yield decision(reading, entry, news, people)
        return
    cuts = Cuts(reading.sent, reading.entries)
    for (entry, news), staying in apart(agreements, reading.entries, reading.sender):
        body = cuts.part(staying, entry.path)
        yield decision(replace(reading, body=body), entry, news, people)


def decision(
    reading: Reading, entry: Entry, news: ConsentNews, people: Mapping[str, UUID]
) -> Decided:
    """An agreement of a carer, keyed by itself: withdrawing it comes under the same key. `people`: of the body."""
    named_record(reading, entry, news.patient, people)
    key = agreement_id(reading.sender.name, news.identifier, reading.canonical)
    frame = reading.framed(reading.sender.regions[0])
    frame["event_id"] = derived("event", frame["event_id"], key)
    frame["occurred_at"] = min(news.said_at or frame["recorded_at"], frame["recorded_at"])
    event = PersonDecision(
        **frame,
        decision_key=key,
        kind=DecisionKind.CONSENT,
        by="",
        organisation_ods=reading.sender.ods_code,
        resource=reading.body,
    )
    return Decided(key, event)
