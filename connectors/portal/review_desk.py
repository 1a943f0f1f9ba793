"""What the review pages and their twin for programs share: which question, and an answer made durable."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from connectors.portal.answering import SOURCE, is_shown
from connectors.portal.desk import Desk
from connectors.portal.form import NONCE
from connectors.portal.refusals import not_here
from connectors.portal.settings import Organisation, Reviewer
from hub.errors import Rejected
from hub.records import PersonDecision
from hub.reviewing import ReviewerSays, ReviewRow, Told, decision_from

MOST_SHOWN: Final = 50
"""Questions of one page: a day's work of one reviewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An answer as it came."""

    told: str
    nonce: str
    version: int
    why: str = ""


def reviewer_of(organisation: Organisation) -> Reviewer:
    """Who reviews.

    Raises:
        NotHere: It is no reviewer: nobody can tell what there is.
    """
    if organisation.reviewer is None:
        raise not_here()
    return organisation.reviewer


async def question(desk: Desk, organisation: Organisation, text: str) -> ReviewRow:
    """The question that an address names.

    Raises:
        NotHere: There is none, or this reviewer may not see it.
    """
    seen = reviewer_of(organisation).seen
    try:
        item_id = UUID(text)
    except ValueError:
        raise not_here() from None
    row = await asyncio.to_thread(desk.queue.one, seen, item_id)
    if row is None:
        raise not_here()
    return row


async def answer(
    desk: Desk, organisation: Organisation, row: ReviewRow, sent: Sent, now: datetime
) -> PersonDecision:
    """Say an answer on the log.

    Raises:
        Stale: The question was told anew meanwhile.
        Settled: It settled itself.
        Rejected: It is no answer, or has no nonce.
        Unavailable: It may or may not be there; the same again is safe.
    """
    if sent.told not in {each.value for each in Told}:
        listed = ", ".join(each.value for each in Told)
        raise Rejected(f"Answer one of {listed}.", expression="answer", code="unknown-answer")
    if NONCE.fullmatch(sent.nonce) is None:
        raise Rejected(
            "Send a nonce of 16 to 64 letters, digits, `-` or `_`, another one for each answer.",
            expression="nonce",
            code="no-nonce",
        )
    says = ReviewerSays(
        by=reviewer_of(organisation).staff_id,
        organisation_ods=organisation.ods_code,
        told=Told(sent.told),
        nonce=sent.nonce,
        version=sent.version,
        why=sent.why,
        at=now,
    )
    decision = decision_from(row, says, SOURCE)
    pair = desk.queue.known.pair(row.item_id)
    if pair is not None:
        seen = reviewer_of(organisation).seen
        await asyncio.to_thread(desk.queue.keep, pair, seen, decision, says.told)
        return decision
    await desk.publisher.publish(decision, decision.decision_key)
    return decision


async def is_taken_in(desk: Desk, organisation: Organisation, row: ReviewRow) -> bool:
    """Whether the queue shows it, after a short wait. It is durable either way."""
    seen = reviewer_of(organisation).seen

    def version() -> int | None:
        now = desk.queue.one(seen, row.item_id)
        return None if now is None else now.version

    return await is_shown(version, row.version)
