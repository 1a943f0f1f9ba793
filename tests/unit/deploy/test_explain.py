"""`hub explain`: why records are one person, or are asked about, in levels and bits that add up."""

import json
from dataclasses import replace

import pytest

from deploy.explaining import found_in, in_words
from hub import codec
from hub.records import ReviewItem
from processors.carer_matching import explaining_weights
from processors.carer_matching.explaining import why
from tests.flow.scenes import evidence, picture
from tests.flow.test_by_evidence import (
    ADMITTED,
    CONTACT,
    FLAG,
    HOME,
    UNNUMBERED,
    UNSURE,
    admitted,
    after,
)
from tests.flow.test_not_linked import IN_QUESTION


def explained(hub, asked):
    return [each.as_json() for each in explaining_weights.explained(hub.memory, asked)]


def test_a_question_is_explained_by_bits_that_add_up_and_by_what_is_not_met():
    hub = after(FLAG, admitted(UNSURE))
    (item,) = hub.last(ReviewItem)
    (said,) = explained(hub, item)
    decision = said["evidence"]
    assert (said["joined"], said["by"], said["match_grade"]) == (False, "nothing", "probable")
    assert (decision["decision"], decision["model"]) == ("REVIEW", evidence().digest)
    total = decision["prior"] + sum(each["bits"] for each in decision["fields"])
    assert total == pytest.approx(decision["bits"], abs=1e-9)
    assert [each["id"] for each in decision["rules"]] == ["GIVEN_NAME_DISAGREES"]


def test_a_stay_is_explained_by_what_joins_its_patient_and_its_carers():
    hub = after(FLAG, ADMITTED, admitted(HOME, "2026-11-23 09:00", "A08", (CONTACT,)))
    said = explained(hub, picture(hub).stay_id)
    assert {(each["about"], each["by"], each["match_grade"]) for each in said} == {
        ("patient", "nhs-number", "certain"),
        ("carer", "evidence", "certain"),
    }
    (unnumbered,) = explained(after(FLAG, ADMITTED), picture(hub).stay_id)
    assert (unnumbered["by"], unnumbered["evidence"]["decision"]) == ("evidence", "AUTO")
    link = picture(hub).carers[0].evidence[0].evidence_id
    assert explained(hub, link) == said
    assert why(hub.memory, UNKNOWN) is None


class Rows:
    """A store with the rows of one hub in region 1, and none in region 0."""

    def __init__(self, hub):
        self.hub = hub

    def slice_of(self, region, _processor, kind, last, _most):
        places = sorted(
            (p for p in self.hub.rows.state if p[1] == kind.__name__), key=lambda p: p[2]
        )
        rows = [(p[2], codec.decode(self.hub.rows.state[p])) for p in places]
        return rows if region == 1 and last is None else []


def test_the_region_that_knows_an_id_is_found_and_read_from_its_rows():
    hub = after(FLAG, admitted(UNSURE))
    (item,) = hub.last(ReviewItem)
    found = found_in(Rows(hub), (0, 1), item, evidence())
    assert [each.as_json() for each in found] == explained(hub, item)
    assert found_in(Rows(hub), (0, 1), UNKNOWN, evidence()) is None


UNKNOWN = picture(after(FLAG, ADMITTED)).event_id


def test_what_is_said_names_nobody():
    hub = after(FLAG, admitted(UNSURE))
    (item,) = hub.last(ReviewItem)
    (because,) = why(hub.memory, item)
    text = "\n".join(in_words(because))
    assert "not met: GIVEN_NAME_DISAGREES" in text
    for said in (text, json.dumps(because.as_json())):
        assert not any(value in said.lower() for value in ("adele", "marsh", "le2", "1941"))


def test_who_is_in_no_picture_because_of_a_word_on_being_linked_is_told_by_id_and_why():
    hub = after(*IN_QUESTION)
    stay = picture(hub).stay_id
    assert picture(hub).carers == ()
    (unsure,) = (each for each in explained(hub, stay) if each.get("named") is False)
    assert (unsure["about"], unsure["by"]) == ("carer", "may-be-somebody-who-does-not")
    (record,) = (
        each.record_id for each in hub.memory.records.values() if each.may_be_linked is not None
    )
    sure, *_ = why(hub.memory, record)
    assert sure.as_json() == {
        "about": "person",
        "person": str(hub.memory.person(record)),
        "named": False,
        "by": "does-not-want-to-be-linked",
    }
    (item,) = hub.last(ReviewItem)
    text = "\n".join(
        line
        for asked in (stay, record, item)
        for each in why(hub.memory, asked)
        for line in in_words(each)
    )
    assert "they do not want to be linked" in text
    assert "that is not settled" in text
    assert not any(word in text.lower() for word in ("ben", "marsh", "1969", "home", "together"))


def test_of_somebody_shielded_no_step_is_told_that_says_whether_they_live_in_one_place():
    hub = after(FLAG, admitted(replace(UNNUMBERED, shielded=True)))
    (item,) = hub.last(ReviewItem)
    for asked in (item, picture(hub).stay_id):
        (because,) = why(hub.memory, asked)
        told = because.as_json()
        assert (told["by"], told["match_grade"]) == ("nothing", "probable")
        assert set(told["evidence"]) == {"decision", "model", "matchability", "perplexity"}
        words = "\n".join(in_words(because))
        assert "REVIEW" in words
        assert not any(step in words for step in ("home", "together", "not met", "somebody else"))
