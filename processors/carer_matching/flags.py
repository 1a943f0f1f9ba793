"""What a carer flag changes: the record of the carer, of the person cared for, and the link between them.

A flag usually says "is a carer", not "of whom". The link comes from a RelatedPerson whose patient is named; without
one the flag stands on the carer's record alone, and nothing is guessed.
"""

from collections.abc import Iterator
from dataclasses import replace

from hub.fhir.bundle import Entry
from hub.fhir.flag import ACTIVE, FlagNews
from hub.fhir.related_person import related_person_news_from
from hub.fhir.statement import statement_from, statements_in
from hub.matching.region import Kept, RegionView
from hub.matching.words import heard, word_of
from hub.records import CarerFlagEvent, CarerStatus, Coding, EvidenceKind
from processors.carer_matching import links, people
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.taken import (
    Taken,
    entries_of,
    record_referred_to,
    take_numbers,
    take_patient,
)


def changes_from(view: RegionView, event: CarerFlagEvent, policy: MatchingPolicy) -> Iterator[Kept]:
    """The rows of state as they stand after the event, each row once.

    Raises:
        Undecodable: The resource is no JSON.
        InvalidResource: A resource breaks a rule, or a reference names nobody.
    """
    taken = Taken(view, event, entries_of(event.resource), policy)
    for entry in taken.entries.of_type("Patient"):
        take_patient(taken, entry)
    flags = [(entry, statement_from(entry)) for entry in statements_in(taken.entries)]
    said = {says_carer(news, policy) for _, news in flags} - {None}
    named = taken.entries.of_type("RelatedPerson")
    for entry in named:
        take_link(taken, entry, flagged=True in said if said else None)
    for entry, news in flags:
        if not (named and ended(news, policy)):
            take_flag(taken, entry, news)
    yield from taken.records.values()
    yield from taken.evidence.values()


def ended(news: FlagNews, policy: MatchingPolicy) -> bool:
    """Whether a carer flag was taken away. Beside a RelatedPerson that ends this one link and nothing else."""
    is_carer_code = any(is_in(coding, policy.carer_codes) for coding in news.codings)
    return is_carer_code and says_carer(news, policy) is False


def take_link(taken: Taken, entry: Entry, *, flagged: bool | None) -> None:
    """The carer's record, and what is said of the link. `flagged`: what the flags beside it say, None without any."""
    news = related_person_news_from(entry.resource, entry.path, taken.policy.test_numbers)
    patient = record_referred_to(taken, entry, news.patient)
    carer = people.contact_record_id(taken.event.source, patient, news.person.facts, entry.path)
    taken.records[carer] = people.told_of(taken.record(carer), carer, news.person, taken.event)
    take_numbers(taken, news.person.facts, carer)
    kind = EvidenceKind.RELATED_PERSON if flagged is None else EvidenceKind.GP_FLAG
    is_carer = news.is_carer or flagged is not None
    said = links.evidence_from(news, (patient, carer), kind, taken.event, carer=is_carer)
    if flagged is False:
        ended_at = said.ended_at or taken.event.occurred_at
        said = replace(said, active=False, ended_at=ended_at, first_carer_said=None)
    kept = taken.evidence.get(said.evidence_id) or taken.view.evidence.get(said.evidence_id)
    taken.evidence[said.evidence_id] = links.together(kept, said)


def take_flag(taken: Taken, entry: Entry, news: FlagNews) -> None:
    """Whether the subject is a carer, by the latest word."""
    is_carer = says_carer(news, taken.policy)
    if is_carer is None:
        return
    subject = record_referred_to(taken, entry, news.subject)
    record = taken.record(subject) or people.unknown(subject, taken.event)
    words = heard(record.words, word_of(taken.event, "carer"))
    if words is not None:
        status = CarerStatus(
            is_carer=is_carer,
            coding=news.codings[0],
            source=taken.event.source,
            event_id=taken.event.event_id,
            at=news.starts_at or taken.event.recorded_at,
        )
        record = replace(record, carer_status=status, words=words)
    taken.records[subject] = record


def says_carer(news: FlagNews, policy: MatchingPolicy) -> bool | None:
    """True: is a carer. False: is none, or no longer. None: the code is about something else."""
    if any(is_in(coding, policy.not_carer_codes) for coding in news.codings):
        return False if news.status == ACTIVE else None
    if any(is_in(coding, policy.carer_codes) for coding in news.codings):
        return news.status == ACTIVE
    return None


def is_in(coding: Coding, codes: frozenset[str]) -> bool:
    """Whether a code is in a list; the case of Read codes counts."""
    return f"{coding.system}|{coding.code}" in codes
