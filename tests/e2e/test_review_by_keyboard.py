"""The review queue in a real browser: how many keys an answer takes, and what axe-core finds."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn

from connectors.portal.asked_of_two import AskedOfTwo
from connectors.portal.pages import pages_of
from tests.e2e.browser import Browser, browsing
from tests.unit.portal.desk_kit import Kit
from tests.unit.portal.review_kit import CLEARED_TOKEN, HELD, ITEM, example

MOST_KEYS = 6
AXE = Path(os.environ.get("HUB_AXE") or str(files("axe_core_python") / "axe.min.js"))
"""axe-core as its package for Python has it, 4.4; `HUB_AXE` names a newer one, which knows WCAG 2.2 as well."""
WEIGHED = example("may-be-the-same.json")


@contextmanager
def served(kit: Kit) -> Iterator[str]:
    """The pages on a socket of their own."""
    config = uvicorn.Config(pages_of(kit.desk()), lifespan="off", ws="none", log_level="critical")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:  # who comes before it serves waits
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


def sign_in(browser: Browser, site: str, token: str) -> None:
    browser.open(f"{site}/login")
    browser.look(f"document.querySelector('input[name=key]').value = '{token}'")
    browser.look("document.querySelector('input[name=key]').focus()")
    browser.press_and_go("Enter")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with browsing(tmp_path_factory.mktemp("browser")) as found:
        yield found


def test_an_answer_and_the_way_to_the_next_question_take_at_most_six_keys(browser):
    answers = {"same": (" ",), "different": ("ArrowDown",), "cannot-tell": ("ArrowDown",) * 2}
    items = [replace(WEIGHED, item_id=UUID(int=each)) for each in range(1, 5)]
    kit = Kit().ask(*items)
    with served(kit) as site:
        sign_in(browser, site, CLEARED_TOKEN)
        browser.open(f"{site}/review/{items[0].item_id}")
        for told, choosing in answers.items():
            before, browser.pressed = browser.look("location.pathname"), 0
            browser.press("Tab", "Tab", "Enter", *choosing)
            chosen = browser.look("document.querySelector('input[name=answer]:checked').value")
            assert chosen == told
            browser.press_and_go("Enter")
            print(f"{told}: {browser.pressed} keys")
            assert browser.pressed <= MOST_KEYS
            assert browser.look("location.pathname") not in (before, "/review")
            assert browser.look("document.querySelector('h1').innerText") == "Is this one person?"
    said = [each.review.answer.value.replace("_", "-") for each, _ in kit.log.said]
    assert said == list(answers)


def answered_by_one() -> Kit:
    """A question of two that whoever looks has answered, and counts for a lead."""
    kit = Kit(of_two=AskedOfTwo(100, frozenset({0}))).ask(ITEM, HELD, WEIGHED)
    kit.signed_in(CLEARED_TOKEN)
    kit.send(f"/review/{ITEM.item_id}", answer="same")
    return kit


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_fault_of_wcag_on_the_review_pages(browser, width):
    axe = AXE.read_text()
    with served(answered_by_one()) as site:
        sign_in(browser, site, CLEARED_TOKEN)
        for path in ("/review", *(f"/review/{each.item_id}" for each in (ITEM, HELD, WEIGHED))):
            browser.open(site + path, width=width)
            browser.look(f"{axe}; undefined")
            faults = browser.look(
                "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', "
                "'best-practice']})"
                ".then(found => found.violations.map(each => "
                "each.id + ': ' + each.nodes.map(node => node.html).join(' ')))"
            )
            assert faults == [], path
            wide = browser.look("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} scrolls sideways"
