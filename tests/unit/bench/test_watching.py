"""Who sees an alert: only when it stands there, and as first seen."""

from dataclasses import dataclass, field
from uuid import UUID

import httpx
import pytest

from deploy.bench.watching import Expected, Looker, Pages, Seen, signed_in, wait_for
from deploy.exit_codes import Stopped

ALERT = UUID(int=1)


@dataclass
class Row:
    went_home: bool
    alert_id: UUID = ALERT


@dataclass
class Wards:
    """A worklist as it stands."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def open_for(self, trust_ods: str, ward: str | None = None) -> list[Row]:
        return self.rows.get(ward, [])


@pytest.mark.parametrize(
    ("rows", "went_home", "stands"),
    [
        ([], False, False),
        ([Row(went_home=False)], False, True),
        ([Row(went_home=False)], True, False),
        ([Row(went_home=True)], True, True),
    ],
)
def test_a_discharge_stands_there_only_once_the_patient_has_left(rows, went_home, stands):
    assert bool(Expected("W1", went_home).on(Wards({"W1": rows}))) == stands


def test_the_first_sight_counts():
    seen = Seen()
    seen.note(ALERT, 1.0)
    seen.note(ALERT, 2.0)
    assert seen.at == {ALERT: 1.0}


def test_what_appears_on_a_worklist_is_seen_and_what_does_not_is_not():
    wards = Wards()
    looker = Looker(lambda what: bool(what.on(wards)))
    looker.expect(ALERT, Expected("W1", went_home=False))
    looker.expect(UUID(int=2), Expected("W2", went_home=False))
    looker.start()
    try:
        wards.rows["W1"] = [Row(went_home=False)]
        assert wait_for(lambda: ALERT in looker.seen.at, 10)
    finally:
        looker.stop()
    assert looker.seen.at.keys() == {ALERT}


def browser(drawn: str) -> httpx.Client:
    """A browser of a hub that always draws the same page."""
    answers = httpx.MockTransport(lambda _: httpx.Response(200, text=drawn))
    return httpx.Client(transport=answers, base_url="http://hub.example")


def test_a_page_shows_what_it_was_drawn_with():
    wards, expected = Wards({"W1": [Row(went_home=False)]}), Expected("W1", went_home=False)
    assert Pages(browser(f'<article id="alert-{ALERT}">'), wards).show(expected)
    assert not Pages(browser("<p>Nothing is open on W1.</p>"), wards).show(expected)


def test_a_key_that_is_not_let_in_ends_the_run():
    with pytest.raises(Stopped, match="answered 200"):
        signed_in(browser("This is no token that is good here."), "a-key")


def test_what_never_comes_true_is_given_up():
    assert not wait_for(lambda: False, 0.0)
