"""An alert of the worklist as a page shows it. Pure: a row and the time of looking in, words out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from connectors.portal import alert_words, words
from connectors.portal.jsonb import each_at, text_at, value_at
from connectors.portal.person import (
    ContactShown,
    contacts_from,
    needs_in_words,
    relationship_in_words,
)
from connectors.portal.worklist import CLOSED, STILL_TO_DO
from hub.ports.pages import WorklistRow
from hub.projection import Json
from hub.records import AgeBand, AlertStatus, Confidence, SharingPosition

CAN_BE_SEEN: Final = frozenset({AlertStatus.REQUESTED})
CAN_BE_TAKEN_ON: Final = frozenset({AlertStatus.REQUESTED, AlertStatus.RECEIVED})
GONE_HOME: Final = "the patient has gone home"
NOT_SAID: Final = alert_words.SHARING[SharingPosition.UNKNOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerShown:
    """A carer to involve.

    Attributes:
        link_id: By which an outcome names them.
        relationship: What they are to the patient; empty when nobody said.
        is_young: Under 18: nobody asks whether they are willing and able.
        sure: How sure the hub is, by whose word.
        matched: That they or the patient are known without a verified NHS number; empty when not.
        needs: What they need so that they can be spoken with.
        sharing: Whether information may be shared with them.
        offer: What they could be asked about support; empty when there is nothing to ask.
        outcome: What came of it last, and when; empty while nobody tried.
        is_waiting: Whether they are still to be involved.
    """

    link_id: str
    name: str
    relationship: str
    age: str
    is_young: bool
    sure: str
    is_confirmed: bool
    matched: str
    contacts: tuple[ContactShown, ...]
    needs: tuple[str, ...]
    sharing: str
    offer: str
    outcome: str
    is_waiting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertShown:
    """An alert.

    Attributes:
        due: By when, in words; empty when nothing is left to do.
        marks: What is to be noticed, each in words.
    """

    alert_id: UUID
    version: int
    ward: str
    bed: str
    site: str
    patient: str
    born: str
    nhs_number: str
    hospital_number: str
    expected: str
    carers: tuple[CarerShown, ...]
    to_do: str
    due: str
    is_overdue: bool
    status: str
    marks: tuple[str, ...]
    is_open: bool
    is_withdrawn: bool
    can_be_seen: bool
    can_be_taken_on: bool

    @property
    def place(self) -> str:
        """Ward and bed in a sentence."""
        bed = f"bed {self.bed}" if self.bed else "no bed known"
        return f"{ward_in_words(self.ward)}, {bed}"

    @property
    def waiting(self) -> tuple[CarerShown, ...]:
        """Carers who are still to be involved."""
        return tuple(each for each in self.carers if each.is_waiting)

    @property
    def asks_adults(self) -> bool:
        """Whether anybody may be asked if they are willing and able: no child is."""
        return any(not each.is_young for each in self.carers)


def alert_from(row: WorklistRow, now: datetime) -> AlertShown:
    """What a page says of a row at a time."""
    status = AlertStatus(row.status)
    is_open = status not in CLOSED
    is_overdue = is_open and row.due_at is not None and row.due_at < now
    return AlertShown(
        alert_id=row.alert_id,
        version=row.version,
        ward=row.ward or "",
        bed=row.bed or "",
        site=row.site_ods or "",
        patient=words.full_name(row.given_names, row.family_name),
        born=words.born(row.birth_on, words.day_of(now)),
        nhs_number=words.nhs_number(row.nhs_number),
        hospital_number=row.hospital_number or "",
        expected=GONE_HOME if row.went_home else words.expected(row.expected_discharge_at),
        carers=tuple(carer_from(each, is_open=is_open) for each in row.carers),
        to_do=row.what_to_do,
        due=due_in_words(row.due_at, now) if is_open else "",
        is_overdue=is_overdue,
        status=alert_words.STATUSES[status],
        marks=marks_of(row) if is_open else (),
        is_open=is_open,
        is_withdrawn=status is AlertStatus.CANCELLED,
        can_be_seen=status in CAN_BE_SEEN,
        can_be_taken_on=status in CAN_BE_TAKEN_ON,
    )


def carer_from(carer: Json, *, is_open: bool) -> CarerShown:
    """A carer of a row. Whoever was spoken with is offered nothing again: that they said no is recorded nowhere."""
    kinds = [text_at(each, "kind") for each in each_at(carer, "evidence")]
    confidence = text_at(carer, "confidence")
    is_young = text_at(carer, "age_band") == AgeBand.YOUNG_CARER
    is_waiting = (text_at(carer, "outcome") or None) in STILL_TO_DO
    return CarerShown(
        link_id=text_at(carer, "link_id"),
        name=text_at(carer, "name"),
        relationship=relationship_in_words(each_at(carer, "relationships")),
        age=alert_words.AGES.get(text_at(carer, "age_band"), ""),
        is_young=is_young,
        sure=alert_words.how_sure(confidence, kinds),
        is_confirmed=confidence == Confidence.CONFIRMED,
        matched=matched_in_words(value_at(carer, "matched"), is_young=is_young),
        contacts=contacts_from(each_at(carer, "contacts")),
        needs=needs_in_words(value_at(carer, "needs")),
        sharing=alert_words.SHARING.get(text_at(carer, "sharing"), NOT_SAID),
        offer=alert_words.offer(text_at(carer, "offer"), is_young=is_young)
        if is_open and is_waiting
        else "",
        outcome=outcome_in_words(carer, is_young=is_young),
        is_waiting=is_waiting,
    )


def matched_in_words(found: Json, *, is_young: bool) -> str:
    """Who is known by evidence, and by what; empty when nobody is, and in a row of before it was said."""
    if not found:
        return ""
    ends, agreed = (
        [each for each in each_at(found, name) if isinstance(each, str)]
        for name in ("ends", "agreed")
    )
    return alert_words.matched(ends, agreed, is_young=is_young)


def outcome_in_words(carer: Json, *, is_young: bool) -> str:
    """What came of a carer last, and when; empty while nobody tried."""
    kind, at = text_at(carer, "outcome"), text_at(carer, "outcome_at")
    said = (alert_words.YOUNG_OUTCOMES if is_young else alert_words.OUTCOMES).get(kind, "")
    when = words.moment(datetime.fromisoformat(at)) if at else ""
    return ", ".join(filter(None, [said, when]))


def ward_in_words(ward: str) -> str:
    """A ward; hospitals send `30` and `WARD 30` alike."""
    if not ward:
        return "No ward known"
    return ward if "ward" in ward.lower() else f"Ward {ward}"


def due_in_words(due_at: datetime | None, now: datetime) -> str:
    """By when, or since when it is overdue."""
    if due_at is None:
        return ""
    when = words.near(due_at, now)
    return f"Overdue: was due {when}" if due_at < now else f"Due {when}"


def marks_of(row: WorklistRow) -> tuple[str, ...]:
    """What is to be noticed about an open alert."""
    marks = (
        "The patient went home without contact" if row.went_home else "",
        alert_words.reminded(row.level),
        "The hub was behind: this may have come late" if row.behind else "",
    )
    return tuple(filter(None, marks))
