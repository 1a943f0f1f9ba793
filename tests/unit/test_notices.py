"""What an organisation is told is FHIR R4, holds what it needs, and names nobody once it is withdrawn."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.servicerequest import ServiceRequest
from fhir.resources.R4B.task import Task

from deploy.composition import fhir_shapes
from deploy.fhir_schema import LAID
from deploy.generating.examples import record_from_example
from hub.disclosure import AS_RECORDED, NOBODY, SharingNow
from hub.fhir import referral_task, service_request, task
from hub.fhir.conformance import refuse_malformed
from hub.fhir.person import FORMATS, needs_at
from hub.fhir.systems import ODS_ORGANISATION
from hub.fhir.task import OUTCOME, communication_from
from hub.notices import alert_notice, referral_notice
from hub.outcomes import STEPS
from hub.records import (
    AgeBand,
    AlertAction,
    AlertStatus,
    ByEvidence,
    CarerReferral,
    ExpectedDischarge,
    HumanName,
    InvolvementAlert,
    Needs,
    OutcomeKind,
    PatientOfStay,
    Precision,
    ReferralAction,
    ReferralOutcomeKind,
    Sharing,
    SharingPosition,
    Telecom,
)

EXAMPLES = Path(__file__).parents[2] / "schemas/examples"


def example(record, path):
    return record_from_example(record, json.loads((EXAMPLES / path).read_text()))


ALERT = example(InvolvementAlert, "alert.involvement.v1/raised.json")
CLOSED = example(InvolvementAlert, "alert.involvement.v1/closed-after-contact.json")
OFFERED = example(InvolvementAlert, "alert.involvement.v1/raised-with-an-offer.json")
REFERRAL = example(CarerReferral, "referral.support.v1/raised.json")
TRIED = example(CarerReferral, "referral.support.v1/tried-and-not-reached.json")
NOON = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)


def with_carer(**changes) -> InvolvementAlert:
    """The alert with a carer that differs from the example's in these things."""
    (each,) = ALERT.carers
    own = {name: value for name, value in changes.items() if name in ("outcome", "age_band")}
    other = {name: value for name, value in changes.items() if name not in own}
    return replace(ALERT, carers=(replace(each, carer=replace(each.carer, **other), **own),))


VARIANTS = {
    "raised": ALERT,
    "closed": CLOSED,
    **{
        f"{status}-{action}": replace(ALERT, status=status, action=action)
        for status, action in zip(AlertStatus, AlertAction, strict=False)
    },
    **{f"outcome {kind}": with_carer(outcome=kind.value) for kind in OutcomeKind},
    **{f"born in a {precision}": with_carer(birth_precision=precision) for precision in Precision},
    "two carers": replace(ALERT, carers=(*ALERT.carers, *CLOSED.carers)),
    "an offer": OFFERED,
    "no carer": replace(ALERT, carers=()),
    "nowhere": replace(ALERT, ward=None, bed=None, due_at=None, site_ods=None),
    "late and loud": replace(ALERT, level=3, went_home_without_contact=True),
    "nobody is named": replace(ALERT, patient=PatientOfStay(person_id=NOBODY)),
    "bare carer": with_carer(names=(), contacts=(), relationships=(), needs=None, birth_on=None),
    "needs": with_carer(needs=Needs(language="Punjabi, spoken", interpreter=True)),
    "note": with_carer(contacts=(Telecom(system="phone", value="07700 900142", note="Evenings"),)),
    "by evidence": with_carer(by_evidence=ByEvidence(ends=("carer",), agreed=("name",))),
    "name as sent": with_carer(names=(HumanName(text="Mrs S Hale"),)),
}
REFERRALS = {
    **{action.value: replace(REFERRAL, action=action) for action in ReferralAction},
    "declined, out of area": replace(
        REFERRAL, action=ReferralAction.DECLINED, reason="out-of-area"
    ),
    **{
        f"last answer {kind}": replace(REFERRAL, last_answer=kind.value, last_answer_at=NOON)
        for kind in ReferralOutcomeKind
    },
    "interpreter": replace(
        REFERRAL, needs=Needs(language="pa", interpreter=True, formats=("Easy read", "Braille"))
    ),
    "home at noon": replace(
        REFERRAL, expected_discharge=ExpectedDischarge(at=NOON, precision="minute")
    ),
    "bare": replace(
        REFERRAL, names=(), contacts=(), relationships=(), needs=None, postcode=None, birth_on=None
    ),
}


@pytest.fixture(scope="module")
def shapes():
    return fhir_shapes(LAID)


def told(alert: InvolvementAlert) -> dict:
    return orjson.loads(alert_notice(alert, AS_RECORDED).resource)


def referred(referral: CarerReferral) -> tuple[dict, dict]:
    request, answer = orjson.loads(referral_notice(referral, AS_RECORDED).resource)["entry"]
    return request["resource"], answer["resource"]


@pytest.mark.parametrize("alert", VARIANTS.values(), ids=VARIANTS)
def test_every_alert_is_a_task_of_fhir_r4(alert, shapes):
    for resource in (told(alert), task.task_from(alert)):
        refuse_malformed(resource, shapes)
        Task.model_validate(resource)


@pytest.mark.parametrize("referral", REFERRALS.values(), ids=REFERRALS)
def test_every_referral_is_a_service_request_and_a_task_of_fhir_r4(referral, shapes):
    bundle = orjson.loads(referral_notice(referral, AS_RECORDED).resource)
    refuse_malformed(bundle, shapes)
    Bundle.model_validate(bundle)
    request, answer = referred(referral)
    ServiceRequest.model_validate(request)
    Task.model_validate(answer)
    refuse_malformed(service_request.service_request_from(referral), shapes)


def test_each_status_of_a_record_has_one_in_fhir():
    assert task.STATUSES.keys() == {each.value for each in AlertStatus}
    for statuses in (service_request.STATUSES, referral_task.STATUSES):
        assert statuses.keys() == {each.value for each in ReferralAction}


def test_a_notice_says_which_version_of_what_and_when():
    notice = alert_notice(CLOSED, AS_RECORDED)
    assert (notice.notice_id, notice.version) == (CLOSED.alert_id, 2)
    assert (notice.changed_at, notice.withdrawn) == (CLOSED.recorded_at, False)
    resource = told(CLOSED)
    assert (resource["id"], resource["meta"]["versionId"]) == (str(CLOSED.alert_id), "2")
    assert resource["owner"]["identifier"]["value"] == "RWE"


@pytest.mark.parametrize("band", AgeBand)
@pytest.mark.parametrize("position", SharingPosition)
def test_each_carer_has_their_age_band_and_whether_they_may_be_told(band, position):
    person = told(with_carer(age_band=band, sharing=Sharing(position=position)))["contained"][1]
    assert person["extension"] == [
        {"url": "urn:carers-hub:extension:age-band", "valueCode": band.value},
        {"url": "urn:carers-hub:extension:sharing", "valueCode": position.value},
    ]


MATCHED = ByEvidence(
    ends=("patient", "carer"), agreed=("name", "born"), grade="certain", model="1#a"
)


def test_a_carer_who_is_known_by_evidence_has_fhirs_grade_the_ends_and_the_fields_and_no_model():
    person = told(with_carer(by_evidence=MATCHED))["contained"][1]
    (found,) = (each for each in person["extension"] if each["url"] == task.MATCHED)
    assert found["extension"] == [
        {
            "url": "grade",
            "valueCoding": {
                "system": "http://terminology.hl7.org/CodeSystem/match-grade",
                "code": "certain",
            },
        },
        {"url": "end", "valueCode": "patient"},
        {"url": "end", "valueCode": "carer"},
        {"url": "field", "valueCode": "name"},
        {"url": "field", "valueCode": "born"},
    ]
    assert "1#a" not in str(person)


def test_an_offer_is_a_proposal_within_the_task_for_its_carer():
    both = replace(OFFERED, carers=(*ALERT.carers, *OFFERED.carers))
    resource = told(both)
    (offer,) = (each for each in resource["contained"] if each["resourceType"] == "Task")
    assert (offer["id"], offer["intent"], offer["for"]) == (
        "offer-2",
        "proposal",
        {"reference": "#carer-2"},
    )
    assert offer["input"][0]["valueReference"] == {
        "identifier": {"system": ODS_ORGANISATION, "value": "8J094"},
        "display": "Carers Leeds",
    }
    assert [each["valueReference"]["reference"] for each in resource["input"]] == [
        "#carer-1",
        "#carer-2",
        "#offer-2",
    ]


def test_what_became_of_a_carer_is_an_output_of_the_task():
    (output,) = told(CLOSED)["output"]
    assert output == {
        "type": {"coding": [{"system": OUTCOME, "code": "contacted-able"}]},
        "valueReference": {"reference": "#carer-1"},
    }
    assert "output" not in told(ALERT)


def test_of_two_carers_the_output_names_the_one_that_was_contacted():
    both = replace(ALERT, carers=(*ALERT.carers, *CLOSED.carers))
    (output,) = told(both)["output"]
    assert output["valueReference"] == {"reference": "#carer-2"}


def test_when_it_is_safe_to_phone_a_carer_goes_with_the_number():
    (_, carer) = told(VARIANTS["note"])["contained"]
    assert carer["telecom"][0]["extension"][0]["valueString"] == "Evenings"


@pytest.mark.parametrize(
    ("language", "said"), [("pa", "coding"), ("pt-BR", "coding"), ("as spoken at home", "text")]
)
def test_a_language_is_a_code_where_it_is_one(language, said):
    assert said in communication_from(language)[0]["language"]


PEOPLE = ("Whitlock", "Doris", "Hale", "Susan", "9991204318", "1941", "1968", "07700", "LE18")


@pytest.mark.parametrize(
    ("bare", "withdrawn"),
    [
        (
            alert_notice(
                replace(ALERT, status=AlertStatus.CANCELLED, action=AlertAction.WITHDRAWN),
                AS_RECORDED,
            ),
            "cancelled",
        ),
        (
            referral_notice(replace(REFERRAL, action=ReferralAction.WITHDRAWN), AS_RECORDED),
            "revoked",
        ),
        (
            referral_notice(REFERRAL, SharingNow(withdrawn=frozenset({REFERRAL.agreement_id}))),
            "revoked",
        ),
    ],
)
def test_what_is_withdrawn_says_so_and_names_nobody(bare, withdrawn):
    text = bare.resource.decode()
    assert bare.withdrawn
    assert f'"status":"{withdrawn}"' in text
    assert [each for each in PEOPLE if each in text] == []


def test_a_referral_tells_no_agreement_and_the_task_points_at_its_request():
    request, answer = referred(REFERRAL)
    assert str(REFERRAL.agreement_id) not in json.dumps((request, answer))
    assert [each for each in request["supportingInfo"] if "identifier" in each] == []
    assert answer["focus"] == {"reference": f"ServiceRequest/{request['id']}"}
    assert answer["id"] == request["id"] == str(REFERRAL.referral_id)


def test_a_service_reads_whom_the_carer_looks_after_and_when_they_come_home():
    request, _ = referred(REFERRAL)
    assert request["supportingInfo"] == [{"reference": "#cared-for"}]
    assert request["contained"][1] == {
        "resourceType": "Patient",
        "id": "cared-for",
        "name": [{"given": ["Doris"]}],
    }
    assert request["occurrenceDateTime"] == "2026-11-09"
    noon, _ = referred(REFERRALS["home at noon"])
    assert noon["occurrenceDateTime"] == "2026-11-09T12:00:00Z"


@pytest.mark.parametrize(
    "needs",
    [
        Needs(language="pa", interpreter=True),
        Needs(language="en", interpreter=False),
        Needs(formats=("large print", "sign language")),
        Needs(language="bn", interpreter=True, formats=tuple(FORMATS.values())),
    ],
)
def test_what_a_carer_needs_reads_back_as_it_was_said(needs):
    request, _ = referred(replace(REFERRAL, needs=needs))
    assert needs_at(request["contained"][0], "Patient") == needs


def test_a_format_without_a_code_is_told_in_words():
    request, _ = referred(REFERRALS["interpreter"])
    said = [each["extension"][0] for each in request["contained"][0]["extension"][1:]]
    assert [each["valueCodeableConcept"]["text"] for each in said] == ["Easy read", "Braille"]
    assert ["coding" in each["valueCodeableConcept"] for each in said] == [False, True]


def test_the_last_answer_of_a_service_is_the_output_of_the_task():
    _, answer = referred(TRIED)
    assert answer["output"] == [
        {
            "type": {"coding": [{"system": referral_task.OUTCOME, "code": "contact-attempted"}]},
            "valueDateTime": "2026-11-05T14:20:00Z",
        }
    ]
    assert "output" not in referred(REFERRAL)[1]


def test_why_a_service_said_no_is_a_code():
    _, answer = referred(REFERRALS["declined, out of area"])
    (coding,) = answer["statusReason"]["coding"]
    assert coding == {"system": referral_task.REASON, "code": "out-of-area"}


def test_nothing_of_causes_senders_and_regions_is_told():
    inside = (ALERT.source, "gp-c82009", "rwe-pas", str(ALERT.caused_by), ALERT.policy)
    text = alert_notice(ALERT, AS_RECORDED).resource.decode()
    assert [each for each in inside if each and each in text] == []


def test_each_outcome_of_a_carer_has_a_code_without_underscores():
    codes = {
        told(with_carer(outcome=kind.value))["output"][0]["type"]["coding"][0]["code"]
        for kind in OutcomeKind
        if kind not in STEPS
    }
    assert len(codes) == len(OutcomeKind) - len(STEPS)
    assert not any("_" in code for code in codes)
