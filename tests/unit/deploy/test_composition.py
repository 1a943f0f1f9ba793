"""What the configuration says of a sender is how its messages are read, and its codes understood."""

from datetime import time, timedelta

import pytest

from connectors.ward_mllp.feeds import Expected
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from connectors.ward_mllp.verdict import OnReject
from deploy.code_lists import carer_codes
from deploy.composition import chain_from, fhir_structures, known_codes, ward_senders
from deploy.configuration.errors import ConfigurationError
from deploy.configuration.load import load
from deploy.configuration.model import Configuration
from deploy.fhir_schema import LAID
from deploy.generate import ROOT
from hub.hl7v2 import Charset
from hub.records import Coding
from processors.carer_matching.policy import FeedCodes

AREA = """\
test_numbers: accept
mllp: {tls: {cert: c.pem, key: k.pem, client_ca: ca.pem}}
regions: [{name: llr}, {name: leeds}]
organisations: [{ods_code: RR8, kind: trust, name: A trust, regions: [leeds]}]
senders:
  - name: rr8-adt
    connector: ward_mllp
    organisation: RR8
    regions: [leeds]
    certificate_name: adt.rr8.example
"""
EVERYTHING = """\
    sending_applications: [PAS]
    sending_facilities: [RR8, RR813]
    charset: windows-1252
    on_reject: aa
    nk1_rule: always-add
    visit_number: admission
    disposition: itk-0112
    ward_component: 1
    events: [A01, A03]
    silent_after_minutes: 30
    expected_from: 07:00
    expected_to: 20:00
"""


def sender(tmp_path, text: str) -> KnownSender:
    file = tmp_path / "hub.yaml"
    file.write_text(text)
    (known,) = ward_senders(load(file, {}, with_secrets=False))
    return known


def test_every_setting_of_a_ward_reaches_its_messages(tmp_path):
    assert sender(tmp_path, AREA + EVERYTHING) == KnownSender(
        settings=SenderSettings(
            name="rr8-adt",
            region=1,
            trust_ods="RR8",
            visit_number_rule="admission",
            charset=Charset.WINDOWS_1252,
            on_reject=OnReject.AA,
            nk1_rule="always-add",
            test_numbers="accept",
            disposition="itk-0112",
            ward_component=1,
            events=frozenset({"A01", "A03"}),
        ),
        applications=frozenset({"PAS"}),
        facilities=frozenset({"RR8", "RR813"}),
        certificate_name="adt.rr8.example",
        expected=Expected(within=timedelta(minutes=30), opens=time(7), closes=time(20)),
    )


def test_what_is_not_said_is_the_safe_default_of_the_reader(tmp_path):
    settings = SenderSettings(name="rr8-adt", region=1, trust_ods="RR8", test_numbers="accept")
    known = sender(tmp_path, AREA)
    assert (known.settings, known.expected) == (settings, None)


PRACTICE = """\
regions: [{name: llr}]
organisations: [{ods_code: C82901, kind: practice, name: A practice, regions: [llr]}]
http: {fhir_xml: true}
senders:
  - name: c82901-fhir
    connector: fhir_api
    organisation: C82901
    regions: [llr]
    carer_codes:
      include: ["http://snomed.info/sct|229774002"]
      exclude: ["http://snomed.info/sct|407543004"]
"""


def practice(tmp_path, text: str = PRACTICE) -> Configuration:
    file = tmp_path / "hub.yaml"
    file.write_text(text)
    return load(file, {}, with_secrets=False)


def test_the_lists_and_a_senders_own_one_reach_the_rule_with_their_version(tmp_path):
    matching, *_ = chain_from(practice(tmp_path))
    lists = carer_codes()
    assert matching.policy.carer_codes == lists.carer
    assert matching.policy.left_out_codes == lists.left_out
    assert matching.policy.codes_version == lists.version
    assert matching.policy.feeds == (
        FeedCodes(
            "c82901-fhir",
            include=("http://snomed.info/sct|229774002",),
            exclude=("http://snomed.info/sct|407543004",),
        ),
    )


def test_the_door_knows_the_codes_of_the_lists_and_of_senders_and_no_others(tmp_path):
    own = practice(tmp_path, PRACTICE.replace("229774002", "1"))
    knows = known_codes(own)
    system = "http://snomed.info/sct"
    said = {code: knows([Coding(system=system, code=code)]) for code in ("1", "407543004", "2")}
    assert said == {"1": True, "407543004": True, "2": False}


def test_a_code_without_its_system_is_refused_with_its_line(tmp_path):
    with pytest.raises(ConfigurationError, match="include"):
        practice(tmp_path, PRACTICE.replace("http://snomed.info/sct|229774002", "229774002"))


@pytest.mark.parametrize("is_on", [True, False])
def test_xml_is_read_only_where_it_is_switched_on(tmp_path, is_on):
    text = PRACTICE if is_on else PRACTICE.replace("http: {fhir_xml: true}\n", "")
    assert (fhir_structures(practice(tmp_path, text), LAID) is not None) is is_on


def test_the_example_that_connects_a_hospital_is_a_configuration(tmp_path):
    readme = (ROOT / "connectors/ward_mllp/README.md").read_text()
    example = readme.partition("```yaml\n")[2].partition("```")[0]
    known = sender(tmp_path, example)
    assert known.settings == SenderSettings(
        name="rwe-adt", region=0, trust_ods="RWE", test_numbers="accept"
    )
    assert known.certificate_name == "ward.example.nhs.uk"
