"""Who looks after whom, where evidence joins records without an NHS number: each shape of caring, in any order."""

from dataclasses import replace
from itertools import permutations

import pytest

from hub.records import CarerPicture, ReviewItem, StayPicture
from hub.reviewing import BY_ITSELF
from hub.testing.flags import CARER_ROLE, carer_flag
from hub.testing.people import NINA, Person
from hub.testing.resources import related
from hub.testing.visits import encounter
from tests.flow.scenes import STAY, actions, evidence
from tests.flow.scenes import after as plainly_after
from tests.flow.test_by_evidence import (
    BEN_FOR_SURE,
    CONTACT,
    FLAG,
    HOME,
    SON,
    UNNUMBERED,
    admitted,
    carers,
    only_item,
)

BEN = replace(SON, postcode="LE2 7AB")
CARLA = Person("Carla", "Okonkwo", "1970-02-02", "9990000050", phone="07700 900005")
DORA = Person("Dora", "Price", "1938-08-17", "9990000069", postcode="LE5 1AA")
NOT_A_CARER = {"system": "http://snomed.info/sct", "code": "199361000000101"}


def after(*events):
    return plainly_after(*events, matcher=evidence())


def unnumbered(person, number):
    """Somebody as a ward has them, under a hospital number of its own."""
    return replace(person, nhs_number=None, hospital_number=number)


def in_bed(person, visit, contacts=()):
    patient = unnumbered(person, f"H-{visit}")
    return encounter(
        "A01",
        "2026-11-22 09:30",
        replace(STAY, number=visit, patient=patient, contacts=contacts),
    )


def listed(person):
    """Somebody as a ward lists them: a name, a telephone, and that they look after the patient."""
    contact = related(replace(person, nhs_number=None), CARER_ROLE)
    del contact["birthDate"]
    return contact


def found(hub):
    """Of each stay, by the patient's given name: who looks after them, and whom they look after."""
    assert hub.refusals == []
    return {
        picture.patient.names[0].given[0]: (
            sorted(each.names[0].given[0] for each in picture.carers),
            sorted(each.names[0].given[0] for each in picture.cares_for),
        )
        for picture in hub.last(StayPicture).values()
    }


MUTUAL = (
    carer_flag(BEN, "2026-11-03 12:00", of=HOME),
    carer_flag(HOME, "2026-11-03 13:00", of=BEN),
    in_bed(HOME, "V1"),
    in_bed(BEN, "V2"),
)
CHAIN = (
    carer_flag(BEN, "2026-11-03 12:00", of=HOME),
    carer_flag(CARLA, "2026-11-03 13:00", of=BEN),
    in_bed(HOME, "V1"),
    in_bed(BEN, "V2"),
)
SEVERAL = (
    carer_flag(BEN, "2026-11-03 12:00", of=HOME),
    carer_flag(CARLA, "2026-11-03 13:00", of=HOME),
    in_bed(HOME, "V1", (listed(BEN), listed(CARLA))),
)
OF_SEVERAL = (
    carer_flag(CARLA, "2026-11-03 12:00", of=HOME),
    carer_flag(CARLA, "2026-11-03 13:00", of=DORA),
    in_bed(HOME, "V1", (listed(CARLA),)),
    in_bed(DORA, "V2"),
)
NINA_AT_HOME = replace(NINA, postcode="LE2 7AB", phone="07700 900006")
NINAS_MOTHER = Person(
    "Nora", "Marsh", "1979-05-08", "9990000077", phone="07700 900007", postcode="LE2 7AB"
)
YOUNG = (
    carer_flag(NINA_AT_HOME, "2026-11-03 12:00", of=NINAS_MOTHER),
    in_bed(NINAS_MOTHER, "V1", (listed(NINA_AT_HOME),)),
)
PARENT = (
    carer_flag(NINAS_MOTHER, "2026-11-03 12:00", of=NINA_AT_HOME),
    in_bed(NINA_AT_HOME, "V1", (listed(NINAS_MOTHER),)),
    in_bed(NINAS_MOTHER, "V2"),
)


@pytest.mark.parametrize(
    ("events", "caring"),
    [
        pytest.param(MUTUAL, {"Ada": (["Ben"], ["Ben"]), "Ben": (["Ada"], ["Ada"])}, id="mutual"),
        pytest.param(CHAIN, {"Ada": (["Ben"], []), "Ben": (["Carla"], ["Ada"])}, id="chain"),
        pytest.param(SEVERAL, {"Ada": (["Ben", "Carla"], [])}, id="several carers"),
        pytest.param(
            OF_SEVERAL, {"Ada": (["Carla"], []), "Dora": (["Carla"], [])}, id="of several"
        ),
        pytest.param(YOUNG, {"Nora": (["Nina"], [])}, id="young"),
        pytest.param(PARENT, {"Nina": (["Nora"], []), "Nora": ([], ["Nina"])}, id="parent"),
    ],
)
def test_patients_without_a_number_have_the_carers_that_practices_name(events, caring):
    for order in (events, events[::-1], (*events[1:], events[0])):
        assert found(after(*order)) == caring


def test_a_carer_of_several_is_one_person_whose_picture_names_both_stays():
    hub = after(*OF_SEVERAL)
    (told,) = hub.last(CarerPicture).values()
    assert [each.stay_status for each in told.cares_for] == ["in_patient", "in_patient"]
    carers = {each.carer_id for stay in hub.last(StayPicture).values() for each in stay.carers}
    assert carers == {told.carer_id}


ON_THE_3RD = carer_flag(BEN, "2026-11-03 12:00", of=HOME)


def not_a_carer(person, recorded):
    """What is said of somebody under a number of the hospital alone."""
    return carer_flag(unnumbered(person, "H-9"), recorded, code=NOT_A_CARER)


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        pytest.param(not_a_carer(BEN, "2026-11-10 12:00"), False, id="later"),
        pytest.param(not_a_carer(BEN, "2026-11-01 12:00"), True, id="earlier"),
        pytest.param(
            not_a_carer(replace(BEN, given="Leo", born="1971-01-15"), "2026-11-10 12:00"),
            True,
            id="of his brother",
        ),
    ],
)
def test_the_latest_word_on_a_carer_counts_whoever_said_it_of_them_by_evidence(said, stays):
    for order in permutations((ON_THE_3RD, said, in_bed(HOME, "V1"))):
        hub = after(*order)
        assert carers(hub) == (BEN_FOR_SURE if stays else [])
        hub.hear(carer_flag(BEN, "2026-11-20 12:00", of=HOME))
        assert carers(hub) == BEN_FOR_SURE


MOVED = replace(UNNUMBERED, born="1941-03-12", postcode="LS6 3HN")
"""Ada, who moved, with a slip in her date of birth: by herself a question."""


LISTS_BEN = admitted(MOVED, contacts=(CONTACT,))


@pytest.mark.parametrize(
    ("order", "told"),
    [((FLAG, LISTS_BEN), ["raised"]), ((LISTS_BEN, FLAG), ["raised", "corrected"])],
)
def test_a_flag_joins_the_open_stay_at_once_where_the_ward_lists_the_carer_whom_it_names(
    order, told
):
    hub = after(*order)
    assert carers(hub) == BEN_FOR_SURE
    assert actions(hub) == told


def test_the_question_is_settled_when_the_ward_lists_the_carer_and_asked_again_when_that_is_corrected():
    hub = after(FLAG, admitted(MOVED))
    asked = only_item(hub).item_id
    assert (carers(hub), only_item(hub).settled) == ([], False)
    hub.hear(admitted(MOVED, "2026-11-23 09:00", "A08", (CONTACT,)))
    assert (carers(hub), only_item(hub).answer) == (BEN_FOR_SURE, BY_ITSELF)
    hub.hear(carer_flag(replace(SON, given="Leo"), "2026-11-24 12:00", of=HOME))
    assert not hub.last(ReviewItem)[asked].settled
