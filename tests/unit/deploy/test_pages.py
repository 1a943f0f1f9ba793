"""Who has pages, where they are, and which door an address belongs to."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from connectors.portal.asked_of_two import AskedOfTwo
from connectors.portal.keys import digest_of
from connectors.portal.known_pairs import KnownPairs
from connectors.portal.made_up import made_up_pairs
from deploy.configuration.area import Reviewer
from deploy.configuration.checks import findings
from deploy.configuration.load import DEMO, load
from deploy.configuration.model import Configuration
from deploy.configuration.pages import Pages
from deploy.configuration.reviews import KnownPair as KnownPairSection
from deploy.configuration.reviews import Reviews
from deploy.configuration.servers import Http
from deploy.pages import (
    asked_of_two,
    base_address,
    known_pairs,
    new_link,
    organisations_with_pages,
    page_settings,
)
from deploy.roles.doors import doors, found_by_tls
from hub.disclosure import ReceiverKind
from hub.errors import Rejected
from hub.reviewing import KnownAnswer, Seen
from tests.unit.portal.review_kit import ITEM, row_from

HUB = load(DEMO, {}, with_secrets=False)
AT = datetime(2026, 11, 3, 9, 12, tzinfo=UTC)


class Offers:
    """Remembers the links that are offered."""

    def __init__(self):
        self.kept = []

    def offer(self, secret_sha256, ods_code, until):
        self.kept.append((secret_sha256, ods_code, until))


def hub(**changes):
    return HUB.model_copy(update=changes)


def test_trusts_services_and_councils_have_pages_and_practices_have_none():
    found = organisations_with_pages(HUB)
    assert found["RWE"].kind is ReceiverKind.TRUST
    assert (found["RWE"].home, found["DEMO1"].home) == ("/worklist", "/inbox")
    practices = {each.ods_code for each in HUB.organisations if each.kind == "practice"}
    assert practices
    assert not practices & found.keys()


def with_reviewers(number: int, **changes) -> Configuration:
    reviewers = tuple(Reviewer(staff_id=f"4000000{each}") for each in range(number))
    return hub(
        organisations=tuple(
            each.model_copy(update={"reviewers": reviewers if each.ods_code == "RWE" else ()})
            for each in HUB.organisations
        ),
        **changes,
    )


def test_two_in_a_hundred_questions_are_asked_of_two_where_a_third_could_settle_it():
    assert asked_of_two(with_reviewers(2)) == AskedOfTwo(2, frozenset())
    llr = HUB.partition_of("llr")
    assert asked_of_two(with_reviewers(3)) == AskedOfTwo(2, frozenset({llr}))


def test_the_hubs_own_made_up_pairs_are_shown_to_three_reviewers_until_there_are_others():
    llr, leeds = (frozenset({HUB.partition_of(each)}) for each in ("llr", "leeds"))
    pairs = known_pairs(with_reviewers(3), AT)
    bare = replace(pairs, pairs=tuple(replace(each, score={}) for each in pairs.pairs))
    assert bare == KnownPairs(made_up_pairs(), 2, AT, llr)
    assert [pairs.share_for(each) for each in (llr, leeds)] == [2, 0]
    assert known_pairs(with_reviewers(2), AT).share_for(llr) == 0
    own = KnownPairSection(
        name="own", truth="same", fields=({"field": "sex", "level": "same", "left": "male"},)
    )
    given = known_pairs(with_reviewers(1, reviews=Reviews(known_pairs=(own,))), AT)
    (found,) = given.pairs
    assert given.share_for(llr) == 2
    assert (found.name, found.reasons) == ("own", ("nhs-number", "number-conflict"))
    assert found.score["weights"] == []


def test_made_up_pairs_are_weighed_as_real_questions_are_so_nobody_tells_one_by_its_weights():
    real = row_from(replace(ITEM, decided_by="nhs-number")).score
    for pair in known_pairs(with_reviewers(3), AT).pairs:
        assert pair.score.keys() == real.keys()
        assert (pair.score["decided_by"], pair.score["rules"]) == ("nhs-number", [])
        bits = [each["bits"] for each in pair.score["weights"]]
        assert pair.score["prior"] + sum(bits) == pytest.approx(pair.score["total"], abs=1e-9)
        assert {"name", "born", "sex", "home", "nhs"} == {
            each["field"] for each in pair.score["weights"]
        }
        seen = Seen(frozenset({0}), cleared=False, by="RWE/1")
        for told, grade in (("same", "certain"), ("different", "certainly-not")):
            said = KnownAnswer(pair.item_id, told, agreed=True, at=AT)
            score = KnownPairs((pair,), 2, AT).row_of(pair, seen, said).score
            assert score == {**pair.score, "grade": grade, "decided_by": "answer"}


def test_an_organisation_without_the_channel_has_no_pages():
    others = tuple(each.model_copy(update={"channels": ("fhir",)}) for each in HUB.organisations)
    assert organisations_with_pages(hub(organisations=others)) == {}


def test_a_link_is_kept_by_its_digest_and_for_its_time():
    offers = Offers()
    address = new_link(HUB, offers, "RWE", AT)
    found = re.fullmatch(r"http://127\.0\.0\.1:8480/login/([\w-]{43})", address)
    assert found
    assert offers.kept == [(digest_of(found[1]), "RWE", AT + timedelta(minutes=15))]
    assert new_link(HUB, offers, "RWE", AT) != address


def test_a_reviewer_is_a_visitor_of_their_own_beside_their_organisation():
    section = (
        Reviewer(staff_id="40123456", cleared=True),
        Reviewer(staff_id="40123457", lead=True),
    )
    organisations = tuple(
        each.model_copy(update={"reviewers": section}) if each.ods_code == "RWE" else each
        for each in HUB.organisations
    )
    reviewing = hub(organisations=organisations)
    found = page_settings(reviewing).organisations
    cleared, lead = found["RWE/40123456"].reviewer, found["RWE/40123457"].reviewer
    assert (cleared.seen.cleared, cleared.lead, cleared.seen.by) == (True, False, "RWE/40123456")
    assert (lead.seen.cleared, lead.lead) == (False, True)
    regions = next(each.regions for each in organisations if each.ods_code == "RWE")
    assert cleared.seen.regions == {reviewing.partition_of(each) for each in regions}
    assert (found["RWE"].reviewer, found["RWE/40123456"].home) == (None, "/review")
    offers = Offers()
    new_link(reviewing, offers, "RWE/40123456", AT)
    assert [ods for _, ods, _ in offers.kept] == ["RWE/40123456"]
    twice = tuple(
        each.model_copy(update={"reviewers": each.reviewers[:1] * 2}) for each in organisations
    )
    assert "names a reviewer twice" in [text for _, text in findings(hub(organisations=twice))]


@pytest.mark.parametrize("staff_id", ["Mary Marsh", "mary", "mary@nhs.net", "4012 3456", ""])
def test_a_reviewers_staff_id_is_no_name(staff_id):
    with pytest.raises(ValidationError):
        Reviewer(staff_id=staff_id)


@pytest.mark.parametrize("ods_code", ["C82901", "XXX", "rwe", ""])
def test_whoever_has_no_pages_gets_no_link(ods_code):
    offers = Offers()
    with pytest.raises(Rejected, match="has no pages"):
        new_link(HUB, offers, ods_code, AT)
    assert offers.kept == []


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:9000"),
        ("0.0.0.0", "http://localhost:9000"),  # noqa: S104 - a value, nothing listens
        ("::1", "http://[::1]:9000"),
        ("::", "http://localhost:9000"),
        ("hub.example.nhs.uk", "http://hub.example.nhs.uk:9000"),
    ],
)
def test_pages_are_where_the_hub_listens_unless_the_configuration_says_otherwise(host, address):
    there = hub(http=Http(host=host, port=9000, insecure_plaintext=True))
    assert base_address(there) == address
    said = there.model_copy(update={"pages": Pages(address="https://hub.example.nhs.uk")})
    assert base_address(said) == "https://hub.example.nhs.uk"


def test_times_of_sessions_come_from_the_configuration():
    found = page_settings(hub(pages=Pages(idle_minutes=30, longest_hours=8)))
    assert (found.idle, found.longest) == (timedelta(minutes=30), timedelta(hours=8))


def test_pages_beyond_this_machine_need_tls():
    open_door = hub(http=Http(host="10.1.2.3", port=8480))
    assert [place for place, _ in findings(open_door)] == [("http", "host")]
    assert list(findings(HUB)) == []


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/fhir/R4", "programs"),
        ("/fhir/R4/Task/1", "programs"),
        ("/fhir", "programs"),
        ("/health/ready", "programs"),
        ("/metrics", "programs"),
        ("/", "pages"),
        ("/worklist", "pages"),
        ("/fhirx", "pages"),
        ("/healthy", "pages"),
    ],
)
def test_an_address_belongs_to_one_door(path, door):
    asked = SimpleNamespace(name="")

    def named(name):
        async def app(scope, receive, send):
            asked.name = name

        return app

    both = doors(named("programs"), named("pages"))
    asyncio.run(both({"type": "http", "path": path}, None, None))
    assert asked.name == door


@pytest.mark.parametrize("kind", ["http", "lifespan"])
def test_a_hub_that_is_found_by_https_answers_so_whatever_a_proxy_says(kind):
    seen = {}

    async def app(scope, receive, send):
        seen.update(scope)

    asyncio.run(found_by_tls(app)({"type": kind, "scheme": "http"}, None, None))
    assert seen == {"type": kind, "scheme": "https" if kind == "http" else "http"}
