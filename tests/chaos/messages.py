"""Synthetic people and what their hospital says of them: ADT messages, made from a seed.

It knows HL7 v2 and nothing of the hub. Each stay is a walk: admitted, moved, updated, its discharge planned and
unplanned, sent home and back, cancelled and admitted again. Then the messages of all stays are mixed, shuffled a
little, some held back to the very end, and some sent again.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

TRUST: Final = "RWE"
CARER: Final = "20^Carer"
ROLES: Final = ("1^Spouse", "4^Next of kin", "43^Daughter")
WARDS: Final = tuple(f"WARD{number}" for number in range(1, 33))
FAMILIES: Final = (
    "Marsh",
    "Okafor",
    "O'Neill",
    "Singh",
    "Ahmed",
    "Zamoyska",
    "Hale",
    "Peel",
    "Zoë-Lane",
    "Ng",
)
GIVEN: Final = (
    "Ada",
    "Ben",
    "Chidi",
    "Dilys",
    "Ewa",
    "Farid",
    "Gwen",
    "Hari",
    "Ines",
    "Joan",
    "Kit",
    "Lena",
)
WINDOW: Final = 40
"""Messages are shuffled among so many neighbours."""

TODAY_HOURS: Final = 3
"""A stay of today began at most so long ago, so that none of its deadlines passes during a run."""

PAST_DAYS: Final = (12, 25)
"""A stay of the past began so long ago that all its deadlines have passed."""


@dataclass(frozen=True, slots=True)
class Share:
    """How often something happens, of 1."""

    past: float = 0.2
    minor: float = 0.04
    with_carer: float = 0.55
    second_visit: float = 0.12
    merged: float = 0.08
    sequenced: float = 0.5
    tie: float = 0.15
    again: float = 0.04
    late: float = 0.01


@dataclass(frozen=True, slots=True)
class Script:
    """What is to be sent, in this order; a frame that stands in it again is a resend.

    Attributes:
        frames: The bytes of each sending, without MLLP's block bytes.
        messages: How many different ones there are.
    """

    frames: tuple[bytes, ...]
    messages: int


@dataclass(slots=True)
class Person:
    """Somebody made up."""

    number: str
    nhs_number: str
    family: str
    given: str
    born: str
    sex: str


@dataclass(frozen=True, slots=True)
class Contact:
    """One NK1."""

    family: str
    given: str
    role: str
    phone: str


@dataclass(slots=True)
class Stay:
    """A stay as its hospital's system has it now."""

    visit: str
    ward: str
    bed: str
    admitted_at: datetime
    discharged_at: datetime | None = None
    before: tuple[str, str] | None = None


@dataclass(slots=True)
class Told:
    """A message before it is given its control id."""

    recorded_at: datetime
    write: Callable[[str], bytes] = field(repr=False)


def script_from(seed: int, messages: int, now: datetime, share: Share | None = None) -> Script:
    """The same seed and time give the same script, of exactly so many different messages."""
    share = share or Share()
    chance = random.Random(f"messages {seed}")
    hospital = Hospital(chance, now.replace(microsecond=0), share)
    told: list[Told] = []
    while len(told) < messages:
        told.extend(hospital.patient())
    frames = [each.write(f"C{number:07}") for number, each in enumerate(told[:messages], 1)]
    return Script(tuple(mixed(chance, frames, share)), messages)


def mixed(chance: random.Random, frames: list[bytes], share: Share) -> Iterator[bytes]:
    """In the order of sending: neighbours shuffled, some late, some again."""
    order: list[tuple[float, bytes]] = []
    for place, frame in enumerate(frames):
        at = place + chance.uniform(0, WINDOW)
        if chance.random() < share.late:
            at += len(frames)
        order.append((at, frame))
        if chance.random() < share.again:
            order.append((at + chance.choice((0.5, WINDOW, len(frames) / 3)), frame))
    order.sort(key=lambda each: each[0])
    return (frame for _, frame in order)


class Hospital:
    """Makes patients, each with the messages of their stays in the order in which they were written down."""

    def __init__(self, chance: random.Random, now: datetime, share: Share) -> None:
        self._chance, self._now, self._share = chance, now, share
        self._people = self._visits = self._contacts_made = self._sequence = 0
        self._begun: set[datetime] = set()

    def patient(self) -> Iterator[Told]:
        """Everything about one patient, or about one who was registered twice and then merged."""
        chance, share = self._chance, self._share
        self._begun.clear()  # two visits of one patient that begin in the same minute are one stay
        person = self._person(minor=chance.random() < share.minor)
        sequenced = chance.random() < share.sequenced
        past = chance.random() < share.past
        contacts = self._contacts(person)
        told, _ = self._stay(person, contacts, self._begin(past=past), sequenced=sequenced)
        if chance.random() < share.second_visit:
            told += self._stay(person, contacts, self._begin(past=True), sequenced=sequenced)[0]
        if chance.random() < share.merged:
            told = list(self._with_merge(person, told, past=past, sequenced=sequenced))
        return iter(
            sorted(told, key=lambda each: each.recorded_at) if chance.random() < 0.9 else told
        )

    def _with_merge(
        self, person: Person, told: list[Told], *, past: bool, sequenced: bool
    ) -> Iterator[Told]:
        """A second registration without an NHS number has a stay of its own, before an A40 joins the two.

        After it that stay goes on under the number that is kept.
        """
        twin = Person(f"T{person.number}", "", person.family, person.given, person.born, person.sex)
        begin = self._begin(past=past)
        own, stay = self._stay(twin, self._contacts(twin), begin, sequenced=sequenced)
        at = max(each.recorded_at for each in (*told, *own)) + timedelta(seconds=30)
        yield from told
        yield from own
        segments = [pid(person), f"MRG|{twin.number}^^^{TRUST}^MR"]
        yield Told(at, lambda control: frame(("A40", written(at), ""), control, segments))
        after = at + timedelta(seconds=30)
        yield self._happens("A02", stay, person, [], after, sequenced=sequenced)

    # One stay.

    def _begin(self, *, past: bool) -> datetime:
        chance = self._chance
        if past:
            back = timedelta(days=chance.randint(*PAST_DAYS), seconds=chance.randint(0, 86_399))
        else:
            back = timedelta(seconds=chance.randint(3600, TODAY_HOURS * 3600))
        begin = self._now - back
        while begin.replace(second=0) in self._begun:
            begin -= timedelta(minutes=1)
        self._begun.add(begin.replace(second=0))
        return begin

    def _stay(
        self, person: Person, contacts: list[Contact], begin: datetime, *, sequenced: bool
    ) -> tuple[list[Told], Stay]:
        chance = self._chance
        self._visits += 1
        told: list[Told] = []
        stay = Stay(f"V{self._visits:06}", chance.choice(WARDS), f"B{chance.randint(1, 30)}", begin)
        at = begin
        previous = ""
        for number, trigger in enumerate(self._walk()):
            ties = (
                previous != ""
                and (sequenced or is_cancel_of(trigger, previous))
                and (chance.random() < self._share.tie)
            )
            if number and not ties:
                at += timedelta(seconds=chance.randint(20, 280))
            previous = trigger
            told.append(self._happens(trigger, stay, person, contacts, at, sequenced=sequenced))
        return told, stay

    def _walk(self) -> Iterator[str]:
        """A01, then what may follow what; the hospital may cancel an admission and take it back."""
        chance = self._chance
        yield "A01"
        home = pending = moved = False
        for _ in range(chance.randint(2, 11)):
            if home:
                trigger = chance.choice(("A13", "A08"))
            else:
                choices = ["A02", "A02", "A08", "A08", "A08", "A03"]
                choices += ["A25"] if pending else ["A16"]
                choices += ["A12"] if moved else []
                trigger = chance.choice(choices)
            home = trigger == "A03" or (home and trigger != "A13")
            pending = trigger == "A16" or (pending and trigger != "A25")
            moved = trigger == "A02"
            yield trigger
        if not home and chance.random() < 0.15:
            yield "A11"
            if chance.random() < 0.3:
                yield "A01"
        elif not home and chance.random() < 0.2:
            yield "A03"

    def _happens(
        self,
        trigger: str,
        stay: Stay,
        person: Person,
        contacts: list[Contact],
        at: datetime,
        *,
        sequenced: bool,
    ) -> Told:
        """The system takes it in and writes it down; the frame is made from what it knows at that moment."""
        self._change(trigger, stay, person, contacts, at)
        named: list[Contact] = []
        if trigger in ("A01", "A08") and self._chance.random() < 0.7:
            named = list(contacts)
        elif trigger == "A02" and self._chance.random() < 0.1:
            named = [self._contact(person)]
            contacts += named
        expected = self._expected(stay, at) if trigger in ("A01", "A08", "A16") else None
        if sequenced:
            self._sequence += 1
        head = (trigger, written(at), str(self._sequence) if sequenced else "")
        segments = [pid(person), *(nk1(place, each) for place, each in enumerate(named, 1))]
        segments.append("|".join(["PV1", *visit_of(stay)]).rstrip("|"))
        if expected is not None:
            segments.append(f"PV2|||||||||{expected}")
        return Told(at, lambda control: frame(head, control, segments))

    def _change(
        self, trigger: str, stay: Stay, person: Person, contacts: list[Contact], at: datetime
    ) -> None:
        chance = self._chance
        match trigger:
            case "A02":
                stay.before = (stay.ward, stay.bed)
                stay.ward, stay.bed = chance.choice(WARDS), f"B{chance.randint(1, 30)}"
            case "A12":
                stay.ward, stay.bed = stay.before or (stay.ward, stay.bed)
            case "A03":
                stay.discharged_at = at
            case "A13":
                stay.discharged_at = None
            case "A08":
                self._update(person, contacts)

    def _update(self, person: Person, contacts: list[Contact]) -> None:
        """Most A08 change nothing that anybody is told."""
        chance = self._chance
        match chance.randint(0, 9):
            case 0:
                person.family = chance.choice(FAMILIES)
            case 1 | 2 if len(contacts) < 4:
                contacts.append(self._contact(person))
            case 3 if contacts:
                contacts.pop(chance.randrange(len(contacts)))
            case 4 | 5 if contacts:
                place = chance.randrange(len(contacts))
                kept = contacts[place]
                contacts[place] = Contact(kept.family, kept.given, kept.role, self._phone())
            case 6 if contacts:
                place = chance.randrange(len(contacts))
                kept = contacts[place]
                role = chance.choice(ROLES) if kept.role == CARER else CARER
                contacts[place] = Contact(kept.family, kept.given, role, kept.phone)

    def _expected(self, stay: Stay, at: datetime) -> str | None:
        """PV2-9: a time, a day, cleared, or not said. Never before the next morning."""
        chance = self._chance
        match chance.randint(0, 9):
            case 0:
                return written(
                    stay.admitted_at
                    + timedelta(days=chance.randint(2, 6), seconds=chance.randint(0, 80_000))
                )
            case 1:
                return f"{stay.admitted_at + timedelta(days=chance.randint(2, 6)):%Y%m%d}"
            case 2:
                return '""'
            case _:
                return None

    # People.

    def _person(self, *, minor: bool) -> Person:
        chance = self._chance
        self._people += 1
        year = chance.randint(2012, 2020) if minor else chance.randint(1925, 2003)
        return Person(
            number=f"H{self._people:06}",
            nhs_number=nhs_number(chance),
            family=chance.choice(FAMILIES),
            given=chance.choice(GIVEN),
            born=f"{year}{chance.randint(1, 12):02}{chance.randint(1, 28):02}",
            sex=chance.choice("12"),
        )

    def _contacts(self, person: Person) -> list[Contact]:
        chance = self._chance
        found = [self._contact(person) for _ in range(chance.randint(0, 2))]
        if chance.random() < self._share.with_carer:
            found.append(self._contact(person, CARER))
        return found

    def _contact(self, person: Person, role: str | None = None) -> Contact:
        """Nobody has two contacts of the same name, so that a name tells who is meant."""
        self._contacts_made += 1
        chance = self._chance
        given = f"{chance.choice(GIVEN)}{letters(self._contacts_made)}"
        chosen = role or chance.choice((CARER, *ROLES))
        return Contact(person.family, given, chosen, self._phone())

    def _phone(self) -> str:
        return f"0116 496 0{self._chance.randint(0, 999):03}"


def frame(head: tuple[str, str, str], control: str, segments: list[str]) -> bytes:
    """The bytes of a message. `head`: trigger, time and sequence number."""
    trigger, when, sequence = head
    header = [
        f"MSH|^~\\&|PAS|{TRUST}|HUB|HUB|{when}||ADT^{trigger}|{control}|P|2.4|{sequence}|||||UNICODE UTF-8",
        f"EVN||{when}||||{when}",
    ]
    return ("\r".join([*header, *segments]) + "\r").encode()


def pid(person: Person) -> str:
    """Who it is: the hospital's number, and the NHS number where it is known."""
    numbers = f"{person.number}^^^{TRUST}^MR"
    if person.nhs_number:
        numbers += f"~{person.nhs_number}^^^NHS^NH"
    return f"PID|1||{numbers}||{person.family}^{person.given}||{person.born}|{person.sex}"


def nk1(place: int, contact: Contact) -> str:
    """One contact."""
    return f"NK1|{place}|{contact.family}^{contact.given}|{contact.role}||{contact.phone}"


def visit_of(stay: Stay) -> list[str]:
    """PV1-1 to PV1-45."""
    fields = [""] * 45
    fields[0], fields[1] = "1", "I"
    fields[2] = f"{stay.ward}^^{stay.bed}^{TRUST}AA"
    fields[18] = stay.visit
    fields[43] = written(stay.admitted_at)
    if stay.discharged_at is not None:
        fields[44] = written(stay.discharged_at)
    return fields


def is_cancel_of(trigger: str, previous: str) -> bool:
    """Whether two events of the same second are told apart by one cancelling the other."""
    return (previous, trigger) in (("A02", "A12"), ("A03", "A13"), ("A16", "A25"), ("A01", "A11"))


def nhs_number(chance: random.Random) -> str:
    """A number of the range for tests, with its check digit."""
    while True:
        nine = f"999{chance.randint(0, 999_999):06}"
        check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
        if check != 10:
            return nine + str(check % 11)


def letters(number: int) -> str:
    """A number as small letters: names hold no digits."""
    text = ""
    while number:
        number, rest = divmod(number, 26)
        text += chr(ord("a") + rest)
    return text


def written(moment: datetime) -> str:
    """A time as HL7 writes it, with its offset."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}+0000"
