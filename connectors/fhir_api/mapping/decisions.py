"""Agreements of carers, and what people say of being linked, each as a person's decision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from connectors.fhir_api.agreements import Agreement, apart, key_of, refuse_ahead, regions_of
from connectors.fhir_api.cuts import Cuts
from connectors.fhir_api.mapping.named_records import named_record, patient_records
from connectors.fhir_api.mapping.reading import Reading
from connectors.fhir_api.mapping.taken import Decided
from hub.fhir.bundle import Entry
from hub.fhir.consent import ConsentNews
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
            yield from decided(reading, entry, news, people)
        return
    cuts = Cuts(reading.sent, reading.entries)
    for (entry, news), staying in apart(agreements, reading.entries, reading.sender):
        body = cuts.part(staying, entry.path)
        yield from decided(replace(reading, body=body), entry, news, people)


def decided(
    reading: Reading, entry: Entry, news: ConsentNews, people: Mapping[str, UUID]
) -> Iterator[Decided]:
    """An agreement, keyed by itself: withdrawing it comes under the same key. `people`: of the body."""
    named_record(reading, entry, news.patient, people)
    refuse_ahead(news, entry.path, reading.frame["received_at"])
    key = key_of(news, reading.sender, reading.canonical)
    for region in regions_of(news, reading.sender):
        frame = reading.framed(region)
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
        yield Decided(key, event)
