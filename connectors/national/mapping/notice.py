"""From a signal to a notice about a person, once for each region; or why it says nothing to the hub."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias
from uuid import UUID

from connectors.national.mapping.content import (
    death_status,
    died_in,
    patient_in,
    role_in,
    usable_number,
)
from connectors.national.mapping.signal import Signal, signal_from
from connectors.national.settings import NationalSender
from hub.errors import InvalidResource
from hub.fhir.reading import text_at
from hub.fhir.recorded import believed
from hub.identity import cloud_event_id, derived, national_record_id
from hub.records import NoticeKind, PersonFacts, PersonNotice, Precision

REPLACED: Final = "R"
INVALIDATED: Final = "I"
NUMBER_STATUSES: Final = frozenset({REPLACED, INVALIDATED})
"""What version 1 says of an NHS number that changed."""

CONSENT: Final = "Consent"


@dataclass(frozen=True, slots=True)
class Keyed:
    """A notice and the key that it is kept under: the number, what it is about and, of a proxy role, its name."""

    key: UUID
    event: PersonNotice


@dataclass(frozen=True, slots=True)
class NotForUs:
    """A signal that says nothing to the hub, and what would."""

    id: str
    type: str
    reason: str


Said: TypeAlias = PersonNotice | str
"""A notice, or why there is none."""
Reader: TypeAlias = Callable[[Signal, PersonNotice, NationalSender], Said]

ONLY_A_POINTER: Final = (
    "It says that something changed and not what: hand it on with the {what} in `data`."
)
NUMBER_INVALIDATED: Final = (
    "An invalidated number names nobody else; nothing is joined or parted by it."
)
NOT_OF_INTEREST: Final = "Events of this type say nothing to the hub."


def heard_from(
    event: bytes, sender: NationalSender, received_at: datetime
) -> tuple[Keyed, ...] | NotForUs:
    """Read one event, as it was sent; the same notice for each region.

    `recorded_at` is its `time`, clamped to the receipt when it is more than `hub.fhir.recorded.AHEAD` of it.

    Raises:
        Undecodable: It is no JSON, or no event of any form that is read.
        InvalidResource: It breaks a rule; the place is an attribute or a FHIRPath.
    """
    signal = signal_from(event)
    kind, read = KINDS.get(signal.type, (None, None))
    if kind is None or read is None:
        return NotForUs(signal.id, type_shown(signal.type), NOT_OF_INTEREST)
    said = read(signal, beginning(signal, kind, event, sender, received_at), sender)
    if isinstance(said, str):
        return NotForUs(signal.id, signal.type, said)
    key = key_of(said)
    return tuple(Keyed(key, replace(said, region=region)) for region in sender.regions)


def type_shown(kind: str) -> str:
    """A type that is not known, as it may be kept beside a reason: without anything that could be of a person."""
    return kind if kind.replace("-", "").isalnum() and not kind.isdigit() else "unknown"


def beginning(
    signal: Signal, kind: NoticeKind, event: bytes, sender: NationalSender, received_at: datetime
) -> PersonNotice:
    """What every notice says."""
    number = usable_number(signal.subject, signal.subject_place, sender.test_numbers)
    event_id = cloud_event_id(signal.source, signal.id, kind.value, number)
    recorded_at = believed(signal.said_at, received_at)
    born = signal.born
    return PersonNotice(
        event_id=event_id,
        correlation_id=event_id,
        source=sender.name,
        source_event_id=signal.id,
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        received_at=received_at,
        region=0,
        kind=kind,
        nhs_number=number,
        birth_on=None if born is None else born.on,
        birth_precision=(Precision.UNKNOWN if born is None else born.precision).value,
        original=event,
    )


def key_of(notice: PersonNotice) -> UUID:
    """A later notice on the same thing takes the place of this one on the compacted topic."""
    number = national_record_id(notice.nhs_number)
    if notice.kind not in PROXY_ROLES:
        return derived("notice", number, notice.kind.value)
    return derived(
        "notice", "proxy_role", notice.role_id or f"{number} {notice.related_nhs_number}"
    )


def death(signal: Signal, notice: PersonNotice, sender: NationalSender) -> Said:
    """Somebody died, or a death was taken back."""
    found = patient_in(signal, sender.test_numbers)
    facts, resource, place = (found[0].facts, found[1], found[2]) if found else (None, None, "data")
    refuse_another(notice, facts, place)
    status = death_status(signal, resource, place)
    died = died_in(facts or PersonFacts(), status)
    if died is None and signal.version == 1:
        raise InvalidResource(
            "Say which: 1, 2 or U.", expression="data.deathNotificationStatus", code="required"
        )
    if died is None and sender.unstated_death == "ignore":
        return ONLY_A_POINTER.format(what="Patient")
    died_at = facts.died_at if facts is not None and died is not False else None
    return replace(
        with_birth(notice, facts),
        deceased=died is not False,
        died_at=died_at,
        occurred_at=min(died_at or notice.occurred_at, notice.occurred_at),
    )


def change_of_gp(signal: Signal, notice: PersonNotice, sender: NationalSender) -> Said:
    """Somebody registered with another practice."""
    found = patient_in(signal, sender.test_numbers)
    facts = found[0].facts if found else None
    if found is None or facts is None or facts.practice_ods is None:
        return ONLY_A_POINTER.format(what="Patient and its practice")
    refuse_another(notice, facts, found[2])
    return replace(with_birth(notice, facts), practice_ods=facts.practice_ods)


def nhs_number_change(signal: Signal, notice: PersonNotice, sender: NationalSender) -> Said:
    """A number was superseded: its Patient has another one now. One that has its own stands on its own."""
    found = patient_in(signal, sender.test_numbers)
    if found is not None:
        facts = found[0].facts
        if facts.nhs_number is None:
            raise InvalidResource(
                "Send the Patient with the NHS number that counts now.",
                expression=f"{found[2]}.identifier",
                code=facts.unusable_nhs_number or "required",
            )
        return replace(notice, new_nhs_number=facts.nhs_number)
    status = text_at(signal.data or {}, "nhsNumberStatus", "data")
    if signal.version == 1 and status not in NUMBER_STATUSES:
        raise InvalidResource(
            "Say which: I or R.", expression="data.nhsNumberStatus", code="required"
        )
    if status == INVALIDATED:
        return NUMBER_INVALIDATED
    return ONLY_A_POINTER.format(what="Patient as it is found under this number")


def proxy_role(signal: Signal, notice: PersonNotice, sender: NationalSender) -> Said:
    """Somebody may act for somebody, or no longer may. The end of a role needs no more than its name."""
    role = role_in(signal, sender.test_numbers)
    referred = signal.referred
    named = referred[1] if referred is not None and referred[0] == CONSENT else None
    if role is None:
        if notice.kind is NoticeKind.PROXY_ROLE_DELETED and named is not None:
            return replace(notice, role_id=named, role_active=False)
        return ONLY_A_POINTER.format(what="Consent")
    if notice.nhs_number not in (role.patient, role.proxy):
        raise InvalidResource(
            "The role is of two other people than the subject.",
            expression=signal.subject_place,
            code="subject-differs",
        )
    return replace(
        notice,
        nhs_number=role.patient,
        related_nhs_number=role.proxy,
        role_id=named or role.id,
        role_active=role.is_active and notice.kind is not NoticeKind.PROXY_ROLE_DELETED,
        role_ends_at=role.ends_at,
        relationships=role.relationships,
    )


def with_birth(notice: PersonNotice, facts: PersonFacts | None) -> PersonNotice:
    """With the date of birth of the Patient that came along."""
    if facts is None or facts.birth_on is None:
        return notice
    return replace(notice, birth_on=facts.birth_on, birth_precision=facts.birth_precision.value)


def refuse_another(notice: PersonNotice, facts: PersonFacts | None, place: str) -> None:
    """The Patient that came along is the subject.

    Raises:
        InvalidResource: It has another number, or none.
    """
    if facts is not None and facts.nhs_number != notice.nhs_number:
        raise InvalidResource(
            "The Patient has another NHS number than the subject.",
            expression=f"{place}.identifier",
            code="subject-differs",
        )


PROXY_ROLES: Final = frozenset(
    {NoticeKind.PROXY_ROLE_CREATED, NoticeKind.PROXY_ROLE_CHANGED, NoticeKind.PROXY_ROLE_DELETED}
)

KINDS: Final[Mapping[str, tuple[NoticeKind, Reader]]] = MappingProxyType(
    {
        "pds-death-notification-1": (NoticeKind.DEATH, death),
        "pds-death-notification-2": (NoticeKind.DEATH, death),
        "nhs-number-change-1": (NoticeKind.NHS_NUMBER_CHANGE, nhs_number_change),
        "nhs-number-change-2": (NoticeKind.NHS_NUMBER_CHANGE, nhs_number_change),
        "pds-change-of-gp-1": (NoticeKind.CHANGE_OF_GP, change_of_gp),
        "pds-change-of-gp-2": (NoticeKind.CHANGE_OF_GP, change_of_gp),
        "vrs-proxy-role-created-1": (NoticeKind.PROXY_ROLE_CREATED, proxy_role),
        "vrs-proxy-role-changed-1": (NoticeKind.PROXY_ROLE_CHANGED, proxy_role),
        "vrs-proxy-role-deleted-1": (NoticeKind.PROXY_ROLE_DELETED, proxy_role),
    }
)
"""Type of an event -> what it is about, and how it is read. Every other type is ignored."""
