"""What cannot be used, as every feed has it: the hub must say so, keep it, and go on."""

from datetime import datetime, timedelta
from typing import Final

from deploy.demo.script import Send
from deploy.demo.world import fhir
from deploy.demo.world.adt import Identity, Message, evn, msh, pid, pv1
from deploy.demo.world.area import LEEDS_HOSPITALS, LEICESTER_HOSPITALS, PRACTICES, Trust
from deploy.demo.world.book import Book
from deploy.demo.world.clock import day_of, fhir_time
from deploy.demo.world.extract import Row, extract
from deploy.demo.world.people import Caring
from deploy.demo.world.story import Stay

UNUSABLE: Final = "unusable"
NOT_FOR_US: Final = "not for the hub"

REFUSED: Final = {LEICESTER_HOSPITALS.ods_code: "AR", LEEDS_HOSPITALS.ods_code: "AA"}
"""How a trust wants to hear that a message can never be right; `on_reject` of its sender (ADR-0010)."""


def mishaps(book: Book) -> None:
    """One of each, from each side."""
    for trust in (LEICESTER_HOSPITALS, LEEDS_HOSPITALS):
        nobody_named(book, trust)
        another_kind(book, trust)
    flag_of_nobody(book)
    cut_off(book)


def some_time(book: Book) -> datetime:
    """Somewhere in the day."""
    return book.some_time_in(book.start + timedelta(hours=2), book.now - timedelta(hours=1))


def about(book: Book, trust: Trust, at: datetime) -> Message:
    """An update about somebody who is there, or was."""
    stay: Stay = book.chance.choice([each for each in book.stays if each.trust == trust])
    identity = Identity(stay.number, stay.patient.nhs_number, stay.patient.born)
    return Message("A08", f"{trust.ods_code}{book.number():07}", at, at, stay, identity)


def nobody_named(book: Book, trust: Trust) -> None:
    """An update whose patient was lost on the way: no PID."""
    at = some_time(book)
    message = about(book, trust, at)
    body = in_segments(trust, msh(message), evn(message), pv1(message))
    book.add(Send(at, trust.sender, body, UNUSABLE, answer=REFUSED[trust.ods_code]))


def another_kind(book: Book, trust: Trust) -> None:
    """A result, sent to everybody: well-formed, and of no concern."""
    at = some_time(book)
    message = about(book, trust, at)
    header = msh(message).replace("ADT^A08^ADT_A01", "ORU^R01^ORU_R01")
    body = in_segments(trust, header, pid(message), "OBR|1|||GLU", "OBX|1|NM|GLU||5.4|mmol/L")
    book.add(Send(at, trust.sender, body, NOT_FOR_US, answer="AA"))


def in_segments(trust: Trust, *segments: str) -> bytes:
    """A message of these segments."""
    return "".join(f"{each}\r" for each in segments).encode(trust.charset[1])


def flag_of_nobody(book: Book) -> None:
    """A flag that does not say on whom."""
    at = some_time(book)
    practice = book.chance.choice([each for each in PRACTICES if each.how == "fhir"])
    code = fhir.coded(fhir.SNOMED, fhir.IS_A_CARER[0][0])
    flag = {
        "resourceType": "Flag",
        "meta": {"lastUpdated": fhir_time(at)},
        "status": "active",
        "code": code,
    }
    book.add(Send(at, practice.sender, fhir.as_json(flag), UNUSABLE, answer="422"))


def cut_off(book: Book) -> None:
    """An extract whose end was lost: none of it is taken, else half the carers would be gone."""
    at = some_time(book)
    practice = book.chance.choice([each for each in PRACTICES if each.how == "csv"])
    own: list[Caring] = [
        each
        for each in book.known
        if each.carer.home.practice == practice and each.known_by == "practice"
    ]
    rows = [Row(book.number(), each, day_of(at)) for each in own]
    whole = extract(rows, day_of(at), practice.charset)
    name = f"carers-{practice.ods_code.lower()}-cut-off.csv"
    body = whole[: len(whole) * 2 // 3]
    book.add(Send(at, practice.sender, body, UNUSABLE, name=name, answer="rejected"))
