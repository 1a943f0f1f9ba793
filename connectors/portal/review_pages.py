"""The review queue as pages: what waits, one question with both records side by side, and its answer."""

import asyncio
from collections.abc import Sequence

from starlette.responses import Response

from connectors.portal import words
from connectors.portal.answering import after, status_of
from connectors.portal.desk import Desk, Visit
from connectors.portal.flash import flash_in
from connectors.portal.form import VERSION, WORN_OUT, Fault, Faults, as_filled_in
from connectors.portal.keys import new_nonce
from connectors.portal.rendering import page, to
from connectors.portal.review_desk import (
    MOST_SHOWN,
    Sent,
    answer,
    is_taken_in,
    question,
    reviewer_of,
)
from connectors.portal.review_shown import ItemShown, item_from, waits_for
from connectors.portal.review_words import OF_TWO, ON_KNOWN_PAIRS
from hub.errors import Rejected, Unavailable
from hub.reviewing import Agreed, ReviewRow, Stale, Told, seen_version

CHOOSE = Fault("answer", "Choose an answer")
ANEW = Fault("form", "This question changed while you looked at it. Look again, then answer.")


async def show_queue(desk: Desk, visit: Visit) -> Response:
    """What waits, the most urgent first."""
    reviewer = reviewer_of(visit.visitor.organisation)
    size = await asyncio.to_thread(desk.queue.size, reviewer.seen)
    rows = await asyncio.to_thread(desk.queue.waiting, reviewer.seen, MOST_SHOWN)
    others = await asyncio.to_thread(desk.queue.with_others, reviewer.seen, MOST_SHOWN)
    flash = flash_in(visit.query)
    return page(
        "review.html",
        {
            "visitor": visit.visitor,
            "items": [item_from(each, visit.now) for each in rows],
            "number": size.number,
            "more": size.number - len(rows),
            "oldest": waits_for(size.oldest_at, visit.now),
            "looked_at": words.moment(visit.now),
            "said": flash.text if flash else "",
            "known_share": desk.queue.known.share_for(reviewer.seen.regions),
            "of_two_share": desk.queue.of_two.share_for(reviewer.seen.regions),
            "with_others": [item_from(each, visit.now) for each in others],
            "agreed": await agreed_counts(desk, visit, lead=reviewer.lead),
        },
    )


async def agreed_counts(
    desk: Desk, visit: Visit, *, lead: bool
) -> Sequence[tuple[str, Sequence[Agreed]]]:
    """For a lead: how often each reviewer of the organisation agreed, with known pairs and with one another."""
    if not lead:
        return ()
    known = await asyncio.to_thread(desk.queue.answers.counts, visit.ods_code)
    others = await asyncio.to_thread(desk.queue.queue.agreement, visit.ods_code)
    return tuple(each for each in ((ON_KNOWN_PAIRS, known), (OF_TWO, others)) if each[1])


async def show_question(desk: Desk, visit: Visit) -> Response:
    """One question."""
    seen = reviewer_of(visit.visitor.organisation).seen
    row = await question(desk, visit.visitor.organisation, visit.path["id"])
    typed = {"nonce": new_nonce(), "version": str(seen_version(row))}
    flash = flash_in(visit.query)
    return shown(visit, item_from(row, visit.now, seen), typed, said=flash.text if flash else "")


async def record_answer(desk: Desk, visit: Visit) -> Response:
    """The answer of a form, and on to the next question."""
    organisation = visit.visitor.organisation
    row = await question(desk, organisation, visit.path["id"])
    item = item_from(row, visit.now)
    typed = dict(visit.typed)
    if typed.get("answer", "") not in {each.value for each in Told}:
        return shown(visit, item, typed, (CHOOSE,))
    if VERSION.fullmatch(typed.get("version", "")) is None:
        return shown(visit, item, typed, (WORN_OUT,))
    sent = Sent(told=typed["answer"], nonce=typed.get("nonce", ""), version=int(typed["version"]))
    try:
        await answer(desk, organisation, row, sent, visit.now)
    except Stale:
        fresh = {**typed, "nonce": new_nonce(), "version": str(seen_version(row))}
        return shown(visit, item, fresh, (ANEW,))
    except Rejected:
        return shown(visit, item, typed, (WORN_OUT,))
    except Unavailable:
        return shown(visit, item, typed, not_saved=True)
    return await next_question(desk, visit, row)


async def next_question(desk: Desk, visit: Visit, answered: ReviewRow) -> Response:
    """The most urgent of the others; the list when nothing else waits."""
    taken = await is_taken_in(desk, visit.visitor.organisation, answered)
    seen = reviewer_of(visit.visitor.organisation).seen
    rows = await asyncio.to_thread(desk.queue.waiting, seen, 2)
    others = [each for each in rows if each.item_id != answered.item_id]
    address = f"/review/{others[0].item_id}" if others else "/review"
    return to(after(address, visit, answered.item_id, shown=taken))


def shown(
    visit: Visit,
    item: ItemShown,
    typed: dict[str, str],
    faults: Faults = (),
    *,
    not_saved: bool = False,
    said: str = "",
) -> Response:
    """The page of a question, perhaps with what is wrong with its form."""
    filled = {
        "visitor": visit.visitor,
        "item": item,
        "said": said,
        **as_filled_in(typed, faults, not_saved=not_saved),
    }
    if faults or not_saved:
        return page("review_item.html", filled, *status_of(not_saved=not_saved))
    return page("review_item.html", filled)
