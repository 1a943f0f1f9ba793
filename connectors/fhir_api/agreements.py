"""The agreements among the Consents of a body: those under the hub's codes that were decided."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from connectors.fhir_api.contents import OfNoUse
from connectors.fhir_api.settings import FhirSender
from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, Entry
from hub.fhir.consent import CARER_LINK, CARER_REFERRAL, ConsentNews, consent_news_from
from hub.fhir.patient import patient_news_from
from hub.fhir.record import agreement_id, record_ids, referred_record_id
from hub.fhir.systems import CONSENT_CODE
from hub.identity import derived
from hub.records import PersonFacts

Agreement: TypeAlias = tuple[Entry, ConsentNews]


def agreements_in(entries: Entries) -> tuple[Agreement, ...]:
    """The Consents under the hub's codes that were given, refused or withdrawn.

    Raises:
        InvalidResource: There are several, and not each has an identifier to be known by.
    """
    found = tuple(
        (entry, news)
        for entry in entries.of_type("Consent")
        if (news := consent_news_from(entry.resource, entry.path)).agreement is not None
    )
    for entry, news in found:
        if news.identifier is None and len(found) > 1:
            raise InvalidResource(
                "Of several agreements each needs an identifier.",
                expression=f"{entry.path}.identifier",
                code="required",
            )
    return found


def apart(
    agreements: Sequence[Agreement], entries: Entries, sender: FhirSender
) -> Iterator[tuple[Agreement, tuple[Entry, ...]]]:
    """Each agreement with the entries that its event holds: its carer's Patient, where one is sent.

    What is no other agreement's goes with the first, so that nothing of a body is lost.
    """
    patients = entries.of_type("Patient")
    known = {each.path: each for each in patients}
    numbered = {
        number: each
        for each in reversed(patients)
        for number in record_ids(sender.name, facts_of(each, sender))
    }

    def carer_of(entry: Entry, news: ConsentNews) -> Entry | None:
        target = entries.resolved(news.patient, entry)
        if target is not None and target.path in known:
            return target
        named = referred_record_id(sender.name, news.patient)
        return None if named is None else numbered.get(named)

    first, *others = [(each, carer_of(*each)) for each in agreements]
    theirs = {entry.path for (entry, _), _ in others}
    theirs |= {carer.path for _, carer in others if carer is not None and carer is not first[1]}
    yield first[0], tuple(each for each in entries if each.path not in theirs)
    for agreement, carer in others:
        yield agreement, (agreement[0],) if carer is None else (carer, agreement[0])


def key_of(news: ConsentNews, sender: FhirSender, canonical: bytes) -> UUID:
    """The thing decided: an agreement, or of being linked the Consent that says it."""
    key = agreement_id(sender.name, news.identifier, canonical)
    return derived("linking", key) if news.about == CARER_LINK else key


def regions_of(news: ConsentNews, sender: FhirSender) -> tuple[int, ...]:
    """Where it counts: an agreement in the region that refers, being linked wherever the sender tells of people."""
    return sender.regions if news.about == CARER_LINK else sender.regions[:1]


def refuse_ahead(news: ConsentNews, path: str, now: datetime) -> None:
    """A word on being linked counts as soon as it is heard, so it is said when it begins.

    Raises:
        InvalidResource: It begins later.
    """
    if news.about == CARER_LINK and news.starts_at is not None and news.starts_at > now:
        raise InvalidResource(
            "A word on being linked counts at once: send it when it begins.",
            expression=f"{path}.provision.period.start",
            code="not-supported",
        )


def facts_of(patient: Entry, sender: FhirSender) -> PersonFacts:
    """What a Patient says of itself."""
    return patient_news_from(patient.resource, patient.path, sender.test_numbers).facts


def no_agreement(entries: Entries) -> OfNoUse:
    """The refusal of what holds nothing but Consents that are no agreement."""
    return OfNoUse(
        f"Of Consents only those with the code {CARER_REFERRAL} or {CARER_LINK} of {CONSENT_CODE} are of use, "
        "once decided.",
        expression=entries.of_type("Consent")[0].path,
        code="not-supported",
    )
