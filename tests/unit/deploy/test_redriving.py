"""What doors refused, once more: the same events as at the door, each region its own."""

from dataclasses import replace
from uuid import UUID

import orjson
import pytest

from connectors.fhir_api.structures import R4Structures
from deploy.commands.dead_letters import region_to_try
from deploy.configuration.load import load
from deploy.exit_codes import ExitCode, Stopped
from deploy.fhir_schema import LAID
from deploy.redriving import Published, rereader, said_elsewhere
from hub.errors import Rejected
from hub.matching.region import RegionView
from hub.ports.dead_letters import KeptLetter
from hub.records import CarerFlagEvent, DecisionKind, HubCommand, PersonDecision, PersonNotice
from hub.runtime.batch_state import Batch
from hub.runtime.redrive import redriven
from hub.store.letters import LetterRow
from hub.testing.flags import agreement, carer_flag
from hub.testing.people import ADA, BEN
from hub.testing.senders import at, frame_of
from tests.unit.deploy.test_passes import NoShapes
from tests.unit.fhir_api.test_xml import document
from tests.unit.national.notices import event

AREA = """\
test_numbers: accept
regions: [{name: llr}, {name: leeds}]
organisations:
  - {ods_code: RR8, kind: trust, name: A trust, regions: [leeds]}
  - {ods_code: C82901, kind: practice, name: A practice, regions: [llr]}
senders:
  - {name: mns, connector: national, organisation: RR8}
  - {name: c82901-fhir, connector: fhir_api, organisation: C82901, regions: [leeds, llr]}
"""
FLAG = carer_flag(BEN, "2026-11-03 12:00", of=ADA).resource
DIED = orjson.dumps(event("pds-death-notification-2"))
NO_NEWS = orjson.dumps(event("pds-record-change-2", id="e-3"))
LETTER = UUID(int=1)
EARLIER = at("2026-11-04 09:00")
WITH_XML = Published(NoShapes, lambda: R4Structures(LAID.read_bytes()))


@pytest.fixture
def configuration(tmp_path):
    file = tmp_path / "hub.yaml"
    file.write_text(AREA)
    return load(file, {}, with_secrets=False)


@pytest.fixture
def reader(configuration):
    return rereader(configuration, WITH_XML)


def test_a_national_notice_comes_to_every_region_and_what_means_nothing_is_passed_by(reader):
    both = b"[" + NO_NEWS + b"," + DIED + b"]"
    alone, among = (reader("mns", each, EARLIER) for each in (DIED, both))
    assert [(type(each.event), each.event.region) for each in alone] == [
        (PersonNotice, 0),
        (PersonNotice, 1),
    ]
    assert [each.event.event_id for each in among] == [each.event.event_id for each in alone]


@pytest.mark.parametrize(
    ("value", "code"), [(NO_NEWS, "no-meaning"), (b"[]", "no-meaning"), (b"{", "not-json")]
)
def test_a_notice_that_still_says_nothing_is_refused_again(reader, value, code):
    with pytest.raises(Rejected) as refused:
        reader("mns", value, EARLIER)
    assert refused.value.code == code
    assert said_elsewhere(reader, "mns", value, EARLIER, 0) == ()


def test_xml_comes_to_the_events_of_the_json_that_says_the_same(reader):
    as_json = reader("c82901-fhir", FLAG, EARLIER)
    as_xml = reader("c82901-fhir", b"\xef\xbb\xbf" + document(orjson.loads(FLAG)), EARLIER)
    assert [(each.key, each.event.event_id) for each in as_xml] == [
        (each.key, each.event.event_id) for each in as_json
    ]
    assert {each.event.original_type for each in as_xml} == {"application/fhir+xml"}


def test_xml_waits_for_its_switch(configuration):
    reader = rereader(configuration, replace(WITH_XML, structures=lambda: None))
    with pytest.raises(Rejected) as refused:
        reader("c82901-fhir", document(orjson.loads(FLAG)), EARLIER)
    assert (refused.value.code, "http.fhir_xml" in refused.value.reason) == ("media-type", True)


class OneLetter:
    """A unit that holds one dead letter of a door."""

    def __init__(self, source, value):
        self.kept = KeptLetter(
            LETTER, source, None, None, None, "no", "", "No.", False, value, EARLIER
        )

    def letter(self, dead_letter_id):
        return self.kept if dead_letter_id == LETTER else None

    def seen(self, events):
        return frozenset()


def redriven_in(region, source, value, reader):
    """What the owner of a region puts in front of its chain, and what it refuses."""
    command = HubCommand(name="redrive", argument=str(LETTER))
    cause = PersonDecision(
        **{**frame_of("operator", "1", "2026-11-22 11:00"), "region": region},
        decision_key=LETTER,
        kind=DecisionKind.COMMAND,
        by="operator-1",
        organisation_ods="HUB",
        command=command,
    )
    batch = Batch(region, RegionView().overlay(), {})
    unit = OneLetter(source, value)
    said = [*redriven(batch, cause, command, unit, lambda *it: [k.event for k in reader(*it)])]
    return [each.event for each in said], [each.code for each in batch.refusals]


@pytest.mark.parametrize(("source", "value"), [("mns", DIED), ("c82901-fhir", FLAG + b" ")])
@pytest.mark.parametrize("region", [0, 1])
def test_each_region_is_given_its_own_and_the_others_are_told(reader, source, value, region):
    (mine,), refused = redriven_in(region, source, value, reader)
    (other,) = said_elsewhere(reader, source, value, EARLIER, region)
    assert (mine.region, other.event.region, refused) == (region, 1 - region, [])


def test_an_agreement_and_a_flag_in_one_body_are_both_given(reader):
    (_, agreed) = orjson.loads(agreement(BEN, "2026-11-03 12:00").resource)["entry"]
    body = orjson.loads(FLAG)
    body["entry"].append({"resource": agreed["resource"]})
    said, refused = redriven_in(1, "c82901-fhir", orjson.dumps(body), reader)
    assert ([type(each) for each in said], refused) == ([CarerFlagEvent, PersonDecision], [])


def test_what_is_for_another_region_alone_is_refused_there(configuration):
    mns, practice = configuration.senders
    senders = (mns, practice.model_copy(update={"regions": ("leeds",)}))
    only_leeds = configuration.model_copy(update={"senders": senders})
    reader = rereader(only_leeds, WITH_XML)
    assert redriven_in(0, "c82901-fhir", FLAG, reader) == ([], ["other-region"])


def test_what_has_no_time_of_its_own_was_said_when_it_was_received(reader):
    body = orjson.loads(FLAG)
    del body["timestamp"]
    ((mine,), refused) = redriven_in(1, "c82901-fhir", orjson.dumps(body), reader)
    assert (mine.recorded_at, mine.received_at, refused) == (EARLIER, EARLIER, [])
    (other,) = said_elsewhere(reader, "c82901-fhir", orjson.dumps(body), EARLIER, 1)
    assert other.event.recorded_at == EARLIER
    ((notice,), _) = redriven_in(1, "mns", DIED, reader)
    assert notice.received_at == EARLIER


@pytest.mark.parametrize(
    ("own", "said", "tried"),
    [
        (0, None, 0),
        (1, None, 1),
        (-1, "leeds", 1),
        (-1, None, None),
        (0, "leeds", None),
        (0, "llr", None),
    ],
)
def test_a_region_is_said_of_a_sender_who_was_not_known_and_of_no_other(
    configuration, own, said, tried
):
    letter = LetterRow(
        own, LETTER, None, "mns", None, None, "no", "", "No.", False, 1, EARLIER, EARLIER, None
    )
    if tried is not None:
        assert region_to_try(configuration, letter, said) == tried
        return
    with pytest.raises(Stopped) as stopped:
        region_to_try(configuration, letter, said)
    assert stopped.value.code is ExitCode.USAGE
