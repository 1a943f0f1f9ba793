"""What must stand at the end: an independent reading of the messages that were acknowledged.

It shares no code with the hub: its own split of HL7 v2, its own fold, its own rule for the right alert, limited to
what a run sends. A test checks that it imports the standard library alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
CARER = "20"
LISTS_CONTACTS = frozenset({"A01", "A08"})
CANCELS = frozenset({"A11", "A12", "A13", "A25"})
ADULT = 18
MOST_LEVELS = 3
NEVER = datetime.max.replace(tzinfo=UTC)

Order = tuple[datetime, bool, int]


@dataclass(frozen=True, slots=True)
class Hours:
    """The local policy of the run: when somebody is to be contacted, Europe/London."""

    board_round: time
    closing_time: time
    late_discharge: time


@dataclass(frozen=True, slots=True)
class Right:
    """The alert that a stay must have at the end."""

    ward: str | None
    bed: str | None
    hospital_number: str
    nhs_number: str | None
    family: str
    given: str
    carers: tuple[tuple[str, str, str], ...]
    due_at: datetime
    level: int
    went_home: bool


@dataclass(slots=True)
class Register:
    """The latest word on something."""

    order: Order | None = None
    value: Any = None

    def hear(self, order: Order, value: Any) -> None:
        """Keep a word that is later than the one that stands."""
        if self.order is None or order > self.order:
            self.order, self.value = order, value


@dataclass(slots=True)
class Contact:
    """Somebody named beside a patient: when first called a carer, and the latest word."""

    first: datetime = NEVER
    latest: Register = field(default_factory=Register)
    phone: Register = field(default_factory=Register)


@dataclass(slots=True)
class Patient:
    """One registration of one person."""

    name: Register = field(default_factory=Register)
    born: Register = field(default_factory=Register)
    nhs_number: Register = field(default_factory=Register)
    listed: Register = field(default_factory=Register)
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)

    def carers(self) -> Iterator[tuple[str, str, str, datetime]]:
        """Those who stand in the latest list or were named after it, by the latest word on each."""
        for (family, given), contact in self.contacts.items():
            dropped = self.listed.order is not None and contact.latest.order < self.listed.order
            if contact.latest.value and not dropped:
                yield family, given, contact.phone.value, contact.first


@dataclass(slots=True)
class Stay:
    """One stay as a fold."""

    patient: Register = field(default_factory=Register)
    admitted: Register = field(default_factory=Register)
    begins: Register = field(default_factory=Register)
    place: Register = field(default_factory=Register)
    expected: Register = field(default_factory=Register)
    home: Register = field(default_factory=Register)


class Oracle:
    """Takes the acknowledged frames in any order, each once or more."""

    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        self._stays: dict[str, Stay] = {}
        self._patients: dict[str, Patient] = {}
        self._joined: dict[str, str] = {}

    def hear(self, frame: bytes) -> None:
        """Take in one message."""
        message = Message(frame)
        order = (message.recorded_at, False, message.sequence)
        patient = self._patients.setdefault(message.hospital_number, Patient())
        patient.name.hear(order, message.name)
        patient.born.hear(order, message.born)
        if message.nhs_number:
            patient.nhs_number.hear(order, message.nhs_number)
        self._hear_contacts(patient, message, order)
        if message.merged is not None:
            self._patients.setdefault(message.merged, Patient())
            self._joined[self._one(message.merged)] = self._one(message.hospital_number)
        if message.visit:
            self._hear_stay(message)

    def _hear_contacts(self, patient: Patient, message: "Message", order: Order) -> None:
        named = list(message.contacts())
        if named and message.trigger in LISTS_CONTACTS:
            patient.listed.hear(order, True)
        for family, given, role, phone in named:
            contact = patient.contacts.setdefault((family, given), Contact())
            if role == CARER:
                contact.first = min(contact.first, message.recorded_at)
            contact.latest.hear(order, role == CARER)
            contact.phone.hear(order, phone)

    def _hear_stay(self, message: "Message") -> None:
        stay = self._stays.setdefault(message.visit, Stay())
        order = (message.recorded_at, message.trigger in CANCELS, message.sequence)
        stay.patient.hear(order, message.hospital_number)
        stay.begins.hear(order, message.admitted_at)
        stay.place.hear(order, message.place)
        if message.expected is not None:
            stay.expected.hear(order, message.expected)
        if message.trigger in ("A01", "A11"):
            stay.admitted.hear(order, message.trigger == "A01")
        if message.trigger in ("A03", "A13"):
            stay.home.hear(order, message.discharged_at if message.trigger == "A03" else None)
        if message.trigger == "A01" and not message.says_discharged:
            stay.home.hear(order, None)  # admitted once more, as when the A13 never came

    def _one(self, number: str) -> str:
        while number in self._joined and self._joined[number] != number:
            number = self._joined[number]
        return number

    # What must stand.

    def right(self, now: datetime) -> dict[str, Right | None]:
        """Visit number -> the alert that must stand; None = none, or one that was withdrawn."""
        people: dict[str, list[Patient]] = {}
        for number, patient in self._patients.items():
            people.setdefault(self._one(number), []).append(patient)
        return {visit: self._right(stay, people, now) for visit, stay in self._stays.items()}

    def _right(self, stay: Stay, people: dict[str, list[Patient]], now: datetime) -> Right | None:
        number = self._one(stay.patient.value)  # after a merge the number that goes on, at once
        own, members = self._patients[number], people[number]
        begins, went_home = stay.begins.value, stay.home.value
        if stay.admitted.value is False or age_on(own.born.value, begins) < ADULT:
            return None
        carers = [
            carer
            for member in members
            for carer in member.carers()
            if went_home is None or carer[3] <= went_home
        ]
        if not carers:
            return None
        due = self._due(stay, max(begins, min(first for *_, first in carers)))
        family, given = own.name.value
        ward, bed = stay.place.value
        return Right(
            ward=ward,
            bed=bed,
            hospital_number=number,
            nhs_number=next(
                (each.nhs_number.value for each in (own, *members) if each.nhs_number.value), None
            ),
            family=family,
            given=given,
            carers=tuple(sorted(carer[:3] for carer in carers)),
            due_at=due,
            level=self._level(due, now),
            went_home=went_home is not None,
        )

    def _due(self, stay: Stay, known: datetime) -> datetime:
        """The first board round after the carer was known, not after the expected end; else after going home.

        An expected end that was over by then leaves its day until the closing time.
        """
        went_home = stay.home.value
        if went_home is not None:
            local = went_home.astimezone(LONDON)
            if local.time() <= self._hours.late_discharge:
                return at_clock(local.date(), self._hours.closing_time)
            return at_clock(local.date() + timedelta(days=1), self._hours.board_round)
        due = after(known, self._hours.board_round)
        match stay.expected.value:
            case datetime() as end:
                day = end.astimezone(LONDON).date()
            case date() as day:
                end = at_clock(day, self._hours.board_round)
            case _:
                return due
        if end <= known:
            end = at_clock(day, self._hours.closing_time)
        return min(due, end) if end > known else due

    def _level(self, due: datetime, now: datetime) -> int:
        """All deadlines of a stay of the past are missed; none of today's may pass during a run."""
        if due > now:
            return 0
        last = due + timedelta(days=MOST_LEVELS)
        if last > now:
            raise ValueError("A deadline of this run passes while it runs: choose other hours.")
        return MOST_LEVELS


class Message:
    """One ADT message, split by hand."""

    def __init__(self, frame: bytes) -> None:
        rows = [row.split("|") for row in frame.decode().split("\r") if row]
        self._rows: dict[str, list[list[str]]] = {}
        for row in rows:
            self._rows.setdefault(row[0], []).append(row)
        header = self._rows["MSH"][0]
        self.trigger = header[8].split("^")[1]
        self.control_id = header[9]
        self.sequence = int(header[12] or 0)
        self.recorded_at = moment(self._rows["EVN"][0][2])
        self._read_patient()
        self._read_visit()
        merge = self._rows.get("MRG")
        self.merged = merge[0][1].split("^")[0] if merge else None

    def _read_patient(self) -> None:
        row = self._rows["PID"][0]
        numbers = {each.split("^")[4]: each.split("^")[0] for each in row[3].split("~")}
        self.hospital_number = numbers["MR"]
        self.nhs_number = numbers.get("NH")
        family, given = row[5].split("^")[:2]
        self.name = (family, given)
        self.born = datetime.strptime(row[7], "%Y%m%d").replace(tzinfo=UTC).date()

    def _read_visit(self) -> None:
        self.visit = ""
        self.expected: datetime | date | str | None = None
        for row in self._rows.get("PV1", ()):
            row += [""] * (46 - len(row))
            where = row[3].split("^")
            self.visit = row[19]
            self.place = (where[1] or where[0] or None, where[2] or None)
            self.admitted_at = moment(row[44])
            self.says_discharged = bool(row[45])
            self.discharged_at = moment(row[45]) if row[45] else self.recorded_at
        for row in self._rows.get("PV2", ()):
            self.expected = expected_from(row[9])

    def contacts(self) -> Iterator[tuple[str, str, str, str]]:
        """Family, given, role and telephone of each NK1."""
        for row in self._rows.get("NK1", ()):
            family, given = row[2].split("^")[:2]
            yield family, given, row[3].split("^")[0], row[5]


def control_id_of(frame: bytes) -> str:
    """MSH-10."""
    return frame.split(b"|", 10)[9].decode()


def visit_of(frame: bytes) -> str:
    """PV1-19; empty when the message speaks of no visit."""
    return Message(frame).visit


def right_from(frames: Iterable[bytes], hours: Hours, now: datetime) -> dict[str, Right | None]:
    """What must stand after these messages."""
    oracle = Oracle(hours)
    for frame in frames:
        oracle.hear(frame)
    return oracle.right(now)


def expected_from(text: str) -> datetime | date | str:
    """PV2-9: a moment, a day, or the word that it is not known any more."""
    if text == '""':
        return ""
    return (
        moment(text)
        if len(text) > 8
        else datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
    )


def moment(text: str) -> datetime:
    """A time with its offset."""
    return datetime.strptime(text, "%Y%m%d%H%M%S%z").astimezone(UTC)


def at_clock(day: date, clock: time) -> datetime:
    """When the clock in London shows a time on a day."""
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


def after(instant: datetime, clock: time) -> datetime:
    """The next time that the clock in London shows `clock`."""
    day = instant.astimezone(LONDON).date()
    first = at_clock(day, clock)
    return first if first > instant else at_clock(day + timedelta(days=1), clock)


def age_on(born: date, instant: datetime) -> int:
    """Whole years on the day of an instant in London."""
    day = instant.astimezone(LONDON).date()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
