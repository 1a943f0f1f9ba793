"""Carers who are asked whether they want to be referred, and what services answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from deploy.demo.script import Answer, Send
from deploy.demo.world import fhir
from deploy.demo.world.book import Book
from deploy.demo.world.people import Person
from deploy.demo.world.story import Agreed

ASKED_BEFORE: Final = timedelta(minutes=4)
"""Between what a carer said and its being written down."""
BETWEEN: Final = (40, 170)
"""Minutes between one thing and the next."""
REASONS: Final = ("out-of-area", "full", "not-suitable", "already-supported")
"""Why a service says no: of the hub's code list `urn:carers-hub:code:referral-reason`."""


def agrees(book: Book, carer: Person) -> tuple[Agreed, datetime]:
    """A carer agrees, some time in the day."""
    at = book.some_time_in(book.start + timedelta(hours=2), book.now - timedelta(hours=10))
    agreed = Agreed(carer, given_at=at - ASKED_BEFORE, yes=True)
    consent(book, agreed, at, "agreement")
    return agreed, at


def consent(book: Book, agreed: Agreed, at: datetime, kind: str, *, back: bool = False) -> None:
    """The practice sends what the carer said; `back`: they took it back, after the referral was raised."""
    status, permit = ("inactive", "permit") if back else ("active", "permit")
    if not (agreed.yes or back):
        permit = "deny"
    body = fhir.consent(book.letter(at), agreed.carer, agreed.given_at, status, permit)
    sender = agreed.carer.home.practice.sender
    book.add(Send(at, sender, body, kind, after=agreed.key if back else None))


def later(book: Book, at: datetime) -> datetime:
    """Some time after."""
    return at + timedelta(minutes=book.chance.randint(*BETWEEN))


def answered(book: Book, agreed: Agreed, at: datetime, outcome: str, reason: str = "") -> Agreed:
    """The service answers."""
    book.add(Answer(at, agreed.key, outcome, reason))
    return replace(agreed, answers=(*agreed.answers, (outcome, at)))


def raised(book: Book, carer: Person) -> None:
    """Nothing was answered yet."""
    book.agreed.append(agrees(book, carer)[0])


def accepted(book: Book, carer: Person) -> None:
    """The service takes the carer on."""
    agreed, at = agrees(book, carer)
    book.agreed.append(answered(book, agreed, later(book, at), "accepted"))


def declined(book: Book, carer: Person) -> None:
    """The service says no, with a reason."""
    agreed, at = agrees(book, carer)
    reason = book.chance.choice(REASONS)
    book.agreed.append(answered(book, agreed, later(book, at), "declined", reason))


def closed(book: Book, carer: Person) -> None:
    """Taken on, and done."""
    agreed, at = agrees(book, carer)
    at = later(book, at)
    agreed = answered(book, agreed, at, "accepted")
    book.agreed.append(answered(book, agreed, later(book, at), "closed"))


def taken_back(book: Book, carer: Person) -> None:
    """The carer takes it back."""
    agreed, at = agrees(book, carer)
    consent(book, agreed, later(book, at), "agreement withdrawn", back=True)
    book.agreed.append(replace(agreed, yes=False, told=True))


def refused(book: Book, carer: Person) -> None:
    """The carer does not want it."""
    at = book.some_time_in(book.start, book.now - timedelta(hours=1))
    agreed = Agreed(carer, given_at=at - ASKED_BEFORE, yes=False)
    consent(book, agreed, at, "agreement refused")
    book.agreed.append(agreed)


HOW_MANY: Final[Mapping[Callable[[Book, Person], None], int]] = {
    raised: 22,
    accepted: 14,
    declined: 7,
    closed: 4,
    taken_back: 6,
    refused: 4,
}


def agreements(book: Book, carers: Sequence[Person]) -> None:
    """So many of each; `carers` are those of FHIR practices whose caring goes on."""
    waiting = iter(carers)
    for happens, how_many in HOW_MANY.items():
        for _ in range(how_many):
            happens(book, next(waiting))
