"""The worklist of a trust."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from connectors.portal import words
from connectors.portal.alert_shown import AlertShown, alert_from, ward_in_words
from connectors.portal.answering import said_before
from connectors.portal.desk import Desk, Visit
from connectors.portal.keys import new_nonce
from connectors.portal.rendering import page
from hub.ports.pages import OpenOnWard, WorklistRow

MOST_SHOWN: Final = 200
"""Alerts of one page: a ward has 30 beds; a whole trust may have more."""


async def show_worklist(desk: Desk, visit: Visit) -> Response:
    """Everything that is open, or what is open on one ward."""
    visit.for_trusts()
    said = await said_before(desk.worklist.one, alert_from, visit)
    return await asyncio.to_thread(drawn, desk, visit, said)


def drawn(desk: Desk, visit: Visit, said: tuple[str, AlertShown] | None) -> Response:
    """The page, looked up and drawn. A long one takes a while, in which nobody else may be held up."""
    ward = visit.query.get("ward")
    wards = desk.worklist.wards(visit.ods_code)
    rows = desk.worklist.open_for(visit.ods_code, ward)
    shown = [alert_from(row, visit.now) for row in most_pressing(rows)]
    groups = [(ward_in_words(name), list(each)) for name, each in groupby(shown, ward_of)]
    return page(
        "worklist.html",
        {
            "visitor": visit.visitor,
            "wards": wards_of(wards),
            "ward": ward,
            "groups": groups,
            "number": len(shown),
            "more": len(rows) - len(shown),
            "in_all": sum(each.number for each in wards),
            "several_sites": len({each.site_ods or "" for each in wards}) > 1,
            "looked_at": words.moment(visit.now),
            "said": said,
            "nonce": new_nonce,
        },
    )


def most_pressing(rows: Sequence[WorklistRow]) -> Sequence[WorklistRow]:
    """What is due first, as many as a page shows, in the order of the list."""
    if len(rows) <= MOST_SHOWN:
        return rows
    latest = datetime.max.replace(tzinfo=UTC)
    pressing = sorted(range(len(rows)), key=lambda number: rows[number].due_at or latest)
    return [rows[number] for number in sorted(pressing[:MOST_SHOWN])]


def wards_of(wards: Sequence[OpenOnWard]) -> list[tuple[str, str, str, int]]:
    """Each ward: as sent, in words, its address, and how many alerts it has, in the order of the list."""
    numbers: Counter[str] = Counter()
    for each in wards:
        numbers[each.ward or ""] += each.number
    return [
        (ward, ward_in_words(ward), f"/worklist?{urlencode({'ward': ward})}", number)
        for ward, number in numbers.items()
    ]


def ward_of(alert: AlertShown) -> str:
    """By which the list is grouped."""
    return alert.ward
