"""The smallest day that has everything: a flag, three admissions, a cancelled one, a contact, a refusal."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from deploy.demo.script import AlertKey, AlertState, Contact, Day, Expected, Send, Step
from hub.testing.flags import carer_flag
from hub.testing.people import Person

LONDON = ZoneInfo("Europe/London")
CARED_FOR = ("Ada", "Cyril", "Edna")


def nhs_number(number: int) -> str:
    """The next number of the 999 range, from this one on, that has a check digit."""
    while True:
        text = f"999{number:06d}"
        weighed = sum(int(digit) * (10 - place) for place, digit in enumerate(text))
        check = (11 - weighed % 11) % 11
        if check < 10:
            return f"{text}{check}"
        number += 1


def next_ten(moment: datetime) -> datetime:
    """The first 10:00 in London after a moment."""
    local = moment.astimezone(LONDON)
    ten = local.replace(hour=10, minute=0, second=0, microsecond=0)
    return ten if ten > local else ten + timedelta(days=1)


@dataclass(frozen=True)
class Household:
    """Somebody in hospital and who looks after them."""

    patient: Person
    carer: Person
    visit: str


def households(family: str, start: int) -> list[Household]:
    found = []
    for number, given in enumerate(CARED_FOR):
        first = start + 100 * number
        patient = Person(given, family, "1941-03-02", nhs_number(first), f"H{first}")
        carer = Person("Ben", family, "1969-07-21", nhs_number(first + 50), phone="0116 496 0001")
        found.append(Household(patient, carer, f"V{first}"))
    return found


def tiny_day(
    now: datetime, family: str = "Marsh", start: int = 1000, *, contact: bool = True
) -> Day:
    """A day of one family name; days with numbers far apart have nobody in common."""
    admitted = now.astimezone(LONDON).replace(microsecond=0)
    homes = households(family, start)
    steps: list[Step] = []
    for home in homes:
        body = carer_flag(home.carer, "2026-11-03 12:00", of=home.patient).resource
        steps += [
            Send(admitted, "c82901-fhir", body, "carer flag"),
            Send(admitted, "rwe-adt", adt("A01", home, admitted), "admission", "WARD23"),
        ]
    stays, contacted, cancelled = homes
    later = admitted + timedelta(seconds=1)
    if contact:
        steps.append(Contact(admitted, key(contacted, admitted), f"Ben {family}", "contacted_able"))
    steps += [
        Send(
            later,
            "rwe-adt",
            adt("A11", cancelled, later),
            "cancelled admission",
            "WARD23",
            after=key(cancelled, admitted),
        ),
        Send(later, "rwe-adt", adt("A01", stays, later, "ZZZ"), "broken", "WARD23", answer="AR"),
    ]

    def expected(at: datetime) -> Expected:
        due = next_ten(admitted)
        carers = frozenset({f"Ben {family}"})
        level = int(at >= due)  # a deadline that passes stays where it is
        waiting = AlertState(key(stays, admitted), "requested", carers, due, "WARD23", level=level)
        done = replace(waiting, status="completed", due_at=None, level=0)
        return Expected(
            (
                waiting,
                replace(done if contact else waiting, key=key(contacted, admitted)),
                AlertState(key(cancelled, admitted), "cancelled", frozenset(), None, "WARD23"),
            ),
            (),
        )

    return Day(start, now, steps, {"people": 2 * len(homes)}, expected)


def key(home: Household, admitted: datetime) -> AlertKey:
    minute = admitted.replace(second=0, microsecond=0)
    return AlertKey("RWE", home.patient.hospital_number or "", minute)


def adt(event: str, home: Household, at: datetime, identity: str = "PID") -> bytes:
    """An ADT message as a patient administration system writes it."""
    stamp = f"{at:%Y%m%d%H%M%S}"
    person, visit = home.patient, home.visit
    return (
        f"MSH|^~\\&|PAS|RWE|HUB|HUB|{stamp}||ADT^{event}|{event}{identity}{visit}|P|2.4\r"
        f"EVN||{stamp}||||{stamp}\r"
        f"{identity}|1||{person.hospital_number}^^^RWE^MR~{person.nhs_number}^^^NHS^NH||"
        f"{person.family}^{person.given}||19410302|2\r"
        f"PV1|1|I|WARD23^^B4^RWEAA||||||||||||||||{visit}" + "|" * 25 + f"{stamp}\r"
    ).encode()
