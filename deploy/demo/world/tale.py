"""One patient's way through the day: the clock goes on, messages are sent, and what is so is kept beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from deploy.demo.script import Contact as ContactRecorded
from deploy.demo.script import Send
from deploy.demo.world import fhir
from deploy.demo.world.adt import CARER, RELATIONSHIPS, Contact, Identity, Message, written
from deploy.demo.world.book import LAST, Book
from deploy.demo.world.clock import MINUTE, day_of, on_day, to_the_minute
from deploy.demo.world.people import Caring, Person, age_on
from deploy.demo.world.story import YOUNG_CARER_BELOW, Done, Stay

AT_ONCE = timedelta(0)
LEAST = 8 * MINUTE
"""Between two things that happen to one patient: longer than it takes to write one down."""
SHARE = (0.04, 0.16)
"""Of what is left of the day, how much goes by between two things."""


@dataclass(slots=True)
class Tale:
    """One patient's day.

    Attributes:
        carings: Who looks after the patient, whether the hub knows it or not.
        relative: Next of kin who looks after nobody, for NK1.
        stay: As it is now.
        clock: Now.
        identity: The patient as the hospital knows them.
        both: The ward calls carers so who are flagged by their practice as well.
        done: What people recorded.
        ending: Links that are over in the end.
        earlier: The stay as each message told of it.
    """

    book: Book
    carings: Sequence[Caring]
    stay: Stay
    clock: datetime
    identity: Identity
    relative: Person | None = None
    both: bool = False
    done: list[Done] = field(default_factory=list)
    ending: list[Caring] = field(default_factory=list)
    earlier: list[Stay] = field(default_factory=list)
    _in_nk1: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def patient(self) -> Person:
        """Whose tale it is."""
        return self.stay.patient

    def wait(self) -> datetime:
        """Time goes by."""
        left = self.book.now - LAST - self.clock
        gone = max(left * self.book.chance.uniform(*SHARE), LEAST)
        self.clock = to_the_minute(self.clock + gone)
        return self.clock

    def change(self, stay: Stay) -> None:
        """From here on it is so."""
        self.stay = stay

    # What the hospital sends.

    def message(self, trigger: str, stay: Stay | None = None) -> Message:
        """A message of now, about the stay as it is or as the hospital has it."""
        book, stay = self.book, stay or self.stay
        self.earlier.append(stay)
        return Message(
            trigger=trigger,
            control_id=f"{self.stay.trust.ods_code}{book.number():07}",
            recorded_at=self.clock + timedelta(seconds=book.chance.randrange(5, 170)),
            occurred_at=self.clock,
            stay=stay,
            identity=self.identity,
        )

    def with_contacts(self, message: Message) -> Message:
        """The message with all contacts that the ward knows of, in no order."""
        contacts = self.contacts()
        self.book.chance.shuffle(contacts)
        return replace(message, contacts=tuple(contacts))

    def send(
        self, message: Message, kind: str, late: timedelta = AT_ONCE, *, after: bool = False
    ) -> None:
        """The message leaves; `late`: so long after it was written. `after`: it takes away an alert's reason."""
        book, at = self.book, message.recorded_at + late
        for caring in self.called_carers(message):
            book.heard(caring, message.recorded_at)
        book.counts[message.trigger] += 1
        body = written(message)
        key = message.stay.key if after else None
        book.add(Send(at, self.stay.trust.sender, body, kind, ward=message.stay.ward, after=key))

    def say(self, trigger: str, kind: str, *, contacts: bool = False) -> None:
        """Send a plain message of now."""
        message = self.message(trigger)
        self.send(self.with_contacts(message) if contacts else message, kind)

    def called_carers(self, message: Message) -> list[Caring]:
        """The links that the message speaks of: contacts with the role of carer."""
        called = {
            contact.person.nhs_number for contact in message.contacts if CARER in contact.roles
        }
        return [caring for caring in self.carings if caring.carer.nhs_number in called]

    # NK1.

    def contacts(self) -> list[Contact]:
        """Carers of whom the ward heard, family members, or somebody who is next of kin only."""
        found = [
            Contact(caring.carer, roles) for caring in self.carings if (roles := self.roles(caring))
        ]
        return found or list(self.next_of_kin())

    def next_of_kin(self) -> tuple[Contact, ...]:
        """The relative who looks after nobody, if there is one."""
        if self.relative is None:
            return ()
        return (Contact(self.relative, (RELATIONSHIPS["next of kin"],)),)

    def roles(self, caring: Caring) -> tuple[str, ...]:
        """How the ward has somebody in NK1, the same all day; empty = not at all."""
        number = caring.carer.nhs_number
        if number not in self._in_nk1:
            self._in_nk1[number] = self._roles(caring)
        return self._in_nk1[number]

    def _roles(self, caring: Caring) -> tuple[str, ...]:
        chance, family = self.book.chance, RELATIONSHIPS[caring.relationship]
        if caring.known_by == "ward" or self.both:
            return chance.choice(((CARER,), (family, CARER), (CARER, family)))
        return chance.choice(((), (family,), (family,)))

    # What happens.

    def home_by(self, days: int) -> date | datetime:
        """Some day after today, or a time of that day."""
        day = day_of(self.clock) + timedelta(days=days)
        if self.book.chance.random() < 0.5:
            return day
        clock = datetime.min.time().replace(hour=self.book.chance.randrange(9, 18))
        return on_day(day, clock)

    def recorded(self, carer: Person | None, outcome: str, kind: str = "contact recorded") -> None:
        """Somebody of the ward records something, about a carer or about the alert. No child is asked to care."""
        at = self.wait()
        if carer is not None and self.is_young(carer) and outcome.startswith("contacted"):
            outcome = "young_carer_lead_told"
        self.done.append(Done(carer, outcome, at))
        name = carer.name if carer else ""
        self.book.add(ContactRecorded(at, self.stay.key, name, outcome, kind))

    def is_young(self, carer: Person) -> bool:
        """Whether a carer was under 18 at the admission."""
        return age_on(carer.born, day_of(self.stay.admitted_at)) < YOUNG_CARER_BELOW

    def flagged(self, caring: Caring, kind: str, late: timedelta = AT_ONCE) -> None:
        """The carer's practice flags them now; it sends FHIR."""
        book, code = self.book, self.book.chance.choice(fhir.IS_A_CARER)
        letter = book.letter(self.clock)
        body = fhir.carer_flag(letter, caring, code, asked=book.chance.random() < 0.3)
        book.add(Send(self.clock + late, caring.carer.home.practice.sender, body, kind))
        book.heard(caring, self.clock)

    def ended(self) -> Stay:
        """The stay as it is in the end."""
        stay = replace(self.stay, done=tuple(self.done), earlier=tuple(self.earlier))
        self.book.stays.append(stay)
        return stay
