"""One carer is one carer of a stay: called so later, known under a merged number, or named by practice and ward."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import orjson
import pytest

from hub.fhir.systems import patient_authority
from hub.records import AlertStatus, CarerPicture, Confidence, InvolvementAlert
from hub.testing.flags import CARER_ROLE, carer_flag
from hub.testing.people import ADA, BEN, NINA, Person
from hub.testing.resources import related
from hub.testing.senders import TRUST, at
from hub.testing.visits import Visit, encounter
from tests.flow.scenes import (
    ADMISSION,
    BEN_AS_CARER,
    BEN_AS_CHILD,
    BEN_UNNUMBERED,
    CARLA,
    CHILD,
    FLAG,
    STAY,
    actions,
    after,
    last,
    named,
    new_hub,
    picture,
    spoken_with,
)

# The first word on a carer is the first that says carer.


def listed(event: str, recorded: str, contacts, stay: Visit = STAY):
    """The hospital lists the contacts of a stay."""
    return encounter(event, recorded, replace(stay, contacts=tuple(contacts)))


AS_CHILD = listed("A01", "2026-11-22 08:00", BEN_AS_CHILD)
AS_CARER = listed("A08", "2026-11-22 12:00", BEN_AS_CARER)


def test_a_contact_who_is_called_carer_later_is_due_after_that_word():
    for order in permutations((AS_CHILD, AS_CARER)):
        hub = after(*order)
        assert (last(hub).due_at, last(hub).level) == (at("2026-11-23 10:00"), 0)
        assert [each.at for each in last(hub).carers[0].carer.evidence] == [at("2026-11-22 12:00")]


def test_a_carer_who_is_called_child_for_a_while_is_known_since_the_first_word_that_said_carer():
    earlier = listed("A01", "2026-11-22 07:00", BEN_AS_CARER)
    for order in permutations((earlier, AS_CHILD, AS_CARER)):
        assert last(after(*order)).due_at == at("2026-11-22 10:00")


def test_somebody_called_carer_only_after_the_patient_went_home_opens_no_alert():
    home = encounter("A03", "2026-11-22 11:00", replace(STAY, discharged="2026-11-22 10:50"))
    for order in permutations((AS_CHILD, home, AS_CARER)):
        hub = after(*order)
        open_now = [
            each
            for each in hub.last(InvolvementAlert).values()
            if each.status is not AlertStatus.CANCELLED
        ]
        assert open_now == []


@pytest.mark.parametrize("roles", [(CHILD, CARER_ROLE), (CARER_ROLE, CHILD)])
def test_one_segment_that_says_carer_is_enough_whichever_comes_first(roles):
    hub = after(
        listed("A01", "2026-11-22 09:30", [related(BEN_UNNUMBERED, role) for role in roles])
    )
    (carer,) = last(hub).carers
    assert {role.code for role in carer.carer.relationships} == {"CHILD", "Carer"}


# One person under two hospital numbers: their contacts are one list of people.

UNKNOWN = replace(ADA, nhs_number=None, hospital_number="H900")
IN_BOTH_NUMBERS = replace(ADA, hospital_number="H900")


def without_birth_date(person: Person):
    """A contact as most wards have them."""
    contact = related(person, CARER_ROLE)
    del contact["birthDate"]
    return (contact,)


def joined(event: str, recorded: str = "2026-11-22 10:30"):
    """The hospital makes H900 part of H100."""
    return encounter(event, recorded, replace(STAY, replaces_number="H900"))


@pytest.mark.parametrize("event", ["A40", "A47"])
@pytest.mark.parametrize(
    "contacts", [BEN_AS_CARER, without_birth_date(BEN_UNNUMBERED)], ids=["dated", "undated"]
)
def test_a_contact_listed_again_after_a_merge_is_the_same_carer(event, contacts):
    admission = listed("A01", "2026-11-22 09:30", contacts, replace(STAY, patient=UNKNOWN))
    (evidence,) = (each.evidence_id for each in last(after(admission)).carers[0].carer.evidence)
    done = spoken_with("2026-11-22 09:50", "V1", evidence)
    again = listed("A08", "2026-11-22 11:30", contacts)
    for order in permutations((admission, done, joined(event), again)):
        hub = after(*order)
        (carer,) = last(hub).carers
        assert len(carer.carer.evidence) == 2
        assert carer.carer.link_id == min(each.evidence_id for each in carer.carer.evidence)
        assert last(hub).status is AlertStatus.COMPLETED
    assert "reopened" not in actions(after(admission, done, joined(event), again))


def test_whichever_of_two_records_an_outcome_names_it_counts_for_the_carer():
    history = (
        listed("A01", "2026-11-22 09:30", BEN_AS_CARER, replace(STAY, patient=UNKNOWN)),
        joined("A40"),
        listed("A08", "2026-11-22 11:30", BEN_AS_CARER),
    )
    for each in last(after(*history)).carers[0].carer.evidence:
        hub = after(*history, spoken_with("2026-11-22 11:50", "V1", each.evidence_id))
        assert last(hub).status is AlertStatus.COMPLETED


@pytest.mark.parametrize(
    "contacts",
    [BEN_AS_CHILD, (related(NINA, CHILD),)],
    ids=["is a child there", "is not in it"],
)
def test_a_list_after_the_merge_is_the_last_word_on_the_contacts_of_both_numbers(contacts):
    before = listed("A01", "2026-11-22 09:30", BEN_AS_CARER, replace(STAY, patient=UNKNOWN))
    for order in permutations((before, joined("A40"), listed("A08", "2026-11-22 11:30", contacts))):
        assert picture(after(*order)).carers == ()


def test_a_list_from_before_the_merge_says_nothing_of_the_other_number():
    at_first = listed("A01", "2026-11-22 09:30", BEN_AS_CARER, replace(STAY, patient=UNKNOWN))
    of_the_other = listed(
        "A31", "2026-11-22 10:00", (related(replace(CARLA, nhs_number=None), CARER_ROLE),)
    )
    for order in permutations((at_first, of_the_other, joined("A40"))):
        found = {each.names[0].given[0] for each in picture(after(*order)).carers}
        assert found == {"Ben", "Carla"}


def test_a_corrected_identity_takes_the_contacts_of_two_numbers_apart_again():
    first = listed("A01", "2026-11-22 09:30", BEN_AS_CARER)
    other = listed("A31", "2026-11-22 10:00", BEN_AS_CARER, replace(STAY, patient=IN_BOTH_NUMBERS))
    hub = after(first, other)
    assert [len(each.carer.evidence) for each in last(hub).carers] == [2]
    somebody_else = replace(
        IN_BOTH_NUMBERS, nhs_number="9990000042", given="Adele", born="1951-03-02"
    )
    hub.hear(encounter("A31", "2026-11-22 11:00", replace(STAY, patient=somebody_else)))
    assert [len(each.carer.evidence) for each in last(hub).carers] == [1]


# One carer named by the practice and by the ward.

BY_WARD = listed("A01", "2026-11-22 09:30", BEN_AS_CARER)


def test_a_practice_and_a_ward_that_name_the_same_person_name_one_carer():
    for order in permutations((FLAG, BY_WARD)):
        hub = after(*order)
        (carer,) = last(hub).carers
        assert {each.kind.value for each in carer.carer.evidence} == {"gp_flag", "nk1"}
        assert carer.carer.confidence is Confidence.CONFIRMED
        assert carer.carer.carer_id == last(after(FLAG, ADMISSION)).carers[0].carer.carer_id
        assert [each.value for each in carer.carer.contacts] == ["0116 496 0001"]
        assert last(hub).due_at == at("2026-11-22 10:00")


def test_the_carers_telephones_stand_once_the_identified_record_first():
    mobile = replace(BEN_UNNUMBERED, phone="07700 900142")
    spaced = replace(BEN_UNNUMBERED, phone="01164 960001")
    hub = after(
        FLAG,
        listed("A01", "2026-11-22 09:30", [related(mobile, CARER_ROLE)]),
        listed("A08", "2026-11-22 10:30", [related(mobile, CARER_ROLE)]),
    )
    numbers = [each.value for each in last(hub).carers[0].carer.contacts]
    assert numbers == ["0116 496 0001", "07700 900142"]
    other = after(FLAG, listed("A01", "2026-11-22 09:30", [related(spaced, CARER_ROLE)]))
    assert [each.value for each in last(other).carers[0].carer.contacts] == ["0116 496 0001"]


def test_a_contact_with_either_record_of_a_carer_is_enough():
    for each in last(after(FLAG, BY_WARD)).carers[0].carer.evidence:
        done = spoken_with("2026-11-22 09:50", "V1", each.evidence_id)
        for order in permutations((FLAG, BY_WARD, done)):
            assert last(after(*order)).status is AlertStatus.COMPLETED


SAME_NAME = {
    "a twin": replace(BEN_UNNUMBERED, given="Bob"),
    "another date of birth": replace(BEN_UNNUMBERED, born="1969-07-12"),
    "another family name": replace(BEN_UNNUMBERED, family="March"),
    "another NHS number": replace(BEN, nhs_number="9990000069"),
}


@pytest.mark.parametrize("other", SAME_NAME.values(), ids=SAME_NAME.keys())
def test_who_differs_in_name_date_or_nhs_number_is_another_carer(other):
    ward = listed("A01", "2026-11-22 09:30", [related(other, CARER_ROLE)])
    for order in permutations((FLAG, ward)):
        assert len(last(after(*order)).carers) == 2


def test_a_contact_without_a_date_of_birth_is_nobody_known():
    ward = listed("A01", "2026-11-22 09:30", without_birth_date(BEN_UNNUMBERED))
    for order in permutations((FLAG, ward)):
        assert len(last(after(*order)).carers) == 2


def test_a_year_of_birth_is_no_date_of_birth():
    new_year = replace(BEN, born="1969-01-01")
    ward = listed(
        "A01", "2026-11-22 09:30", [related(replace(BEN_UNNUMBERED, born="1969"), CARER_ROLE)]
    )
    for order in permutations((carer_flag(new_year, "2026-11-03 12:00", of=ADA), ward)):
        assert len(last(after(*order)).carers) == 2


@pytest.mark.parametrize("born", ["1900-01-01", "1901-01-01", "1911-11-11"])
def test_a_day_that_is_typed_where_none_is_known_is_no_date_of_birth(born):
    flag = carer_flag(replace(BEN, born=born), "2026-11-03 12:00", of=ADA)
    ward = listed(
        "A01", "2026-11-22 09:30", [related(replace(BEN_UNNUMBERED, born=born), CARER_ROLE)]
    )
    for order in permutations((flag, ward)):
        assert len(last(after(*order)).carers) == 2


def test_contacts_without_a_date_of_birth_are_the_same_for_the_same_sender_only():
    contacts = without_birth_date(BEN_UNNUMBERED)
    ward = listed("A01", "2026-11-22 09:30", contacts)
    elsewhere = replace(
        listed("A31", "2026-11-22 10:00", contacts, replace(STAY, patient=IN_BOTH_NUMBERS)),
        source="other-pas",
    )
    for order in permutations((ward, elsewhere)):
        assert [len(each.carer.evidence) for each in last(after(*order)).carers] == [1, 1]


def test_a_contact_who_may_be_either_of_two_people_is_neither():
    namesake = replace(BEN, nhs_number="9990000069")
    for order in permutations((FLAG, carer_flag(namesake, "2026-11-04 12:00", of=ADA), BY_WARD)):
        carers = last(after(*order)).carers
        assert sorted([reason.kind.value for reason in each.carer.evidence] for each in carers) == [
            ["gp_flag"],
            ["gp_flag"],
            ["nk1"],
        ]


def test_nobody_but_this_patients_contacts_is_joined():
    bert = Person("Bert", "Field", "1935-01-01", "9990000077", "H700")
    hub = new_hub()
    hub.hear(
        FLAG,
        BY_WARD,
        listed("A01", "2026-11-22 09:40", BEN_AS_CARER, replace(STAY, number="V7", patient=bert)),
    )
    kinds = {
        each.patient.names[0].given[0]: [
            {reason.kind.value for reason in carer.carer.evidence} for carer in each.carers
        ]
        for each in hub.last(InvolvementAlert).values()
    }
    assert kinds == {"Ada": [{"gp_flag", "nk1"}], "Bert": [{"nk1"}]}
    bens = [each for each in hub.last(CarerPicture).values() if each.names[0].given == ("Ben",)]
    assert sorted(len(each.cares_for) for each in bens) == [1, 1, 1]


def test_a_carer_who_has_died_is_not_named_by_the_wards_record_either():
    died = replace(BEN, hospital_number="H800")
    hub = after(FLAG, BY_WARD)
    hub.hear(
        replace(
            encounter("A31", "2026-11-22 10:00", replace(STAY, patient=died)),
            resource=with_death(encounter("A31", "2026-11-22 10:00", replace(STAY, patient=died))),
        )
    )
    assert last(hub).status is AlertStatus.CANCELLED


def with_death(event) -> bytes:
    """The event's Bundle, with the patient dead."""
    bundle = orjson.loads(event.resource)
    bundle["entry"][0]["resource"]["deceasedBoolean"] = True
    return orjson.dumps(bundle)


def test_a_carer_of_whom_one_record_ends_is_still_named_by_the_other():
    hub = after(FLAG, BY_WARD, listed("A08", "2026-11-22 10:30", [related(CARLA, CARER_ROLE)]))
    kinds = {
        named(each): {reason.kind.value for reason in each.carer.evidence}
        for each in last(hub).carers
    }
    assert kinds == {"Ben": {"gp_flag"}, "Carla": {"nk1"}}


# A contact typed under the patient's own number.


def under_the_patients_number(person: Person):
    """A contact who has the hospital number of the patient."""
    own = {"system": patient_authority(TRUST, TRUST), "value": ADA.hospital_number}
    return {**related(replace(person, nhs_number=None), CARER_ROLE), "identifier": [own]}


def test_a_contact_under_the_patients_own_number_does_not_speak_for_the_patient():
    corrected = replace(ADA, nhs_number="9990000042", born="1951-03-02")
    history = (
        listed("A01", "2026-11-22 09:30", ()),
        listed(
            "A08",
            "2026-11-22 10:30",
            (under_the_patients_number(replace(ADA, given="Carla")), *BEN_AS_CARER),
            replace(STAY, patient=corrected),
        ),
    )
    for order in permutations(history):
        found = picture(after(*order))
        patient = found.patient
        assert (patient.names[0].given, patient.nhs_number) == (("Ada",), "9990000042")
        assert patient.birth_on == date(1951, 3, 2)
        assert [each.names[0].given for each in found.carers] == [("Ben",)]
