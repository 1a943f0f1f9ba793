"""What people agreed to: a carer to be referred to a support service, and whether somebody may be linked."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from hub.decisions import Remind
from hub.errors import InvalidResource
from hub.fhir.consent import CARER_LINK, CARER_REFERRAL, ConsentNews, consent_news_from
from hub.fhir.systems import NHS_NUMBER
from hub.identity import derived, source_record_id
from hub.matching.region import Kept, RegionView
from hub.matching.words import heard, word_of
from hub.records import AgreementKept, DecisionKind, PersonDecision, ReminderDue
from processors.carer_matching import links
from processors.carer_matching.linking import take_word
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.taken import (
    Taken,
    entries_of,
    record_agreed_for,
    take_patient,
)

ABOUT: Final = "agreement"
ENDS: Final = "agreement-ends"


def changes_from(view: RegionView, event: PersonDecision, policy: MatchingPolicy) -> Iterator[Kept]:
    """The rows of state as they stand after a decision about consent. Other decisions change nothing yet.

    Raises:
        Undecodable: The resource is no JSON.
        InvalidResource: It holds no Consent, or the carer is not named, or it moves to nobody who is known.
    """
    if event.kind is not DecisionKind.CONSENT or event.resource is None:
        return
    taken = Taken(view, event, entries_of(event.resource), policy)
    for entry in taken.entries.of_type("Patient"):
        take_patient(taken, entry)
    consents = taken.entries.of_type("Consent")
    if not consents:
        raise InvalidResource(
            "The decision holds no Consent.", expression="Bundle.entry", code="required"
        )
    found = [(entry, consent_news_from(entry.resource, entry.path)) for entry in consents]
    for entry, news in found:
        if news.agreement is not None and news.about == CARER_LINK:
            take_word(taken, entry, news)
    yield from taken.records.values()
    for entry, news in found:
        if news.agreement is not None and news.about == CARER_REFERRAL:
            carer = record_agreed_for(taken, entry, news.patient)
            refuse_move_to_nobody(taken, agreement_id_of(event, news), carer, news.patient.path)
            yield agreement_after(view, event, news, carer)


def refuse_move_to_nobody(taken: Taken, agreement: UUID, carer: UUID, path: str) -> None:
    """An agreement moves to somebody known only: else no picture says that its first carer no longer has it.

    Raises:
        InvalidResource: It stands under another record, and nobody is known under this one.
    """
    kept = taken.view.agreements.get(agreement)
    if kept is not None and kept.carer_record != carer and taken.record(carer) is None:
        raise InvalidResource(
            "This agreement is somebody else's, and nobody is known here under this identifier: "
            "send the Patient in the same Bundle.",
            expression=path,
            code="not-found",
        )


def agreements_of(view: RegionView, person: UUID) -> tuple[AgreementKept, ...]:
    """What a person agreed to, by id; also what came under their NHS number alone before they were known."""
    members = view.members(person)
    alone = [
        source_record_id(each.source, NHS_NUMBER, number)
        for each in members
        if (number := each.facts.nhs_number) is not None
        and all(view.person(other) == person for other in view.numbered(each.source, number))
    ]
    return view.agreements_under((*(each.record_id for each in members), *alone))


def agreement_after(
    view: RegionView, event: PersonDecision, news: ConsentNews, carer: UUID
) -> AgreementKept:
    """The agreement after another word on it; the first word says since when, the latest whether it stands."""
    agreement = agreement_id_of(event, news)
    kept = view.agreements.get(agreement)
    since = news.starts_at or news.said_at or event.occurred_at
    said = AgreementKept(
        agreement_id=agreement,
        carer_record=carer,
        scope=CARER_REFERRAL,
        asked_by=event.organisation_ods or None,
        given_at=since,
        withdrawn_at=withdrawn_at(news, event),
        ends_at=None if withdrawn_at(news, event) else news.ends_at,
        words=(word_of(event, ABOUT),),
    )
    if kept is None:
        return said
    words = heard(kept.words, word_of(event, ABOUT))
    given = min(kept.given_at, since)
    return (
        replace(kept, given_at=given)
        if words is None
        else replace(said, given_at=given, words=words)
    )


def withdrawn_at(news: ConsentNews, event: PersonDecision) -> datetime | None:
    """Since when it stands no longer, UTC; None while it does, also where an end is known that has not come."""
    if news.agreement == "yes":
        return news.ends_at if links.past(news.ends_at, event) else None
    return news.ends_at or event.occurred_at


def reminders_of(view: RegionView, rows: Iterable[Kept]) -> Iterator[Remind]:
    """A reminder of the end of each of these agreements, in place of the one before. `view`: before them."""
    for row in rows:
        if isinstance(row, AgreementKept):
            kept = view.agreements.get(row.agreement_id)
            if row.ends_at is not None or (kept is not None and kept.ends_at is not None):
                yield Remind(row.agreement_id, ENDS, row.ends_at)


def ended_by_time(view: RegionView, due: ReminderDue) -> Iterator[AgreementKept]:
    """The agreement whose end has come, unless another one has been said since."""
    kept = view.agreements.get(due.subject)
    if (
        kept is not None
        and kept.ends_at is not None
        and kept.ends_at < due.due_at + links.RESOLUTION
    ):
        yield replace(kept, withdrawn_at=kept.ends_at, ends_at=None)


def agreement_id_of(event: PersonDecision, news: ConsentNews) -> UUID:
    """Consent.identifier names the agreement; without one the decision does."""
    if news.identifier is None:
        return event.decision_key
    return derived("agreement", event.source, news.identifier.system, news.identifier.value)
