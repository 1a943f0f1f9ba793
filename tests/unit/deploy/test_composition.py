"""What the configuration says of a sender of HL7 v2 is how its messages are read."""

from datetime import time, timedelta

from connectors.ward_mllp.feeds import Expected
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from connectors.ward_mllp.verdict import OnReject
from deploy.composition import ward_senders
from deploy.configuration.load import load
from hub.hl7v2 import Charset

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
