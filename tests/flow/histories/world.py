"""A hospital's days, made up from the ITK's table of events, and what is true at their end.

For each event: when a patient administration system may send it, and what has then happened. Nothing here knows the
hub.

Source: HSCIC ITK HL7 v2 message specifications (insert and cancel of each event); HL7 v2.4 chapter 3.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random

from tests.flow.histories.people import Record, Visit, nhs_number
from tests.flow.histories.slips import (
    MERGES,
    answered,
    moved_to_the_number_that_went,
    renumber_visit,
    wrongly_merged,
)
from tests.flow.histories.wire import DIALECTS, LONDON, Dialect, Group, message
from tests.flow.histories.wrong import Answer, WrongMerge, patient_after

STARTS = (
    datetime(2026, 1, 12, 8, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 8, 0, tzinfo=UTC),
    datetime(2026, 7, 1, 7, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 8, 0, tzinfo=UTC),
)
WARDS = ("W1", "W2", "W3", "WARD 4")
NO_MEANING = (
    "A09", "A10", "A15", "A20", "A24", "A26", "A29", "A32", "A33", "A37", "A43", "A46", "A48", "A49",
    "A51", "A54", "A55", "A60", "A61", "A62",
)  # fmt: skip
GIVEN = ("Ada", "Tom", "Zoë")
AGAIN = 0.1
"""How often a message is sent again under a control id of its own."""
LATER = 0.3
"""How often somebody who was registered twice stays so for a while."""


@dataclass(frozen=True)
class Flagged:
    """A practice says that a patient has a carer, or no longer."""

    record: Record
    at: datetime
    active: bool


@dataclass
class World:
    """One hospital, some patients, and every message that was sent, in true order.

    `heard` are the messages that mean something, `ignored` those that do not; `flags` is what a practice said.
    """

    random: Random
    dialect: Dialect = field(init=False)
    since: datetime = field(init=False)
    now: datetime = field(init=False)
    records: list[Record] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    ignored: list[bytes] = field(default_factory=list)
    flags: list[Flagged] = field(default_factory=list)
    wrong: list[WrongMerge] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    serial: int = 0
    last: tuple[str, Visit | None, datetime | None] = ("", None, None)

    def __post_init__(self) -> None:
        self.dialect = self.random.choice(DIALECTS)
        self.now = self.since = self.random.choice(STARTS)
        for number in range(self.random.randint(1, 3)):
            nhs = nhs_number(100 * number + 1) if self.random.random() < 0.7 else None
            born = f"19{self.random.randint(30, 70)}0701"
            self.records.append(Record(self.new("H"), "Marsh", GIVEN[number], born, nhs))

    def live(self, length: int) -> None:
        """So many events."""
        while sum(self.counts.values()) < length:
            event = self.random.choice(EVENTS)
            self.now += timedelta(minutes=self.random.randint(1, 300))
            event(self)

    def new(self, letter: str) -> str:
        """A number that nothing has had."""
        self.serial += 1
        return f"{letter}{self.serial:03}"

    def say(self, trigger: str, *groups: Group, into: list[bytes] | None = None) -> None:
        """Send a message, now and then twice under different control ids."""
        self.counts[trigger] = self.counts.get(trigger, 0) + 1
        self.last = (trigger, groups[0].visit, self.now)
        for group in groups if into is None else ():
            group.record.is_told = True
        for _ in range(2 if self.random.random() < AGAIN else 1):
            self.sent += 1
            written = message(self.dialect, trigger, self.now, self.sent, groups, self.random)
            (self.heard if into is None else into).append(written)

    def a_visit(self, fits: Callable[[Visit], bool]) -> Visit | None:
        """Some visit that goes on and fits."""
        found = [each for each in self.visits if each.goes_on_as is None and fits(each)]
        return self.random.choice(found) if found else None

    def perhaps_at_once(self, insert: str, visit: Visit) -> None:
        """A cancel is sometimes written down in the same minute as what it cancels."""
        trigger, of, at = self.last
        if (trigger, of) == (insert, visit) and at is not None and self.random.random() < 0.5:
            self.now = at

    def contacts(self) -> tuple[tuple[str, bool], ...]:
        """A list of next of kin; mostly none is sent."""
        choices = ((), (), (("Ben", True),), (("Ben", False),), (("Ben", True), ("Jo", False)))
        return self.random.choice(choices)

    def listed(self, record: Record) -> tuple[tuple[str, bool], ...]:
        """Contacts in an event that lists all of them: no list says nothing."""
        contacts = self.contacts()
        record.list_contacts(contacts)
        for merge in self.wrong if contacts else ():
            merge.hear_a_list_of(record)
        return contacts


def listing(world: World, visit: Visit) -> tuple[tuple[str, bool], ...]:
    """Contacts in an event of a visit; under a number that is another patient's none are listed."""
    return world.listed(visit.record) if visit.is_under_its_patient else ()


Effect = Callable[[World, Visit], Group]
Event = Callable[[World], None]


def is_in(visit: Visit) -> bool:
    return visit.state == "in"


def is_in_patient(visit: Visit) -> bool:
    return visit.state == "in" and visit.kind == "I"


def has_a_time(visit: Visit) -> bool:
    """Midnight counts as a date without a time (ADR-0017), and tells of no stay that it is the same as another."""
    return visit.admitted is not None and visit.admitted.astimezone(LONDON).time() != time()


def is_on_ward(visit: Visit) -> bool:
    return is_in_patient(visit) and not visit.on_leave


def of_visit(trigger: str, fits: Callable[[Visit], bool]) -> Callable[[Effect], Event]:
    """An event of one visit: when it may be sent, then what it does."""

    def made(effect: Effect) -> Event:
        def event(world: World) -> None:
            visit = world.a_visit(fits)
            if visit is not None:
                world.say(trigger, effect(world, visit))

        return event

    return made


def planned(trigger: str) -> Event:
    def event(world: World) -> None:
        visit = world.a_visit(lambda each: each.state in ("planned", "cancelled"))
        if visit is None or world.random.random() < 0.5:
            visit = Visit(world.new("V"), world.random.choice(world.records))
            world.visits.append(visit)
        visit.state, visit.planned_by, visit.kind = "planned", trigger, "I"
        visit.left, visit.on_leave, visit.admitted = None, False, None
        contacts = listing(world, visit) if trigger == "A05" else ()
        world.say(trigger, Group(visit.record, visit, contacts=contacts))

    return event


def begun(trigger: str, kinds: str) -> Event:
    def event(world: World) -> None:
        random = world.random
        visit = world.a_visit(lambda each: each.state in ("planned", "cancelled"))
        if visit is None or random.random() < 0.5:
            visit = Visit(world.new("V"), random.choice(world.records))
            world.visits.append(visit)
        visit.state, visit.kind, visit.admitted = "in", random.choice(kinds), world.now
        visit.left, visit.on_leave, visit.ward = None, False, random.choice(WARDS)
        visit.wards_before = []
        kind = "" if visit.kind == "I" and random.random() < 0.2 else None
        contacts = listing(world, visit)
        world.say(trigger, Group(visit.record, visit, kind=kind, contacts=contacts))

    return event


@of_visit("A02", is_on_ward)
def transferred(world: World, visit: Visit) -> Group:
    visit.wards_before.append(visit.ward)
    visit.ward = world.random.choice(WARDS)
    return Group(visit.record, visit)


@of_visit("A12", lambda each: is_on_ward(each) and bool(each.wards_before))
def not_transferred(world: World, visit: Visit) -> Group:
    world.perhaps_at_once("A02", visit)
    visit.ward = visit.wards_before.pop()
    return Group(visit.record, visit)


@of_visit("A03", is_in)
def discharged(world: World, visit: Visit) -> Group:
    visit.state, visit.left = "gone", world.now
    is_written = world.random.random() < 0.7
    return Group(visit.record, visit, left=visit.left if is_written else None)


@of_visit("A03", lambda each: is_on_ward(each) and each.keeps_its_number and has_a_time(each))
def discharged_under_another_number(world: World, visit: Visit) -> Group:
    visit.state, visit.left, visit.has_twin = "gone", world.now, True
    return Group(visit.record, visit, left=visit.left, number=world.new("X"))


@of_visit("A13", lambda each: each.state == "gone")
def not_discharged(world: World, visit: Visit) -> Group:
    world.perhaps_at_once("A03", visit)
    visit.state, visit.left = "in", None
    return Group(visit.record, visit)


@of_visit("A06", lambda each: each.state in ("in", "gone") and each.kind != "I")
def made_in_patient(world: World, visit: Visit) -> Group:
    stale = visit.kind if world.random.random() < 0.3 else None
    visit.kind, visit.state, visit.left, visit.on_leave = "I", "in", None, False
    return Group(visit.record, visit, kind=stale)


@of_visit("A07", is_in_patient)
def made_out_patient(world: World, visit: Visit) -> Group:
    visit.kind = "O"
    return Group(visit.record, visit, kind="I" if world.random.random() < 0.3 else None)


@of_visit("A08", lambda each: each.state in ("in", "gone", "planned"))
def updated(world: World, visit: Visit) -> Group:
    visit.expected = f"{world.now + timedelta(days=3):%Y%m%d}"
    return Group(visit.record, visit, contacts=listing(world, visit))


@of_visit("A16", is_in_patient)
def discharge_pending(world: World, visit: Visit) -> Group:
    visit.pending = True
    visit.expected = f"{world.now + timedelta(days=1):%Y%m%d}"
    return Group(visit.record, visit)


@of_visit("A25", lambda each: is_in_patient(each) and each.pending)
def discharge_not_pending(world: World, visit: Visit) -> Group:
    world.perhaps_at_once("A16", visit)
    visit.pending = False
    return Group(visit.record, visit)


@of_visit("A21", is_on_ward)
def on_leave(world: World, visit: Visit) -> Group:
    visit.on_leave, visit.returned = True, False
    return Group(visit.record, visit)


@of_visit("A22", lambda each: is_in_patient(each) and each.on_leave)
def back_from_leave(world: World, visit: Visit) -> Group:
    visit.on_leave, visit.returned = False, True
    return Group(visit.record, visit)


@of_visit("A52", lambda each: is_in_patient(each) and each.on_leave)
def leave_cancelled(world: World, visit: Visit) -> Group:
    world.perhaps_at_once("A21", visit)
    visit.on_leave = False
    return Group(visit.record, visit)


@of_visit("A53", lambda each: is_on_ward(each) and each.returned)
def return_cancelled(world: World, visit: Visit) -> Group:
    world.perhaps_at_once("A22", visit)
    visit.on_leave, visit.returned = True, False
    return Group(visit.record, visit)


@of_visit("A11", is_in)
def admission_cancelled(world: World, visit: Visit) -> Group:
    world.perhaps_at_once("A01", visit)
    return cancelled(visit)


@of_visit("A23", lambda each: each.state in ("in", "gone", "planned"))
def visit_deleted(world: World, visit: Visit) -> Group:
    return cancelled(visit)


def plan_cancelled(trigger: str, insert: str) -> Event:
    """The plan is given up, or tidied away after the admission, which it does not end."""

    def effect(world: World, visit: Visit) -> Group:
        visit.planned_by = None
        return cancelled(visit) if visit.state == "planned" else Group(visit.record, visit)

    return of_visit(
        trigger, lambda each: each.planned_by == insert and each.state in ("planned", "in", "gone")
    )(effect)


def cancelled(visit: Visit) -> Group:
    group = Group(visit.record, visit)
    visit.state, visit.on_leave, visit.returned, visit.pending = "cancelled", False, False, False
    return group


def swapped(world: World) -> None:
    one = world.a_visit(is_on_ward)
    other = world.a_visit(
        lambda each: one is not None and is_on_ward(each) and each.record is not one.record
    )
    if one is not None and other is not None:
        one.ward, other.ward = other.ward, one.ward
        world.say("A17", Group(one.record, one), Group(other.record, other))


def person_told(trigger: str) -> Event:
    def event(world: World) -> None:
        record = world.random.choice(world.records)
        world.say(trigger, Group(record, contacts=world.listed(record)))

    return event


def registered_again(world: World, record: Record) -> Record:
    """Somebody is admitted under another number, because nobody asked for their NHS number."""
    double = Record(world.new("H"), record.family, record.given, record.born, None)
    world.records.append(double)
    visit = Visit(world.new("V"), double, state="in", admitted=world.now)
    world.visits.append(visit)
    world.say("A01", Group(double, visit, contacts=listing(world, visit)))
    world.now += timedelta(minutes=world.random.randint(1, 300))
    return double


def merged(world: World) -> None:
    """Two records of one patient, or three at once, become one; now and then not at once."""
    one = world.random.choice(world.records)
    found = [each for each in world.records if each.is_of(one)]
    if len(found) == 1:
        found.append(registered_again(world, one))
        if world.random.random() < LATER:
            return
    kept, *gone = world.random.sample(found, world.random.randint(2, len(found)))
    groups = [Group(kept, replaced_record=each.number) for each in gone]
    for each in gone:
        world.records.remove(each)
        for visit in world.visits:
            visit.record = kept if visit.record is each else visit.record
            visit.patient = kept if visit.patient is each else visit.patient
        for merge in world.wrong:
            merge.kept = kept if merge.kept is each else merge.kept
    for each in gone:
        kept.goes_on_for(each)
    world.say(world.random.choice(MERGES), *groups)


def renumbered(world: World) -> None:
    """The patient's number changes."""
    record = world.random.choice(world.records)
    before = record.number
    record.renumber(world.new("H"))
    world.say("A47", Group(record, replaced_record=before))


def moved_with_account(world: World) -> None:
    """A visit was another patient's all along; it keeps its number."""
    visit = world.a_visit(lambda each: each.state in ("in", "gone") and not each.has_twin)
    others = [each for each in world.records if visit is not None and each is not visit.record]
    if visit is not None and others:
        before = visit.record
        record = world.random.choice(others)
        visit.patient = patient_after(world.wrong, visit, record, moves=True)
        visit.record, visit.moved = record, True
        world.say("A44", Group(visit.record, visit, replaced_record=before.number))


def visit_renumbered(trigger: str) -> Event:
    """The visit goes on under another number, in A45 perhaps as another patient's; a short message says only that."""

    def event(world: World) -> None:
        visit = world.a_visit(lambda each: each.state in ("in", "gone", "planned"))
        if visit is None:
            return
        before = visit.record
        record = before
        if trigger == "A45" and not visit.has_twin:
            record = world.random.choice(world.records)
        renumber_visit(world, trigger, visit, record, before.number)

    return event


def double_merged(world: World) -> None:
    """An admission was typed in twice; the second number is merged into the first (A42)."""
    visit = world.a_visit(is_on_ward)
    if visit is None:
        return
    double = Visit(world.new("V"), visit.record, state="in", admitted=world.now, ward="W3")
    world.visits.append(double)
    world.say("A01", Group(visit.record, double))
    world.now += timedelta(minutes=world.random.randint(1, 300))
    double.goes_on_as = visit
    world.say("A42", Group(visit.record, visit, replaced_visit=double.number))


def of_no_meaning(world: World) -> None:
    visit = world.a_visit(lambda each: each.state != "none")
    record = visit.record if visit else world.random.choice(world.records)
    trigger = world.random.choice(NO_MEANING)
    world.say(trigger, Group(record, visit), into=world.ignored)


def account_merged(world: World) -> None:
    """Accounts, and no visit is named."""
    record = world.random.choice(world.records)
    trigger = world.random.choice(("A35", "A41", "A44"))
    world.say(trigger, Group(record, replaced_record=record.number), into=world.ignored)


def flagged(world: World) -> None:
    """At the patient's practice."""
    found = [each for each in (*world.records, *(one.gone for one in world.wrong)) if each.nhs]
    if found:
        record = world.random.choice(found)
        record.flagged = not record.flagged
        world.flags.append(Flagged(record, world.now, record.flagged))


EVENTS: Sequence[Event] = (
    begun("A01", "I"), begun("A01", "I"), begun("A04", "OE"), planned("A05"), planned("A14"),
    transferred, not_transferred, discharged, discharged_under_another_number, not_discharged,
    made_in_patient, made_out_patient, updated, updated, discharge_pending, discharge_not_pending,
    on_leave,
    on_leave, on_leave, back_from_leave, back_from_leave, return_cancelled,
    return_cancelled, leave_cancelled, return_cancelled, admission_cancelled, visit_deleted,
    plan_cancelled("A38", "A05"), plan_cancelled("A27", "A14"), swapped, person_told("A28"),
    person_told("A31"), merged, renumbered, moved_with_account, visit_renumbered("A45"),
    visit_renumbered("A50"), double_merged, of_no_meaning, account_merged, flagged,
    wrongly_merged, moved_to_the_number_that_went, answered, answered,
)  # fmt: skip
