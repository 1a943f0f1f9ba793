"""A made-up big hospital that sends ADT in an order that makes sense, from a seed: the same seed, the same bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from deploy.bench.people import Patient, People
from deploy.bench.templates import Stay, message

DAY: Final = {
    "A08": 45,
    "A31": 15,
    "A01": 8,
    "A02": 8,
    "A03": 8,
    "A04": 8,
    "A28": 3,
    "A13": 2,
    "A05": 1,
    "A11": 1,
    "A12": 1,
}
"""Of a hundred messages of a day, how many are which. Ours: feeds differ, and A08 is most of every one."""

WARDS: Final = tuple(f"WARD{number}" for number in range(1, 61))
BEDS: Final = 32
TELLING: Final = 0.1
"""Of A08, those that change a bed or a telephone number of next of kin; as many again change the patient's own."""

SHARE_EXPECTED: Final = 0.5
"""Of admissions, those that say until when."""
BEGINNING: Final = timedelta(days=3)
"""How long ago those who are in at the beginning came at most."""
MOST_TRIES: Final = 20


@dataclass(frozen=True, slots=True)
class Adt:
    """One message and what it is about."""

    trigger: str
    control_id: str
    frame: bytes


class Hospital:
    """Whom it knows, who is in, and what it says next.

    Args:
        seed: Of everything that is left to chance.
        begins_at: When its first message was written; each is later than the one before.
        step: Between two messages.
    """

    def __init__(
        self, seed: int, begins_at: datetime, step: timedelta = timedelta(milliseconds=10)
    ) -> None:
        self._chance = Random(seed)  # noqa: S311 - made-up people from a seed, no secret
        self._people = People(self._chance)
        self._now, self._step = begins_at, step
        self._name = f"{seed % 10_000:04}"
        self._messages = self._visits = 0
        self.known: list[Patient] = []
        self.inside: list[Stay] = []
        self._gone: list[Stay] = []
        self._says: dict[str, Callable[[], Adt]] = {
            "A01": self.admitted,
            "A02": self.moved,
            "A03": self.discharged,
            "A04": self.attending,
            "A05": self.expected,
            "A08": self.updated,
            "A11": self.admission_cancelled,
            "A12": self.move_cancelled,
            "A13": self.discharge_cancelled,
            "A28": self.registered,
            "A31": self.person_updated,
        }

    def beginning(self, people: int, inside: int) -> Iterator[Adt]:
        """What it tells a hub that is new to it: everybody it knows, then everybody who is in."""
        for _ in range(people):
            yield self.registered()
        for _ in range(inside):
            yield self.admitted(ago=self._chance.random() * BEGINNING)

    def day(self, messages: int) -> Iterator[Adt]:
        """So many messages of a day."""
        triggers = self._chance.choices(tuple(DAY), weights=tuple(DAY.values()), k=messages)
        for trigger in triggers:
            yield self._says[trigger]()

    # Persons.

    def registered(self) -> Adt:
        """A28: somebody new."""
        patient = self._people.patient()
        self.known.append(patient)
        return self._said("A28", patient)

    def person_updated(self) -> Adt:
        """A31: mostly the same again."""
        if not self.known:
            return self.registered()
        patient = self._chance.choice(self.known)
        if self._chance.random() < TELLING:
            patient.address = self._people.address()
        return self._said("A31", patient)

    # Visits.

    def admitted(self, *, with_carer: bool | None = None, ago: timedelta = timedelta(0)) -> Adt:
        """A01. With `with_carer` it is somebody new, whose carer is known or is not."""
        patient = self._somebody_outside() if with_carer is None else self._newcomer(with_carer)
        stay = self._stay(patient, "I", ago)
        patient.is_in = True
        self.inside.append(stay)
        if self._chance.random() < SHARE_EXPECTED:
            stay.expected_at = stay.admitted_at + timedelta(days=self._chance.randint(4, 12))
        return self._said("A01", patient, stay)

    def admitted_apart(self, ward: str) -> tuple[Adt, Stay]:
        """A01 of an adult whose carer is known and of whom nothing else is said unless it is asked for."""
        patient = self._people.patient(with_carer=True)
        stay = self._stay(patient, "I")
        stay.ward = ward
        return self._said("A01", patient, stay), stay

    def discharged_apart(self, stay: Stay) -> Adt:
        """A03 of such a stay."""
        stay.discharged_at = self._now
        return self._said("A03", stay.patient, stay)

    def cancelled_apart(self, stay: Stay) -> Adt:
        """A11 of such a stay."""
        return self._said("A11", stay.patient, stay)

    def attending(self) -> Adt:
        """A04: an out-patient or somebody in the emergency department."""
        patient = self._somebody_outside()
        return self._said("A04", patient, self._stay(patient, self._chance.choice("OE")))

    def expected(self) -> Adt:
        """A05: a planned admission."""
        patient = self._somebody_outside()
        return self._said("A05", patient, self._stay(patient, "P"))

    def updated(self) -> Adt:
        """A08: most of them change nothing that anybody is told."""
        stay = self._somebody_inside()
        chance = self._chance
        stay.note = chance.randint(0, 999)
        what = chance.random()
        if what < TELLING:
            if stay.patient.kin and chance.random() < 0.5:
                chance.choice(stay.patient.kin).telephone = self._people.telephone()
            else:
                stay.bed = self._bed()
        elif what < 2 * TELLING:
            stay.patient.mobile = self._people.mobile()
        return self._said("A08", stay.patient, stay)

    def moved(self) -> Adt:
        """A02."""
        stay = self._somebody_inside()
        stay.before = (stay.ward, stay.bed)
        stay.ward, stay.bed = self._chance.choice(WARDS), self._bed()
        return self._said("A02", stay.patient, stay)

    def move_cancelled(self) -> Adt:
        """A12, of the last move of somebody; else a move."""
        stay = self._somebody_inside()
        if stay.before is None:
            return self.moved()
        (stay.ward, stay.bed), stay.before = stay.before, None
        return self._said("A12", stay.patient, stay)

    def discharged(self) -> Adt:
        """A03."""
        stay = self._somebody_inside()
        self._leaves(stay)
        stay.discharged_at = self._now
        self._gone.append(stay)
        return self._said("A03", stay.patient, stay)

    def discharge_cancelled(self) -> Adt:
        """A13, of a late discharge of somebody who has not come back since; else an update."""
        stay = self._gone.pop() if self._gone else None
        if stay is None or stay.patient.is_in:
            return self.updated()
        stay.discharged_at, stay.patient.is_in = None, True
        self.inside.append(stay)
        return self._said("A13", stay.patient, stay)

    def admission_cancelled(self) -> Adt:
        """A11, of somebody who is in."""
        stay = self._somebody_inside()
        self._leaves(stay)
        return self._said("A11", stay.patient, stay)

    # What they share.

    def _said(self, trigger: str, patient: Patient, stay: Stay | None = None) -> Adt:
        self._messages += 1
        self._now += self._step
        control = f"B{self._name}{self._messages:08}"
        frame = message(trigger, control, self._now, patient, stay)
        return Adt(trigger, control, frame)

    def _somebody_outside(self) -> Patient:
        """Mostly somebody known."""
        for _ in range(MOST_TRIES if self.known else 0):
            patient = self._chance.choice(self.known)
            if not patient.is_in:
                return patient
        return self._newcomer()

    def _newcomer(self, with_carer: bool | None = None) -> Patient:
        patient = self._people.patient(with_carer=with_carer)
        self.known.append(patient)
        return patient

    def _somebody_inside(self) -> Stay:
        if not self.inside:
            self.admitted()
        return self._chance.choice(self.inside)

    def _leaves(self, stay: Stay) -> None:
        place = self.inside.index(stay)
        self.inside[place] = self.inside[-1]
        self.inside.pop()
        stay.patient.is_in = False

    def _stay(self, patient: Patient, patient_class: str, ago: timedelta = timedelta(0)) -> Stay:
        self._visits += 1
        chance = self._chance
        return Stay(
            patient=patient,
            number=f"V{self._name}{self._visits:07}",
            patient_class=patient_class,
            ward=chance.choice(WARDS),
            bed=self._bed(),
            consultant=chance.randint(1, 400),
            admitted_at=self._now - ago,
            note=chance.randint(0, 999),
        )

    def _bed(self) -> str:
        return f"B{self._chance.randint(1, BEDS):02}"
