"""From what the hub knows to what one organisation is told on its own topic: the latest version, never one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from connectors.kafka_out.settings import KafkaReceiver
from hub import codec
from hub.disclosure import AS_RECORDED, ReceiverKind
from hub.errors import Rejected
from hub.notices import alert_notice, referral_notice, service_of, trust_of
from hub.passing import Heard, Refuse, Say, Saying, Step, Told
from hub.records import AlertNotice, CarerReferral, InvolvementAlert, ReferralNotice

Notice = AlertNotice | ReferralNotice


@dataclass(frozen=True, slots=True)
class Found:
    """What one record comes to: a notice for this organisation, nothing for it, or a refusal."""

    notice: Notice | None = None
    refused: Refuse | None = None


def steps_for(receiver: KafkaReceiver, records: Sequence[Heard], told: Told) -> tuple[Step, ...]:
    """One step for each record: of several versions of one thing only the last is said."""
    found = [found_in(receiver, each) for each in records]
    worth = worth_telling(found, told)
    return tuple(
        each.refused or said(receiver, each.notice if number in worth else None)
        for number, each in enumerate(found)
    )


def found_in(receiver: KafkaReceiver, heard: Heard) -> Found:
    """The notice in a record, if it is of this organisation's business. An erased key says nothing."""
    if heard.value is None:
        return Found()
    try:
        return Found(notice=notice_from(receiver, heard.value))
    except Rejected as error:
        return Found(refused=Refuse(error))


def notice_from(receiver: KafkaReceiver, value: bytes) -> Notice | None:
    """What this organisation is told of one version; None when it is not told of it.

    Raises:
        Undecodable: The bytes are no such record.
    """
    if receiver.kind is ReceiverKind.TRUST:
        alert = codec.decode_as(InvolvementAlert, value)
        return alert_notice(alert, AS_RECORDED) if trust_of(alert) == receiver.receiver else None
    referral = codec.decode_as(CarerReferral, value)
    mine = service_of(referral).ods_code == receiver.ods_code
    return referral_notice(referral, AS_RECORDED) if mine else None


def worth_telling(found: Sequence[Found], told: Told) -> frozenset[int]:
    """The numbers of those that are said: the last version of each thing, if it is newer than what was told.

    What was withdrawn before it was ever told is not told: that is known when everything that was ever told is, or
    when the first version is among these records and nothing before is remembered.
    """
    versions: dict[UUID, list[tuple[int, Notice]]] = {}
    for number, each in enumerate(found):
        if each.notice is not None:
            versions.setdefault(each.notice.notice_id, []).append((number, each.notice))
    worth: set[int] = set()
    for notice_id, notices in versions.items():
        number, last = max(notices, key=lambda numbered: numbered[1].version)
        before = told.versions.get(notice_id.bytes, 0)
        from_the_first = told.whole or any(each.version == 1 for _, each in notices)
        never_told = not before and from_the_first
        if last.version > before and not (last.withdrawn and never_told):
            worth.add(number)
    return frozenset(worth)


def said(receiver: KafkaReceiver, notice: Notice | None) -> Say:
    """A record that was read, and what follows from it."""
    return Say() if notice is None else Say((saying(receiver, notice),))


def saying(receiver: KafkaReceiver, notice: Notice) -> Saying:
    """The record on the organisation's topic. Its `ce_id` names notice and version, and nothing of the hub's."""
    return Saying(
        topic=receiver.topic,
        partition=0,
        key=notice.notice_id.bytes,
        value=codec.encode(notice),
        said_id=f"{notice.notice_id}.{notice.version}",
        version=notice.version,
    )


def version_of(value: bytes) -> int:
    """The version that was told, from the bytes on an organisation's topic.

    Raises:
        Undecodable: They are no notice.
    """
    match codec.decode(value):
        case AlertNotice() | ReferralNotice() as notice:
            return notice.version
        case _:
            return 0
