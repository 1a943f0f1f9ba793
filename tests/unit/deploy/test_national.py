"""National notices as composed: who may send them and to which regions, from files, and in a dry run."""

import re

import pytest

from connectors.national.mapping import heard_from
from connectors.national.settings import NationalSender
from connectors.national.taking import Taking
from deploy.composition import national_senders
from deploy.configuration.load import load
from deploy.exit_codes import Stopped
from deploy.generate import ROOT
from deploy.roles.doors import is_for_programs
from deploy.sending.notices import became_of, national_sender
from deploy.trying.composition import trial_for
from deploy.trying.files import pieces_of
from deploy.trying.lines import MessageLine
from hub.testing.people import ADA, BEN
from tests.unit.national.notices import NOW, consent, event, sender, sent

AREA = """\
test_numbers: accept
regions: [{name: llr}, {name: leeds}]
organisations: [{ods_code: RR8, kind: trust, name: A trust, regions: [leeds]}]
senders:
  - {name: mns, connector: national, organisation: RR8}
"""
ADMISSION = "\r".join(
    (
        r"MSH|^~\&|PAS|RWE|HUB|HUB|20261122093000||ADT^A01|1|P|2.4",
        "EVN||20261122093000||||20261122092500",
        f"PID|1||{ADA.nhs_number}^^^NHS^NH~H1^^^RWE^MR||Marsh^Ada||19410302|2",
        "NK1|1|Marsh^Ben|20|||07700 900142",
        "PV1|1|I|WARD23^^B4^RWEAA||||||||||||||||V1",
    )
)
DIED = event("pds-death-notification-2")
ROLE = event("vrs-proxy-role-created-1", id="e-2", data=consent())
RECORD = event("pds-record-change-2", id="e-3")
WRONG = event("pds-death-notification-2", id="e-4", subject="1")


@pytest.fixture
def configuration(tmp_path):
    file = tmp_path / "hub.yaml"
    file.write_text(AREA)
    return load(file, {}, with_secrets=False)


def test_a_sender_speaks_to_every_region_unless_it_says_which(configuration, tmp_path):
    (found,) = national_senders(configuration)
    assert found == NationalSender(name="mns", regions=(0, 1), test_numbers="accept")
    one = tmp_path / "one.yaml"
    one.write_text(AREA.replace("RR8}", "RR8, regions: [leeds], unstated_death: ignore}"))
    (other,) = national_senders(load(one, {}, with_secrets=False))
    assert (other.regions, other.unstated_death) == ((1,), "ignore")


def test_the_address_is_for_programs():
    assert is_for_programs({"type": "http", "path": "/cloudevents"})


def test_files_are_taken_in_as_a_sender_of_the_configuration(configuration):
    assert national_sender(configuration, "mns").name == "mns"
    with pytest.raises(Stopped, match="It has: mns"):
        national_sender(configuration, "rr8-adt")


class Kept:
    """Everything that is made durable."""

    def __init__(self):
        self.published, self.refused, self.ignored = [], [], []

    async def publish(self, event, key):
        self.published.append(event)

    def keep_refused(self, refused):
        self.refused.append(refused)

    def keep_ignored(self, ignored):
        self.ignored.append(ignored)


async def test_each_notice_of_a_file_is_one_line(tmp_path):
    file = tmp_path / "n.ndjson"
    file.write_bytes(b"\n".join(map(sent, (DIED, RECORD, WRONG))))
    kept = Kept()
    taking = Taking(kept, kept, lambda: NOW)
    lines = [await became_of(taking, sender(), piece) for piece in pieces_of(file)]
    assert [(each.index, each.answer, each.accepted) for each in lines] == [
        (0, "accepted", True),
        (1, "ignored", True),
        (2, "refused", False),
    ]
    assert lines[2].expression == "subject"
    assert (len(kept.published), len(kept.ignored), len(kept.refused)) == (2, 1, 1)
    other = tmp_path / "a.hl7"
    other.write_text(ADMISSION)
    (line,) = [await became_of(taking, sender(), piece) for piece in pieces_of(other)]
    assert (line.answer, line.accepted) == ("not-sent", False)


def test_a_dry_run_shows_what_notices_lead_to(tmp_path):
    messages = {"1.hl7": ADMISSION.encode(), "2.json": sent([ROLE, DIED])}
    said = []
    trial = trial_for(load(ROOT / "deploy/demo/hub.yaml", {}, with_secrets=False))
    for name, content in messages.items():
        (tmp_path / name).write_bytes(content)
        said += [
            (line.event, line.outcome)
            if isinstance(line, MessageLine)
            else (line.kind, line.action)
            for line in trial.lines(pieces_of(tmp_path / name))
        ]
    assert said[0] == ("A01", "accepted")
    assert ("alert", "raised") in said
    assert ("proxy_role_created", "accepted") in said
    assert said[-2:] == [("death", "accepted"), ("alert", "withdrawn")]
    assert BEN.nhs_number not in repr(said)


def test_the_example_of_the_readme_is_taken():
    text = (ROOT / "connectors/national/README.md").read_text()
    (example,) = re.findall(r"<<'END'\n(.*?)\nEND\n", text, re.DOTALL)
    assert heard_from(example.encode(), sender(), NOW)[0].event.deceased
