"""From a form to the log: who answers, made durable, and then a short wait until the pages show it."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from connectors.portal import words
from connectors.portal.desk import Desk, Visit
from connectors.portal.flash import flash_in
from connectors.portal.form import Said
from connectors.portal.keys import digest_of
from connectors.portal.refusals import not_here
from hub.errors import Unavailable
from hub.identity import derived
from hub.outcomes import AlertKnown, Answer, ReferralKnown

SOURCE: Final = "portal"
WAIT_SECONDS: Final = 2.0
LOOK_SECONDS: Final = 0.05
AGAIN: Final = {"Retry-After": "60"}

T = TypeVar("T")
Row = TypeVar("Row")
Shown = TypeVar("Shown")
Known = TypeVar("Known", AlertKnown, ReferralKnown)


def id_in(visit: Visit) -> UUID:
    """The id that the address names.

    Raises:
        NotHere: It is no id.
    """
    try:
        return UUID(visit.path["id"])
    except ValueError:
        raise not_here() from None


async def row_asked(one: Callable[[str, UUID], Row | None], visit: Visit) -> Row:
    """What the address names, looked up for this organisation.

    Raises:
        NotHere: There is none, or it is not this organisation's.
    """
    row = await asyncio.to_thread(one, visit.ods_code, id_in(visit))
    if row is None:
        raise not_here()
    return row


async def said_before(
    one: Callable[[str, UUID], Row | None], shown: Callable[[Row, datetime], Shown], visit: Visit
) -> tuple[str, Shown] | None:
    """What was just sent, and of whom; who that is stands on the page alone, never in its address."""
    flash = flash_in(visit.query)
    if flash is None:
        return None
    row = await asyncio.to_thread(one, visit.ods_code, flash.subject)
    return None if row is None else (flash.text, shown(row, visit.now))


def answer_from(visit: Visit, subject: UUID, content: tuple[object, ...], said: Said) -> Answer:
    """Who answered what, and when.

    The same form with the same answer is the same event, however often it is sent. Another answer in a form that was
    sent before, from the browser's history, or the same one of somebody else, is another event: it must not be taken
    for the first and dropped.
    """
    parts = (visit.ods_code, subject, said.nonce, *content, said.by, said.at or "")
    event_id = derived("event", SOURCE, *parts)
    return Answer(
        event_id=event_id,
        correlation_id=event_id,
        source=SOURCE,
        source_event_id=said.nonce,
        at=said.at or visit.now,
        received_at=visit.now,
        by=said.by,
        seen_version=said.seen_version,
    )


async def known_of(
    look: Callable[[UUID], Known | None], visit: Visit, subject: UUID, seen_version: int
) -> Known:
    """What the ledger says of something that a page showed; it may be a moment behind the page.

    Raises:
        Unavailable: It is still behind after a short wait.
    """

    def current() -> Known | None:
        known = look(subject)
        if known is None or known.owner_ods != visit.ods_code or known.version < seen_version:
            return None
        return known

    known = await waited_for(current)
    if known is None:
        raise Unavailable("The ledger is behind the pages.")
    return known


async def is_shown(version: Callable[[], int | None], than: int) -> bool:
    """Whether the pages show what was said, after a short wait. It is durable either way."""

    def newer() -> bool | None:
        return True if (version() or 0) > than else None

    try:
        return bool(await waited_for(newer))
    except Unavailable:
        return False


async def waited_for(look: Callable[[], T | None]) -> T | None:
    """What a look finds within `WAIT_SECONDS`; None when it finds nothing."""
    loop = asyncio.get_running_loop()
    until = loop.time() + WAIT_SECONDS
    while True:
        found = await asyncio.to_thread(look)
        if found is not None or loop.time() > until:
            return found
        await asyncio.sleep(LOOK_SECONDS)


async def remember_who(desk: Desk, visit: Visit, staff_id: str) -> None:
    """Nobody types their staff id twice in a session."""
    if staff_id != visit.visitor.staff_id:
        secret = digest_of(visit.visitor.secret)
        await asyncio.to_thread(desk.sessions.say_who, secret, staff_id)


def status_of(*, not_saved: bool) -> tuple[int, dict[str, str]]:
    """Status and headers of a form that is shown again."""
    return (503, dict(AGAIN)) if not_saved else (422, {})


def after(address: str, visit: Visit, subject: UUID, *, shown: bool, **more: str) -> str:
    """Where to go once it is saved. The address holds an id and a time of day, nothing of people."""
    said = (
        {"saved": str(subject)}
        if shown
        else {"passing": str(subject), "at": words.time_of_day(visit.now)}
    )
    return f"{address}?{urlencode({**said, **more})}"
