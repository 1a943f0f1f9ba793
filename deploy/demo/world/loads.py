"""What practices send at the beginning, and by extract at the end: everybody of whom they know."""

from datetime import datetime, timedelta
from typing import Final

from deploy.demo.script import Send
from deploy.demo.world import fhir
from deploy.demo.world.area import PRACTICES, Practice
from deploy.demo.world.book import Book
from deploy.demo.world.clock import day_of, on_day
from deploy.demo.world.extract import Row, extract
from deploy.demo.world.people import Caring, Person
from deploy.demo.world.truth import BOARD_ROUND

MIDNIGHT: Final = BOARD_ROUND.replace(hour=0)
EXTRACT_BEFORE_END: Final = timedelta(minutes=12)
BY_LINK_ALONE: Final = 0.15
"""Share of links that are told as a related person who is a carer, without a flag."""


def first_load(book: Book, carings: list[Caring]) -> None:
    """Every link that a practice knows before the day begins; older than the day, and sent at its beginning."""
    first = [each for each in carings if each.known_by == "practice" and each not in book.held]
    for number, caring in enumerate(each for each in first if how(each) == "fhir"):
        written_at = book.years_ago()
        body = told(book, caring, written_at)
        sender = caring.carer.home.practice.sender
        book.add(Send(beginning(book, number), sender, body, "known carer"))
        book.heard(caring, written_at)
    by_extract = [each for each in first if how(each) == "csv"]
    for practice in (each for each in PRACTICES if each.how == "csv"):
        own = [each for each in by_extract if each.carer.home.practice == practice]
        extracts(book, practice, own)


def how(caring: Caring) -> str:
    """How the carer's practice sends."""
    return caring.carer.home.practice.how


def beginning(book: Book, number: int) -> datetime:
    """A time before anything else of the day."""
    return book.start + timedelta(seconds=number)


def told(book: Book, caring: Caring, written_at: datetime) -> bytes:
    """A link as its practice wrote it down."""
    letter = book.letter(written_at)
    if book.chance.random() < BY_LINK_ALONE:
        return fhir.carer_link(letter, caring)
    code = book.chance.choice(fhir.IS_A_CARER)
    return fhir.carer_flag(letter, caring, code, asked=book.chance.random() < 0.3)


def extracts(book: Book, practice: Practice, carings: list[Caring]) -> None:
    """The extract that a practice has, and the one of this day, which holds everything again."""
    old = [Row(book.number(), caring, day_of(book.years_ago())) for caring in carings]
    for row in old:
        book.heard(row.caring, on_day(row.recorded_on, MIDNIGHT))
    today = day_of(book.now)
    new = [
        Row(row.number, row.caring, today, "ended") if row.caring in book.ended_rows else row
        for row in old
    ] + book.rows.get(practice.ods_code, [])
    days = (
        (book.start, day_of(book.start), old, "known carers, extract"),
        (book.now - EXTRACT_BEFORE_END, today, new, "carers of the day, extract"),
    )
    for at, made_on, rows, kind in days:
        name = f"carers-{practice.ods_code.lower()}-{made_on.isoformat()}.csv"
        body = extract(rows, made_on, practice.charset)
        book.add(Send(at, practice.sender, body, kind, name=name))


def carers_of_nobody(book: Book, people: list[Person]) -> None:
    """Flags that say "is a carer" and not of whom: nothing is guessed."""
    for person in people:
        at = book.some_time_in(book.start, book.now - timedelta(hours=2))
        body = fhir.flag_without_link(book.letter(at), person)
        book.add(Send(at, person.home.practice.sender, body, "flag without a link"))
