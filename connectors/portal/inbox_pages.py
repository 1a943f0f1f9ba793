"""The inbox of a service, and the form by which it answers a referral."""

import asyncio
from typing import Final

from starlette.responses import Response

from connectors.portal import referral_words, words
from connectors.portal.answering import (
    after,
    answer_from,
    is_shown,
    known_of,
    remember_who,
    row_asked,
    said_before,
    status_of,
)
from connectors.portal.desk import Desk, Visit
from connectors.portal.form import WORN_OUT, Faults, Typed, as_filled_in
from connectors.portal.keys import new_nonce
from connectors.portal.referral_form import ServiceAnswer, service_answer_from
from connectors.portal.referral_shown import ReferralShown, referral_from
from connectors.portal.rendering import page, to
from hub.errors import Rejected, Unavailable
from hub.outcomes import referral_outcome
from hub.ports.pages import ReferralRow

MOST_SHOWN: Final = 200
"""Referrals of one page; those that wait longest come first."""

NO_REASON: Final = ("", "No reason is needed")
"""A choice that can be gone back to: nothing else unticks one of several."""


async def show_inbox(desk: Desk, visit: Visit) -> Response:
    """Everything that is open."""
    visit.for_services()
    said = await said_before(desk.inbox.one, referral_from, visit)
    return await asyncio.to_thread(drawn, desk, visit, said)


def drawn(desk: Desk, visit: Visit, said: tuple[str, ReferralShown] | None) -> Response:
    """The page, looked up and drawn. A long one takes a while, in which nobody else may be held up."""
    rows = desk.inbox.open_for(visit.ods_code)
    return page(
        "inbox.html",
        {
            "visitor": visit.visitor,
            "referrals": [referral_from(row, visit.now) for row in rows[:MOST_SHOWN]],
            "more": max(0, len(rows) - MOST_SHOWN),
            "looked_at": words.moment(visit.now),
            "said": said,
        },
    )


async def show_referral(desk: Desk, visit: Visit) -> Response:
    """A referral with the form of an answer; a closed one without."""
    row = await row_asked(desk.inbox.one, visit)
    referral = referral_from(row, visit.now)
    typed = {
        "staff_id": visit.visitor.staff_id,
        "nonce": new_nonce(),
        "version": str(referral.version),
    }
    shown = of_form(visit, referral, typed)
    return page(
        "referral.html", {**shown, "said": await said_before(desk.inbox.one, referral_from, visit)}
    )


async def record_answer(desk: Desk, visit: Visit) -> Response:
    """The form of an answer."""
    row = await row_asked(desk.inbox.one, visit)
    referral = referral_from(row, visit.now)
    answer = service_answer_from(visit.typed, visit.now)
    if isinstance(answer, tuple):
        return form_again(visit, referral, answer)
    try:
        await publish(desk, visit, row, answer)
    except Rejected:
        return form_again(visit, referral, (WORN_OUT,))
    except Unavailable:
        return form_again(visit, referral, (), not_saved=True)
    return await told(desk, visit, row)


async def publish(desk: Desk, visit: Visit, row: ReferralRow, answer: ServiceAnswer) -> None:
    """Say it on the log, and remember who did.

    Raises:
        Rejected: It answers a version that the referral has not.
        Unavailable: It may or may not be there; the same form again is safe.
    """
    said = answer.said
    known = await known_of(desk.ledger.referral, visit, row.referral_id, said.seen_version)
    content = (answer.kind, answer.reason or "")
    event = referral_outcome(
        known, answer_from(visit, row.referral_id, content, said), answer.kind, answer.reason
    )
    await remember_who(desk, visit, said.by)
    await desk.publisher.publish(event, row.referral_id)


async def told(desk: Desk, visit: Visit, before: ReferralRow) -> Response:
    """It is saved: back to the list, or to the referral when it was closed meanwhile and stands in no list."""

    def version() -> int | None:
        now = desk.inbox.one(visit.ods_code, before.referral_id)
        return now.version if now else None

    shown = await is_shown(version, before.version)
    is_open = referral_from(before, visit.now).is_open
    address = "/inbox" if is_open else f"/referral/{before.referral_id}"
    return to(after(address, visit, before.referral_id, shown=shown))


def form_again(
    visit: Visit, referral: ReferralShown, faults: Faults, *, not_saved: bool = False
) -> Response:
    """The form as it was filled in, with what is wrong."""
    shown = of_form(visit, referral, visit.typed, faults, not_saved=not_saved)
    return page("referral.html", {**shown, "said": None}, *status_of(not_saved=not_saved))


def of_form(
    visit: Visit,
    referral: ReferralShown,
    typed: Typed,
    faults: Faults = (),
    *,
    not_saved: bool = False,
) -> dict[str, object]:
    """What the template of the form needs."""
    return {
        "visitor": visit.visitor,
        "referral": referral,
        "reasons": (NO_REASON, *referral_words.REASONS.items()),
        **as_filled_in(typed, faults, not_saved=not_saved),
    }
