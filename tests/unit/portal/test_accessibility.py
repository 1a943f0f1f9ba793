"""What WCAG 2.2 asks of a page and a parser can see: structure, names, labels, the contrast of every text.

What it asks beyond that (focus, reflow, targets) was looked at in a browser; see connectors/portal/README.md.
"""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from connectors import portal
from hub.records import AgeBand, AlertStatus
from tests.unit.portal import review_kit
from tests.unit.portal.desk_kit import (
    NOW,
    REFERRAL,
    SERVICE_TOKEN,
    Kit,
    Node,
    Page,
    alert,
    carer,
)

PATH = f"/alert/{alert().alert_id}"
STYLE = (Path(portal.__file__).parent / "style.css").read_text()


def trust() -> Kit:
    kit = Kit()
    kit.show(
        alert(behind=True, level=1),
        alert(1, ward="31", carers=(carer(), carer(1, age_band=AgeBand.YOUNG_CARER, contacts=()))),
        alert(2, status=AlertStatus.COMPLETED),
        alert(3, ward="31", bed=None, carers=(carer(outcome="not_reached", outcome_at=NOW),)),
    )
    return kit.signed_in()


def service() -> Kit:
    return Kit().hand(REFERRAL).signed_in(SERVICE_TOKEN)


QUESTION = f"/review/{review_kit.ITEM.item_id}"


def reviewers() -> Kit:
    kit = Kit().ask(review_kit.ITEM, review_kit.HELD)
    return kit.signed_in(review_kit.CLEARED_TOKEN)


def answered(kit: Kit) -> str:
    kit.send(QUESTION, answer="same")
    return kit.client.get(QUESTION).text


def with_faults(path: str):
    def shown(kit: Kit) -> str:
        return kit.send(path, day="x", time="y", staff_id="Mary").text

    return shown


def not_saved(kit: Kit) -> str:
    kit.log.away = True
    return kit.send(PATH, outcome="contacted_able", staff_id="40123456").text


def step_asked(kit: Kit) -> str:
    form = kit.own_form_of("/worklist", f"{PATH}/step")
    return kit.client.post(f"{PATH}/step", data={**form, "step": "seen"}).text


def refused(kit: Kit) -> str:
    return kit.client.post("/login", data={"key": "x"}).text


def at(path: str):
    return lambda kit: kit.client.get(path).text


PAGES = {
    "sign in": (trust, at("/login")),
    "signed out": (trust, at("/login?why=ended")),
    "sign in refused": (trust, refused),
    "link": (trust, at("/login/abc")),
    "worklist": (trust, at("/worklist")),
    "ward": (trust, at("/worklist?ward=31")),
    "saved": (trust, at(f"/worklist?saved={alert().alert_id}")),
    "empty": (lambda: Kit().signed_in(), at("/worklist")),
    "alert": (trust, at(PATH)),
    "two carers": (trust, at(f"/alert/{alert(1).alert_id}")),
    "closed alert": (trust, at(f"/alert/{alert(2).alert_id}")),
    "alert with faults": (trust, with_faults(PATH)),
    "not saved": (trust, not_saved),
    "step": (trust, step_asked),
    "review queue": (reviewers, at("/review")),
    "empty review queue": (lambda: Kit().signed_in(review_kit.TOKEN), at("/review")),
    "question": (reviewers, at(QUESTION)),
    "question with faults": (reviewers, lambda kit: kit.send(QUESTION).text),
    "answered question": (reviewers, answered),
    "not found": (trust, at("/nothing")),
    "inbox": (service, at("/inbox")),
    "empty inbox": (lambda: Kit().signed_in(SERVICE_TOKEN), at("/inbox")),
    "referral": (service, at(f"/referral/{REFERRAL.referral_id}")),
    "referral with faults": (service, with_faults(f"/referral/{REFERRAL.referral_id}")),
}


@pytest.fixture(scope="module", params=PAGES)
def page(request) -> Page:
    kit, shown = PAGES[request.param]
    return Page(shown(kit()))


def named(node: Node, page: Page) -> str:
    """What a screen reader calls an element."""
    if node["aria-label"]:
        return node["aria-label"]
    ids = node["aria-labelledby"].split()
    return " ".join(each.text for each in page.all() if each["id"] in ids) or node.text


def test_a_page_says_its_language_title_and_width(page):
    assert page.one("html")["lang"] == "en"
    assert re.fullmatch(r"(Error: )?\S.* – Carers’ hub", page.one("title").text)
    (viewport,) = (each for each in page.all("meta") if each["name"] == "viewport")
    assert viewport["content"] == "width=device-width, initial-scale=1"


def test_a_page_has_landmarks_and_a_way_past_the_first_of_them(page):
    for landmark in ("header", "main", "footer"):
        page.one(landmark)
    first = next(each for each in page.one("body").all() if each.tag in ("a", "button", "input"))
    assert (first.text, first["href"]) == ("Skip to the content", f"#{page.one('main')['id']}")
    labels = [named(each, page) for each in page.all("nav")]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_headings_begin_with_one_and_skip_no_level(page):
    levels = [int(each.tag[1]) for each in page.one("main").all("h1", "h2", "h3", "h4", "h5")]
    assert levels.count(1) == 1
    below = levels[levels.index(1) :]
    assert all(after - before <= 1 for before, after in pairwise(below))
    assert all(each.text for each in page.all("h1", "h2", "h3", "h4"))


def test_every_id_is_unique_and_every_reference_leads_somewhere(page):
    ids = Counter(each["id"] for each in page.all() if "id" in each)
    assert [each for each, times in ids.items() if times > 1] == []
    for node in page.all():
        for name in ("for", "aria-labelledby", "aria-describedby"):
            assert set(node[name].split()) <= set(ids), (node.tag, name, node[name])
        if node["href"].startswith("#"):
            assert node["href"][1:] in ids


def test_every_control_has_a_label_of_its_own(page):
    labels = {each["for"]: each.text for each in page.all("label")}
    for control in page.all("input", "select", "textarea"):
        if control["type"] != "hidden":
            assert labels.get(control["id"]), control["name"]
    for button in page.all("button"):
        assert button.text
    for link in page.all("a"):
        assert link.text


def test_choices_stand_in_a_group_that_says_what_is_asked(page):
    for radio in (each for each in page.all("input") if each["type"] == "radio"):
        assert radio.within("fieldset")
    for group in page.all("fieldset"):
        assert group.children[0].tag == "legend"
        assert group.children[0].text


def test_what_is_wrong_is_bound_to_its_field(page):
    for message in (each for each in page.all("p") if each["class"] == "message"):
        assert message.text.startswith("Error:")
        told = [each for each in page.all() if message["id"] in each["aria-describedby"].split()]
        assert told


def test_links_of_a_list_can_be_told_apart_by_their_names(page):
    named_links = [
        (each.text, each["href"])
        for each in page.one("main").all("a")
        if not each["href"].startswith("tel:")
    ]
    texts = Counter(text for text, _ in set(named_links))
    doubled = [text for text, times in texts.items() if times > 1]
    assert all(text.startswith("Record a contact for Doris") for text in doubled), doubled


def test_lists_and_descriptions_hold_what_they_may(page):
    for node in page.all("ul", "ol"):
        assert {each.tag for each in node.children} <= {"li"}
    for node in page.all("dl"):
        assert {each.tag for each in node.children} == {"div"}
        assert all([each.tag for each in row.children] == ["dt", "dd"] for row in node.children)
    for node in page.all("dd"):
        assert node.text


def test_nothing_is_said_by_colour_or_picture_alone(page):
    assert page.all("img", "script", "iframe", "object") == []
    for picture in page.all("svg"):
        assert picture["aria-hidden"] == "true"
        assert picture.parent.text, "what it shows stands beside it in words"
    for node in page.all("li"):
        if node["class"] in ("late", "due", "state", "mark"):
            assert node.text


def test_no_element_catches_the_focus_out_of_order(page):
    assert {each["tabindex"] for each in page.all() if "tabindex" in each} <= {"-1"}


# Colours


def colours() -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", STYLE))


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def rules() -> list[tuple[str, dict[str, str]]]:
    """Selector and declarations of each rule, also of those in a media query."""
    plain = re.sub(r"/\*.*?\*/|@page[^}]*}", "", STYLE, flags=re.DOTALL)
    found = re.findall(r"([^{}]+){([^{}]*)}", plain)
    return [
        (selector.strip(), dict(re.findall(r"([\w-]+):\s*([^;]+);", body)))
        for selector, body in found
        if ":root" not in selector
    ]


TEXTS = [(selector, each) for selector, each in rules() if "color" in each]


def colour_of(value: str) -> str:
    (name,) = re.fullmatch(r"var\(--([\w-]+)\)", value).groups()
    return colours()[name]


def test_the_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("selector", "rule"), TEXTS, ids=[selector for selector, _ in TEXTS])
def test_every_text_stands_out_from_its_ground(selector, rule):
    if "background" not in rule:
        assert "@media" in selector or rule["color"] == "var(--ink)", "say what it stands on"
    grounds = rule.get("background", "var(--paper)")
    grounds = "var(--paper)" if grounds == "inherit" else grounds
    assert contrast(colour_of(rule["color"]), colour_of(grounds)) >= 4.5
    if rule.get("background") == "inherit":
        assert contrast(colour_of(rule["color"]), colours()["shade"]) >= 4.5


def test_no_colour_is_written_outside_the_list_of_names():
    body = STYLE.partition("}")[2]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", body) == []


@pytest.mark.parametrize("edge", ["line", "ink", "alarm", "good", "link"])
def test_edges_of_controls_and_boxes_can_be_seen(edge):
    assert contrast(colours()[edge], colours()["paper"]) >= 3


def test_the_focus_can_be_seen_on_light_and_dark():
    """Two rings, of which one always stands out."""
    for ground in ("paper", "shade", "link-dark", "good", "link"):
        rings = [contrast(colours()[ring], colours()[ground]) for ring in ("ink", "focus")]
        assert max(rings) >= 3


def test_targets_are_at_least_44_pixels_high():
    wanted = {"button", ".action", ".wards a", ".plain", ".phone", ".back", ".choice label"}
    high = [selector for selector, rule in rules() if rule.get("min-height") in ("2.75rem", "44px")]
    assert wanted <= {each.strip() for selector in high for each in selector.split(",")}
