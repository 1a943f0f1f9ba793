"""Contacts of one name without a number or a date of birth: two whom one list names are two, and stay who they are."""

from dataclasses import replace
from itertools import permutations

import orjson
import pytest

from hub.fhir.systems import authority_in, patient_authority
from hub.identity import source_record_id, unnumbered_record_id
from hub.records import HumanName, PersonFacts, Telecom
from hub.testing.flags import CARER_ROLE, carer_flag
from hub.testing.people import ADA, BEN, Person
from hub.testing.resources import entry, related
from hub.testing.senders import HOSPITAL, TRUST
from hub.testing.visits import encounter
from processors.carer_matching.told_apart import told_apart
from tests.flow.scenes import ADMISSION, CHILD, STAY, after, picture

ONE, TWO, THREE = "07700 900001", "07700 900002", "07700 900003"


def contact(role, phone=None, title=None, given=""):
    """Somebody called Khan, as most wards write them down."""
    resource = related(Person(given, "Khan", "", phone=phone), role)
    del resource["birthDate"]
    resource["name"] = [
        {"family": "Khan"}
        | ({"given": [given]} if given else {})
        | ({"prefix": [title]} if title else {})
    ]
    return resource


def listed(event, recorded, *contacts, stay=STAY):
    """The hospital lists the contacts of a stay."""
    return encounter(event, recorded, replace(stay, contacts=contacts))


def carers(hub):
    """Title, telephones and roles of each carer."""
    return [
        (
            "".join(each.names[0].prefix),
            [way.value for way in each.contacts],
            [role.code for role in each.relationships],
        )
        for each in picture(hub).carers
    ]


MR, MRS = contact(CHILD, ONE, "Mr"), contact(CARER_ROLE, TWO, "Mrs")
FATHER = contact(CHILD, ONE, given="Imran")
SON = contact(CARER_ROLE, TWO, given="Imran")
HE, SHE = contact(CHILD, ONE, "Mr", "Kim"), contact(CARER_ROLE, TWO, "Mrs", "Kim")
PAIRS = {"title": (MR, MRS), "telephone": (FATHER, SON), "both": (HE, SHE)}
EITHER = pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())


@EITHER
def test_the_carer_of_two_of_one_name_is_named_with_their_own_telephone(pair):
    other, carer = pair
    expected = ["".join(carer["name"][0].get("prefix", ())), [TWO], ["Carer"]]
    for contacts in permutations((other, carer)):
        assert carers(after(listed("A01", "2026-11-22 09:30", *contacts))) == [tuple(expected)]


@EITHER
def test_the_same_list_in_another_order_tells_nothing_new(pair):
    hub = after(listed("A01", "2026-11-22 09:30", *pair))
    hub.hear(listed("A08", "2026-11-22 10:30", *reversed(pair)))
    assert picture(hub).version == 1


def test_who_is_told_apart_by_title_stays_the_same_carer_whatever_else_is_corrected_or_listed():
    hub = after(listed("A01", "2026-11-22 09:30", MR, MRS))
    (known,) = picture(hub).carers
    moved = contact(CARER_ROLE, THREE, "Mrs")
    third = contact(CHILD, "07700 900004")
    for hour, contacts in enumerate(((MR, moved), (moved,), (third, moved, MR), (moved,))):
        hub.hear(listed("A08", f"2026-11-22 1{hour}:30", *contacts))
        (carer,) = picture(hub).carers
        assert (carer.link_id, carer.carer_id) == (known.link_id, known.carer_id)
        assert [each.value for each in carer.contacts] == [THREE]


def test_a_corrected_telephone_of_one_of_two_leaves_one_carer_with_the_new_one():
    hub = after(listed("A01", "2026-11-22 09:30", FATHER, SON))
    hub.hear(listed("A08", "2026-11-22 10:30", FATHER, contact(CARER_ROLE, THREE, given="Imran")))
    assert carers(hub) == [("", [THREE], ["Carer"])]


@EITHER
def test_whom_a_later_list_leaves_out_is_gone_and_the_words_may_come_in_any_order(pair):
    other, _ = pair
    history = (
        listed("A01", "2026-11-22 09:30", other),
        listed("A08", "2026-11-22 10:30", *pair),
        listed("A08", "2026-11-22 11:30", other),
    )
    assert carers(after(*history[:2])) != []
    assert all(carers(after(*order)) == [] for order in permutations(history))


@pytest.mark.parametrize(
    "again",
    [contact(CHILD, "+44 7700 900002", given="Imran"), contact(CHILD, given="Imran")],
    ids=["the same telephone", "no telephone"],
)
def test_one_contact_with_two_roles_is_one_carer(again):
    for contacts in permutations((again, SON)):
        (carer,) = picture(after(listed("A01", "2026-11-22 09:30", *contacts))).carers
        assert {role.code for role in carer.relationships} == {"CHILD", "Carer"}


@EITHER
def test_two_of_one_list_are_two_under_each_number_of_the_patient_and_two_together(pair):
    both = [{**each, "relationship": [{"coding": [CARER_ROLE]}]} for each in pair]
    before = replace(STAY, patient=replace(ADA, nhs_number=None, hospital_number="H900"))
    history = (
        listed("A01", "2026-11-22 09:30", *both, stay=before),
        encounter("A40", "2026-11-22 10:30", replace(STAY, replaces_number="H900")),
        listed("A08", "2026-11-22 11:30", *both),
    )
    for order in permutations(history):
        found = picture(after(*order)).carers
        assert sorted([way.value for way in each.contacts] for each in found) == [[ONE], [TWO]]
        assert [len(each.evidence) for each in found] == [2, 2]


def test_related_persons_of_a_practice_are_told_apart_as_well():
    flag = carer_flag(BEN, "2026-11-03 12:00", of=ADA)
    bundle = orjson.loads(flag.resource)
    people = [resource for each in bundle["entry"] if (resource := each["resource"])]
    kept = [each for each in people if each["resourceType"] == "Patient"]
    bundle["entry"] = [entry(each, number) for number, each in enumerate((*kept, MR, MRS))]
    hub = after(replace(flag, resource=orjson.dumps(bundle)), ADMISSION)
    assert carers(hub) == [("Mrs", [TWO], ["Carer"])]


def test_who_alone_has_a_name_in_a_list_keeps_the_id_by_name_alone():
    hub = after(listed("A01", "2026-11-22 09:30", contact(CARER_ROLE, ONE, "Mr", "Kim")))
    (carer,) = picture(hub).carers
    number = source_record_id(HOSPITAL, authority_in(patient_authority(TRUST, TRUST)), "H100")
    assert carer.carer_id == unnumbered_record_id(number, "khankim", None)


KHAN = HumanName(family="Khan", given=("Imran",))


def test_three_of_whom_two_can_be_reached_at_one_number_are_two():
    said = [
        PersonFacts(
            names=(KHAN,), telecoms=tuple(Telecom(system="phone", value=each) for each in numbers)
        )
        for numbers in ((ONE, TWO), (THREE,), (TWO,))
    ]
    for order in permutations(range(3)):
        words = dict(zip(order, told_apart([said[each] for each in order]), strict=True))
        assert (words[0], words[1]) == ("447700900001", "447700900003")
        assert words[2] == words[0]
