"""The people of the demonstration: made up for certain, and as people are."""

import re
from collections import Counter
from datetime import date
from random import Random

import pytest

from deploy.demo.world import numbers
from deploy.demo.world.area import TOWNS
from deploy.demo.world.households import Maker, households
from deploy.demo.world.people import age_on

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def area() -> Maker:
    return households(7, TODAY)


def is_valid(nhs_number: str) -> bool:
    """Weights 10 to 1 over all ten digits sum up to a multiple of 11 (NHS Data Dictionary, said another way)."""
    return sum(int(d) * w for d, w in zip(nhs_number, range(10, 0, -1), strict=True)) % 11 == 0


def test_a_check_digit_is_that_of_the_data_dictionary():
    assert numbers.check_digit("943476591") == "9"  # 943 476 5919, its example
    assert numbers.check_digit("999000001") == "8"
    assert numbers.check_digit("999000014") is None


def test_every_nhs_number_is_valid_of_the_test_range_and_of_one_person(area):
    found = [each.nhs_number for each in area.people]
    assert len(found) == len(set(found)) == 2000
    assert all(re.fullmatch(r"999\d{7}", each) and is_valid(each) for each in found)


def test_numbers_without_a_check_digit_are_not_given():
    given = numbers.nhs_numbers(Random(1))
    assert all(is_valid(next(given)) for _ in range(5000))


def test_every_phone_is_one_that_ofcom_keeps_for_drama(area):
    assert all(re.fullmatch(r"07700 900\d{3}", each.mobile) for each in area.people)
    lines = {each.home.landline for each in area.people}
    assert all(re.fullmatch(r"011[36] 496 0\d{3}", each) for each in lines)


def test_no_postcode_is_anybodys(area):
    known = {each for town in TOWNS for each in town.districts}
    postcodes = {each.home.postcode for each in area.people if each.home.postcode}
    for postcode in postcodes:
        outward, inward = postcode.split(" ")
        assert outward in known
        assert re.fullmatch(r"\d[CIKMOV]{2}", inward)


def test_some_homes_have_no_postcode(area):
    assert 10 < sum(each.home.postcode is None for each in area.people) < 150


def test_no_two_people_share_name_and_birth_date(area):
    assert len({(each.name, each.born) for each in area.people}) == 2000


def test_carers_of_one_person_have_different_names(area):
    by_patient: dict[str, list[str]] = {}
    for each in area.carings:
        by_patient.setdefault(each.cared_for.nhs_number, []).append(each.carer.name)
    assert all(len(names) == len(set(names)) for names in by_patient.values())
    assert all(each.carer.name != each.cared_for.name for each in area.carings)


def test_most_carers_are_45_to_64_and_most_who_are_cared_for_are_old(area):
    carers = {each.carer for each in area.carings}
    ages = Counter(age_on(each.born, TODAY) // 20 for each in carers)
    middle = sum(45 <= age_on(each.born, TODAY) <= 64 for each in carers)
    old = sum(age_on(each.cared_for.born, TODAY) >= 65 for each in area.carings)
    assert middle > max(
        sum(low <= age_on(each.born, TODAY) <= low + 19 for each in carers) for low in (5, 25)
    )
    assert middle > len(carers) / 3
    assert old > len(area.carings) * 0.7
    assert len(ages) == 5


def test_there_is_every_kind_of_caring(area):
    found = Counter(each.kind for each in area.carings)
    assert found["mutual"] >= 20
    assert found["young"] >= 20
    assert min(found.values()) >= 8
    pairs = {(each.carer, each.cared_for) for each in area.carings}
    mutual = [each for each in area.carings if each.kind == "mutual"]
    assert all((each.cared_for, each.carer) in pairs for each in mutual)
    young = [each for each in area.carings if each.kind == "young"]
    assert all(age_on(each.carer.born, TODAY) < 18 for each in young)


def test_a_carer_and_the_person_cared_for_live_around_the_same_trust(area):
    assert all(
        each.carer.home.town.trust == each.cared_for.home.town.trust for each in area.carings
    )


def test_names_of_all_communities_are_met_in_leicester(area):
    met = {each.home.community for each in area.people if each.home.town.name == "Leicester"}
    assert met == {community for community, _ in TOWNS[0].mix}


def test_the_mix_of_a_town_is_that_of_its_shares():
    assert all(abs(sum(share for _, share in town.mix) - 1) < 1e-9 for town in TOWNS)
    assert abs(sum(town.share for town in TOWNS) - 1) < 1e-9
