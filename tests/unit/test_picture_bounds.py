"""A picture is never larger than its bounds, whatever was said of people, and the surest carers stay in it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.generating.examples import record_from_example
from hub import codec
from hub.records import CarerPicture, HumanName, StayPicture, Telecom
from hub.records.carer_of_stay import CarerOfStay
from processors.carer_matching.bounds import MOST_BYTES, bounded

EXAMPLES = Path(__file__).parents[2] / "schemas/examples"


def example(kind, name: str):
    return record_from_example(kind, json.loads((EXAMPLES / name).read_text()))


@pytest.fixture(scope="module")
def stay() -> StayPicture:
    return example(StayPicture, "picture.stay.v1/in-hospital-with-a-carer.json")


@pytest.fixture(scope="module")
def carer() -> CarerPicture:
    return example(CarerPicture, "picture.carer.v1/agreed-to-be-referred.json")


def talkative(one: CarerOfStay, letters: int, parts: int) -> CarerOfStay:
    """A carer of whom far too much was said."""
    name = HumanName(family="x" * letters, given=("y" * letters,) * parts)
    return replace(
        one, names=(name,) * parts, contacts=one.contacts * parts, evidence=one.evidence * parts
    )


def test_an_honest_picture_is_left_alone(stay, carer):
    assert bounded(stay) is stay
    assert bounded(carer) is carer


def test_twenty_ordinary_carers_are_left_alone(stay):
    crowd = replace(stay, carers=stay.carers * 20)
    assert bounded(crowd) is crowd


@settings(max_examples=40)
@given(letters=st.integers(1, 4_000), parts=st.integers(1, 12), carers=st.integers(0, 20))
def test_no_picture_is_larger_than_its_bounds(stay, letters, parts, carers):
    one = talkative(stay.carers[0], letters, parts)
    picture = replace(stay, carers=(one,) * carers, ward="w" * letters)
    cut = bounded(picture)
    assert len(codec.encode(cut)) <= MOST_BYTES
    assert len(cut.carers) >= min(carers, 1)
    assert bounded(cut) is cut


def test_long_texts_go_before_anybody_who_is_named(stay):
    crowd = tuple(
        replace(each, relationships=())
        for each in (talkative(stay.carers[0], 4_000, 1) for _ in range(20))
    )
    assert len(bounded(replace(stay, carers=crowd)).carers) == 20


def test_who_is_named_last_goes_first(stay):
    telecom = Telecom(system="phone", value="07700 900142" + "0" * 200)
    crowd = tuple(
        replace(
            talkative(stay.carers[0], 200, 5), contacts=(telecom,) * 5, birth_precision=f"p{number}"
        )
        for number in range(20)
    )
    cut = bounded(replace(stay, carers=crowd))
    kept = [each.birth_precision for each in cut.carers]
    assert 0 < len(kept) < 20
    assert kept == [f"p{number}" for number in range(len(kept))]


def test_a_carers_agreements_are_the_last_to_go(carer):
    named = replace(carer.cares_for[0], given_name="x" * 5_000)
    cut = bounded(replace(carer, cares_for=(named,) * 20, names=carer.names * 200))
    assert cut.agreements == carer.agreements
    assert len(codec.encode(cut)) <= MOST_BYTES
