"""What a carer flag changes: the record of the carer, of the person cared for, and the link between them.

A flag usually says "is a carer", not "of whom". The link comes from a RelatedPerson whose patient is named; without
one the flag stands on the carer's record alone, and nothing is guessed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from hub.errors import InvalidResource
from hub.fhir.bundle import Entry
from hub.fhir.flag import FlagNews
from hub.fhir.related_person import RelatedPersonNews, related_person_news_from
from hub.fhir.statement import statement_from, statements_in
from hub.matching.region import Kept, RegionView
from hub.records import CarerFlagEvent, EvidenceKind
from processors.carer_matching import links, people
from processors.carer_matching.codes import Means, is_known, meaning_of
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.statement_ends import end_of
from processors.carer_matching.statements import statement_of, told, verdict_on
from processors.carer_matching.taken import (
    Taken,
    entries_of,
    record_referred_to,
    take_numbers,
    take_patient,
)
from processors.carer_matching.told_apart import told_apart


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
    flagged = flagged_in([news for _, news in flags], event, policy)
    named = taken.entries.of_type("RelatedPerson")
    for link in links_in(taken, named):
        take_link(taken, link, flagged=flagged)
    take_flags(taken, beside_links(flags, event, policy) if named else flags)
    yield from taken.records.values()
    yield from taken.evidence.values()


@dataclass(frozen=True, slots=True)
class Flagged:
    """What the flags of one event come to.

    Attributes:
        is_carer: By date.
        ends_at: When that ends, UTC; None when nobody said so.
    """

    is_carer: bool
    ends_at: datetime | None


def flagged_in(
    flags: Iterable[FlagNews], event: CarerFlagEvent, policy: MatchingPolicy
) -> Flagged | None:
    """What the flags of one event come to, by date; None when they are about something else."""
    said = [statement_of(news, event, policy) for news in flags]
    found = verdict_on(said, event.source, policy)
    return None if found is None else Flagged(found.is_carer, end_of(said, event.source, policy))


def beside_links(
    flags: Iterable[tuple[Entry, FlagNews]], event: CarerFlagEvent, policy: MatchingPolicy
) -> Iterator[tuple[Entry, FlagNews]]:
    """The flags beside a RelatedPerson: that a carer flag ended, or will, ends this one link and nothing else."""
    for entry, news in flags:
        is_carer = meaning_of(news.codings, event.source, policy) is Means.CARER
        if not is_carer:
            yield entry, news
        elif statement_of(news, event, policy).active:
            yield entry, replace(news, ends_at=None)


class Link(NamedTuple):
    """A RelatedPerson of the event, and what tells them apart from others of the name whom it lists."""

    entry: Entry
    news: RelatedPersonNews
    told_apart_by: str


def links_in(taken: Taken, named: Iterable[Entry]) -> list[Link]:
    """The RelatedPersons of one event: those of one patient are one list."""
    said = [
        (each, related_person_news_from(each.resource, each.path, taken.policy.test_numbers))
        for each in named
    ]
    lists: dict[UUID, list[int]] = defaultdict(list)
    for place, (entry, news) in enumerate(said):
        lists[record_referred_to(taken, entry, news.patient)].append(place)
    words = {
        place: word
        for places in lists.values()
        for place, word in zip(
            places, told_apart([said[each][1].person.facts for each in places]), strict=True
        )
    }
    return [Link(entry, news, words[place]) for place, (entry, news) in enumerate(said)]


def take_link(taken: Taken, link: Link, *, flagged: Flagged | None) -> None:
    """The carer's record, and what is said of the link. `flagged`: what the flags beside it say, None without any."""
    entry, news, word = link
    patient = record_referred_to(taken, entry, news.patient)
    carer = people.contact_record_id(
        taken.event.source, patient, news.person.facts, entry.path, word
    )
    taken.records[carer] = people.told_of(taken.record(carer), carer, news.person, taken.event)
    take_numbers(taken, news.person.facts, carer)
    kind = kind_of(taken, flagged=flagged is not None)
    is_carer = news.is_carer or flagged is not None
    said = links.evidence_from(news, (patient, carer), kind, taken.event, carer=is_carer)
    if flagged is not None and not flagged.is_carer:
        ended_at = said.ended_at or taken.event.occurred_at
        said = replace(said, active=False, ended_at=ended_at, first_carer_said=None)
    elif flagged is not None and said.active and flagged.ends_at is not None:
        said = replace(said, ended_at=min(said.ended_at or flagged.ends_at, flagged.ends_at))
    kept = taken.evidence.get(said.evidence_id) or taken.view.evidence.get(said.evidence_id)
    taken.evidence[said.evidence_id] = links.together(kept, said)


def take_flags(taken: Taken, flags: Iterable[tuple[Entry, FlagNews]]) -> None:
    """What the flags say. One that names nobody is passed by where another names somebody, as at the door.

    Raises:
        InvalidResource: None of those that the lists know names anybody.
    """
    told_of, refused = 0, []
    for entry, news in flags:
        if is_known(news.codings, taken.policy):
            try:
                take_flag(taken, entry, news)
                told_of += 1
            except InvalidResource as refusal:
                refused.append(refusal)
    if refused and not told_of:
        raise refused[0]


def kind_of(taken: Taken, *, flagged: bool) -> EvidenceKind:
    """Where the link was said: in the sender's own kind of record, else in either form of a practice's."""
    own = taken.policy.trust_in(taken.event.source).kind
    if own is not None:
        return own
    return EvidenceKind.GP_FLAG if flagged else EvidenceKind.RELATED_PERSON


def take_flag(taken: Taken, entry: Entry, news: FlagNews) -> None:
    """Whether the subject is a carer, by all that was said of it."""
    subject = record_referred_to(taken, entry, news.subject)
    record = taken.record(subject) or people.unknown(subject, taken.event)
    taken.records[subject] = told(
        record, statement_of(news, taken.event, taken.policy), taken.policy
    )
