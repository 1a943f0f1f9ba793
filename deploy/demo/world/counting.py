"""How much of everything a day holds: what is shown, and what a test holds to the least that was asked for."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from deploy.demo.script import AlertState
from deploy.demo.world.book import Book
from deploy.demo.world.clock import day_of
from deploy.demo.world.households import Maker
from deploy.demo.world.people import age_on
from deploy.demo.world.story import YOUNG_CARER_BELOW, Stay, Story
from deploy.demo.world.truth import expected, to_involve


def counts_of(book: Book, story: Story, area: Maker) -> Mapping[str, int]:
    """Numbers by what a person would ask for."""
    counts = Counter(step.kind for step in book.steps)
    counts.update(book.counts)
    counts.update(of_alerts(story, book.now))
    counts.update(
        {
            "people": len(area.people),
            "carers": area.carers,
            "links": len(area.carings),
            "stays": len(story.stays),
            "steps": len(book.steps),
            "referrals": len(expected(story, book.now).referrals),
        }
    )
    return dict(sorted(counts.items()))


def of_alerts(story: Story, at: datetime) -> Counter[str]:
    """Alerts by status; stays with an alert by the kind of carer."""
    counts: Counter[str] = Counter()
    states = {state.key: state for state in expected(story, at).alerts}
    for stay in story.stays:
        state = states.get(stay.key)
        if state is not None:
            counts.update(["alerts", f"alert {state.status}", *marks(stay, state, story)])
    return counts


def marks(stay: Stay, state: AlertState, story: Story) -> list[str]:
    """What is special about the carers whom an alert names."""
    carers = to_involve(stay, story)
    day = day_of(stay.admitted_at)
    found = {caring.kind for caring in story.known if caring.cared_for == stay.patient}
    if not state.carers:
        return []
    young = any(age_on(each.born, day) < YOUNG_CARER_BELOW for each in carers)
    return [
        *(["young carer"] if young else []),
        *(["mutual"] if "mutual" in found else []),
        *(["sandwich"] if "sandwich" in found else []),
        *(["several carers"] if len(carers) > 1 else []),
    ]
