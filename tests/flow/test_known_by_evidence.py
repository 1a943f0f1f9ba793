"""What is said where somebody is known by evidence: in pictures, in the alert, in the log; and what is not said."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from deploy.roles.logs import allowed_only
from hub.matching.candidates import Matcher
from hub.matching.region import RegionView
from hub.records import (
    ByEvidence,
    CarerPicture,
    Confidence,
    InvolvementAlert,
    ReviewVerdict,
    StayPicture,
)
from hub.runtime.batch_state import Outcome
from hub.runtime.region import Progress, Region
from hub.testing.flags import CARER_ROLE, carer_flag
from hub.testing.linking import linking
from hub.testing.people import Person
from hub.testing.resources import related
from hub.testing.visits import encounter
from processors.discharge_involvement.decide import says_the_same
from tests.flow.scenes import CARLA, STAY, actions, evidence, last, picture
from tests.flow.scenes import after as plainly_after
from tests.flow.test_by_evidence import (
    ADMITTED,
    CONTACT,
    FLAG,
    HOME,
    SON,
    UNNUMBERED,
    UNSURE,
    admitted,
    after,
    answer,
    carers,
    only_item,
    related_without_phone,
)

NUMBERED = admitted(HOME, "2026-11-23 09:00", "A08")
"""The ward learns the patient's NHS number."""


def by_evidence(hub):
    return [each.by_evidence for each in picture(hub).carers]


def of_carers(hub):
    """The same as the pictures of carers have it."""
    return [each.by_evidence for one in hub.last(CarerPicture).values() for each in one.cares_for]


def matched(*ends, agreed):
    return ByEvidence(ends=ends, agreed=agreed, grade="certain", model=evidence().digest)


def test_a_link_says_which_end_is_known_by_evidence_in_what_the_records_agree_and_by_which_model():
    hub = after(FLAG, ADMITTED)
    of_patient = matched("patient", agreed=("name", "born", "home"))
    assert by_evidence(hub) == of_carers(hub) == [of_patient]
    assert last(hub).carers[0].carer.by_evidence == of_patient
    hub = after(FLAG, admitted(HOME, contacts=(CONTACT,)))
    of_carer = matched("carer", agreed=("name", "mobile"))
    assert by_evidence(hub) == of_carers(hub) == [of_carer]


def test_where_the_wards_own_list_names_the_carer_the_patient_is_certain():
    """The ward listed this contact of this patient: nothing about the patient hangs on evidence."""
    hub = after(FLAG, admitted(UNNUMBERED, contacts=(CONTACT,)))
    (carer,) = picture(hub).carers
    assert {each.source for each in carer.evidence} == {"c82009-gp", "rwe-pas"}
    assert carer.by_evidence.ends == ("carer",)
    assert [each.ends for each in of_carers(hub)] == [("carer",)]


def test_whom_a_patient_looks_after_says_it_as_well():
    flag = carer_flag(HOME, "2026-11-03 12:00", of=SON)
    (one,) = picture(after(flag, ADMITTED)).cares_for
    assert one.by_evidence == matched("carer", agreed=("name", "born", "home"))


@pytest.mark.parametrize(
    "events", [(FLAG, NUMBERED), (FLAG, ADMITTED, NUMBERED)], ids=["never", "no longer"]
)
def test_who_is_known_by_number_is_not_said_to_be_known_by_evidence(events):
    hub = after(*events)
    assert by_evidence(hub) == of_carers(hub) == [None]


def test_an_answer_makes_certain_what_was_only_likely():
    hub = after(FLAG, admitted(UNSURE))
    hub.hear(answer(only_item(hub), ReviewVerdict.SAME, "23 10:00"))
    assert by_evidence(hub) == [None]


def test_that_a_number_comes_is_news_for_the_ward():
    hub = after(FLAG, ADMITTED, NUMBERED)
    assert actions(hub) == ["raised", "corrected"]
    assert [each.carers[0].carer.by_evidence is None for each in hub.said(InvolvementAlert)] == [
        False,
        True,
    ]


def with_version(hub, version):
    """Start the region again with the same weights under another hash."""
    hub.matcher = Matcher(replace(evidence().model, version=version), evidence().tables)
    hub.crash()


def test_another_hash_of_the_model_alone_makes_no_picture_no_alert_and_no_question_new():
    unsure = admitted(replace(UNSURE, hospital_number="H300"), "2026-11-22 10:00", "A31")
    hub = after(FLAG, ADMITTED, unsure)
    stays, of_carer, item = len(hub.said(StayPicture)), len(hub.said(CarerPicture)), only_item(hub)
    with_version(hub, "another")
    grandson = replace(CARLA, given="Leo", born="2019-02-02", nhs_number="9990000069")
    hub.hear(carer_flag(SON, "2026-11-23 12:00", of=grandson))  # the pictures of Ada are made anew
    assert len(hub.said(StayPicture)) == stays
    of_carer += 1  # Ben looks after one more
    with_version(hub, "third")
    hub.hear(encounter("A02", "2026-11-24 11:00", replace(STAY, patient=UNNUMBERED, ward="31")))
    assert by_evidence(hub)[0].model.startswith("third#")
    assert len(hub.said(CarerPicture)) == of_carer
    assert only_item(hub) == item


def test_another_hash_of_the_model_alone_is_no_news_for_a_ward():
    told = after(FLAG, ADMITTED).last(InvolvementAlert)
    ((_, alert),) = told.items()
    (each,) = alert.carers
    found = replace(each.carer.by_evidence, model="another#1")
    again = replace(alert, carers=(replace(each, carer=replace(each.carer, by_evidence=found)),))
    assert says_the_same(alert, again)
    found = replace(found, agreed=("name",))
    again = replace(alert, carers=(replace(each, carer=replace(each.carer, by_evidence=found)),))
    assert not says_the_same(alert, again)


def test_a_question_names_its_model_also_when_another_pair_of_the_same_two_is_why_it_is_asked():
    for number in range(300, 306):  # which of the numbered records is compared hangs on its id
        hub = after(FLAG, admitted(replace(UNNUMBERED, shielded=True)))
        hub.hear(answer(only_item(hub), ReviewVerdict.SAME, "23 10:00"))
        second = replace(HOME, hospital_number=f"H{number}")
        hub.hear(admitted(second, "2026-11-24 09:00", "A31"))
        item = only_item(hub)
        assert (item.reasons, item.settled) == (("may-be-the-same",), False)
        assert item.model == evidence().digest


def test_around_somebody_shielded_it_is_not_said_whether_homes_or_telephones_agree():
    of_shielded = carer_flag(SON, "2026-11-03 12:00", of=replace(HOME, shielded=True))
    hub = after(of_shielded, admitted(HOME, contacts=(CONTACT,)))
    assert by_evidence(hub) == of_carers(hub) == [matched("carer", agreed=("name",))]


# A link stands only where both its ends are one person with somebody.


def test_a_question_at_either_end_lends_no_carer_and_no_confidence():
    assert carers(after(FLAG, admitted(UNSURE))) == []
    hub = after(FLAG, admitted(HOME, contacts=(related_without_phone(),)))
    assert not only_item(hub).settled
    by_source = {each.evidence[0].source: each.confidence for each in picture(hub).carers}
    assert by_source == {"c82009-gp": Confidence.CONFIRMED, "rwe-pas": Confidence.PROBABLE}


def test_an_end_that_auto_joined_leaves_the_confidence_to_the_evidence_of_the_link():
    assert carers(after(FLAG, ADMITTED)) == carers(after(FLAG, NUMBERED))
    nearly = related(replace(SON, nhs_number=None), CARER_ROLE)
    hub = after(admitted(HOME, contacts=(nearly,)), admitted(UNNUMBERED, "2026-11-22 09:40"))
    assert {each for _, each in carers(hub)} == {Confidence.PROBABLE}


def test_two_contacts_of_whom_somebody_said_that_they_are_two_are_two_carers_until_it_is_taken_back():
    """Same name and date of birth: one carer of this patient, unless somebody knows better."""
    ward = related(replace(SON, nhs_number=None, phone=None), CARER_ROLE)
    flag = carer_flag(replace(SON, shielded=True), "2026-11-03 12:00", of=HOME)
    hub = after(flag, admitted(HOME, contacts=(ward,)))
    item = only_item(hub)
    assert len(picture(hub).carers) == 1
    for by in "12":
        hub.hear(answer(item, ReviewVerdict.DIFFERENT, f"23 12:0{by}", by))
    assert [each for _, each in carers(hub)] == [Confidence.CONFIRMED, Confidence.PROBABLE]
    for by in "12":
        hub.hear(answer(item, ReviewVerdict.REVOKED, f"23 13:0{by}", by))
    assert len(picture(hub).carers) == 1


# The log.


def notes(hub, *events):
    """What is said in the log of these events, once they are durable."""
    before = len(hub.notes)
    hub.hear(*events)
    return [each for _, each in hub.notes[before:]]


def lines(hub):
    """The lines that a region with its notes writes, as a reader of JSON has them."""
    outcome = Outcome(
        RegionView(), {}, processed=0, refused=0, told=0, next_due=None, defects_in_a_row={},
        notes=tuple(hub.notes),
    )  # fmt: skip
    owner = SimpleNamespace(lease=hub.lease, progress=Progress())
    with capture_logs() as written:
        Region._count(owner, outcome)
    return [json.loads(json.dumps(allowed_only(None, "", each))) for each in written]


def outcomes(found):
    return [(each.was, each.outcome, each.decision) for each in found]


def test_a_decision_by_evidence_is_one_line_of_levels_and_bits_that_add_up_and_names_nobody():
    hub = after(FLAG, ADMITTED)
    (line,) = lines(hub)
    assert {line["one"], line["other"]} <= {
        str(each.record_id) for each in hub.memory.records.values()
    }
    assert (line["was"], line["outcome"], line["decision"]) == ("nothing", "joined", "AUTO")
    assert (line["event"], line["region"], line["event_id"]) == (
        "by-evidence",
        hub.lease.region,
        str(ADMITTED.event_id),
    )
    assert (line["model"], line["grade"], line["rules"]) == (evidence().digest, "certain", [])
    assert {each["f"]: each["level"] for each in line["fields"]} == {
        "name": "exact/exact",
        "born": "exact",
        "home": "exact/missing",
    }
    assert line["prior"] + sum(each["bits"] for each in line["fields"]) == pytest.approx(
        line["bits"], abs=1e-9
    )
    assert not any(said in repr(line).lower() for said in ("'ada", "marsh", "le2", "1941", "999"))


def test_what_was_decided_before_is_not_said_again_neither_by_a_repeat_nor_after_a_crash():
    hub = after(FLAG, ADMITTED)
    again = admitted(UNNUMBERED, "2026-11-22 15:00", "A08")
    assert notes(hub, again) == []
    hub.crash()
    assert notes(hub, admitted(UNNUMBERED, "2026-11-22 16:00", "A08")) == []
    hub.redeliver()
    other = replace(SON, given="Olivia", nhs_number="9990000042", phone=None, hospital_number="H9")
    assert notes(hub, admitted(other, "2026-11-22 17:00", "A31")) == []
    assert len(hub.notes) == 1


def test_a_question_what_parts_two_and_what_an_answer_settles_are_said_each_once():
    hub = after(FLAG)
    (asked,) = notes(hub, admitted(UNSURE))
    assert outcomes([asked]) == [("nothing", "asked", "REVIEW")]
    assert asked.rules == ("GIVEN_NAME_DISAGREES",)
    (joined,) = notes(hub, admitted(UNNUMBERED, "2026-11-23 09:00", "A08"))
    assert outcomes([joined]) == [("asked", "joined", "AUTO")]
    olivia = replace(UNNUMBERED, given="Olivia", born="1987-06-05", postcode="LS6 3HN")
    (parted,) = notes(hub, admitted(olivia, "2026-11-23 10:00", "A08"))
    assert outcomes([parted]) == [("joined", "nothing", "NONE")]
    assert (parted.bits, parted.fields) == (None, ())
    hub = after(FLAG, admitted(UNSURE))
    (settled,) = notes(hub, answer(only_item(hub), ReviewVerdict.SAME, "23 10:00"))
    assert (outcomes([settled]), settled.by) == ([("asked", "settled", "AUTO")], "answer")
    *_, line = lines(hub)
    assert (line["event"], line["by"], line["bits"]) == (
        "beside-evidence",
        "answer",
        pytest.approx(settled.bits, abs=1e-9),
    )


def test_of_somebody_shielded_the_line_does_not_say_whether_two_live_in_one_place():
    (note,) = notes(after(FLAG), admitted(replace(UNNUMBERED, shielded=True)))
    assert outcomes([note]) == [("nothing", "asked", "REVIEW")]
    assert (note.bits, note.prior, note.rules, note.fields) == (None, None, (), ())


@pytest.mark.parametrize(
    "said_of", [HOME, Person("", "", "", HOME.nhs_number)], ids=["record", "number"]
)
def test_nor_of_somebody_who_does_not_want_to_be_linked(said_of):
    (note,) = notes(after(FLAG, linking(said_of, "2026-11-20 09:00")), admitted(UNSURE))
    assert outcomes([note]) == [("nothing", "asked", "REVIEW")]
    assert (note.bits, note.prior, note.rules, note.fields) == (None, None, (), ())


def test_without_a_matcher_nothing_is_said():
    assert notes(plainly_after(FLAG), ADMITTED) == []


def test_that_somebody_far_less_likely_comes_near_is_no_decision():
    hub = after(FLAG, ADMITTED)
    (ward,) = {each.patient_record for each in hub.memory.stays.values()}
    was = hub.memory.judged(ward)
    neighbour = replace(HOME, family="Mortimer", nhs_number="9990000042", hospital_number="H900")
    assert notes(hub, admitted(neighbour, "2026-11-23 09:00", "A31")) == []
    assert hub.memory.judged(ward).because != was.because
