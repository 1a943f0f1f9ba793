"""Ids, derived from what never merges, so that a resend, a replay and a restart find the same id again.

All are UUIDv5. The names of the namespaces are part of the contract: changing one changes every id.
"""

import hashlib
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

HUB: Final = UUID("5b0a1c0e-6f0b-5d0c-9a51-9d2f4f0c7a10")
"""Root namespace of the hub. Chosen once; it means nothing."""

MOST_KEPT: Final = 16_384
"""Ids of one kind that are kept ready: messages name the same people and stays again and again."""

SEPARATOR: Final = "\x1f"
"""Between the parts of a name: a character that no identifier holds, so that no two lists of parts collide."""


@lru_cache(maxsize=64)
def namespace(kind: str) -> UUID:
    """The namespace of one kind of id."""
    return uuid5(HUB, kind)


def derived(kind: str, *parts: object) -> UUID:
    """The id of one kind that these parts name, in this order: UUIDv5 (RFC 9562, 5.5) in the kind's namespace."""
    name = _begun(kind).copy()
    name.update(SEPARATOR.join([str(part) for part in parts]).encode())
    return UUID(bytes=name.digest()[:16], version=5)


@lru_cache(maxsize=64)
def _begun(kind: str) -> "hashlib._Hash":
    """The hash of a namespace, which begins every name of that kind."""
    return hashlib.sha1(namespace(kind).bytes, usedforsecurity=False)


def message_event_id(sender: str, control_id: str, frame: bytes) -> UUID:
    """Event of an HL7 v2 frame or a FHIR body: a resend is the same event, a reused control id is another."""
    return derived("event", sender, control_id, hashlib.sha256(frame).hexdigest())


def caused_event_id(cause: UUID, processor: str, subject: object) -> UUID:
    """Event that a processor derives from another, about one subject."""
    return derived("caused", cause, processor, subject)


def cloud_event_id(source: str, event: str, kind: str, nhs_number: str) -> UUID:
    """Event of a CloudEvent: `source` and `id` name it, whoever hands it on and however often.

    An id that is used again for something else, or for somebody else, is another event.
    """
    return derived("cloud-event", source, event, kind, nhs_number)


def reminder_event_id(
    processor: str, subject: UUID, reminder: str, due_ms: int, armed_by: UUID
) -> UUID:
    """A deadline that passed. `due_ms`: milliseconds since 1970, UTC; `armed_by`: the correlation that waits for it.

    A deadline that was given up on its way and is waited for again is another event: the inbox knows the first.
    """
    return derived("reminder", processor, subject, reminder, due_ms, armed_by)


@lru_cache(maxsize=MOST_KEPT)
def source_record_id(source: str, authority: str, identifier: str) -> UUID:
    """One record of one source about one person."""
    return derived("source-record", source, authority, identifier)


def national_record_id(nhs_number: str) -> UUID:
    """What the national services say of an NHS number, whichever sender hands it on."""
    return derived("national-record", nhs_number)


@lru_cache(maxsize=MOST_KEPT)
def unnumbered_record_id(
    patient_record: UUID, folded_name: str, birth_on: date | None, told_apart_by: str = ""
) -> UUID:
    """A contact without an identifier of their own (NK1, RelatedPerson): never by the order in the list.

    `told_apart_by`: what tells them apart from another of the name; mostly nothing.
    """
    more = (told_apart_by,) if told_apart_by else ()
    return derived("source-record", patient_record, folded_name, birth_on or "", *more)


@lru_cache(maxsize=MOST_KEPT)
def stay_id(trust_ods: str, authority: str, visit_number: str) -> UUID:
    """A stay by its visit number (PV1-19): never by the person, so that a merge changes no stay."""
    return derived("stay", trust_ods, authority, visit_number)


@lru_cache(maxsize=MOST_KEPT)
def unnumbered_stay_id(trust_ods: str, hospital_number: str, admitted_minute: str) -> UUID:
    """A stay of a feed without visit numbers: hospital number as sent and PV1-44 to the minute."""
    return derived("stay-by-admission", trust_ods, hospital_number, admitted_minute)


@lru_cache(maxsize=MOST_KEPT)
def alert_id(trust_ods: str, stay: UUID) -> UUID:
    """The one involvement alert of a stay."""
    return derived("alert", trust_ods, stay)


def referral_id(service_ods: str, agreement: UUID) -> UUID:
    """The one referral of an agreement to a service."""
    return derived("referral", service_ods, agreement)


@lru_cache(maxsize=MOST_KEPT)
def evidence_id(patient_record: UUID, carer_record: UUID, kind: str, source: str) -> UUID:
    """One piece of evidence that one record looks after another."""
    return derived("evidence", patient_record, carer_record, kind, source)


def role_evidence_id(role: str, patient_record: UUID, proxy_record: UUID) -> UUID:
    """The evidence of a proxy role: by the name that its service gave it, else by whose it is."""
    return derived("evidence-of-role", *((role,) if role else (patient_record, proxy_record)))


def role_end_id(evidence: UUID) -> UUID:
    """What says that a proxy role ended; it need not know whose the role was."""
    return derived("end-of-role", evidence)


def review_item_id(left: UUID, right: UUID) -> UUID:
    """The question whether two records are one person, whichever way round it is asked."""
    first, second = sorted((left, right))
    return derived("review", first, second)


def dead_letter_id(source: str, place: object) -> UUID:
    """A dead letter: of an event that failed in a processor, or of bytes that never became one."""
    return derived("dead-letter", source, place)
