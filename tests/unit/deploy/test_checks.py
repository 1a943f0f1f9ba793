"""`hub doctor`: each check, by values; each broken once."""

import socket
import ssl
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.checks import clocks, database, facts, feeds, files, kafka, machine
from deploy.checks.certificates import expires_at
from deploy.checks.database import DatabaseFacts
from deploy.checks.finding import Finding, State
from deploy.code_lists import carer_codes
from deploy.doctor import exit_code, lines
from deploy.exit_codes import ExitCode
from deploy.fhir_schema import LAID, wanted_sha256
from deploy.local.errors import CannotStart
from hub.runtime.topics.differences import AddPartitions, Advice, Refusal
from hub.runtime.topics.plan import Cluster, FoundTopic
from hub.runtime.topics.wanted import wanted_topics
from hub.topics import TOPICS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
GOOD = DatabaseFacts(
    major=18,
    version="18.6",
    fsync="on",
    synchronous_commit="on",
    encoding="UTF8",
    standby=False,
    clock=NOW,
)
WANTED = wanted_topics(TOPICS, regions=1)
CLUSTER = Cluster(
    cluster_id="c1",
    brokers=1,
    version=(4, 3),
    topics={t.name: FoundTopic(t.name, "id", 1, 1, t.settings) for t in WANTED},
)


def states(*findings: Finding) -> list[State]:
    return [finding.state for finding in findings]


class TestFiles:
    def test_a_fhir_schema_that_is_missing_or_another(self, tmp_path):
        place = tmp_path / "fhir.schema.json"
        missing = files.fhir_schema(place, facts.sha256_of(place), "aa")
        assert missing.state is State.FAILED
        assert "make setup" in missing.do
        place.write_text("{}")
        assert files.fhir_schema(place, facts.sha256_of(place), "aa").state is State.WARNING
        assert files.fhir_schema(LAID, facts.sha256_of(LAID), wanted_sha256()).state is State.OK

    def test_code_lists_that_are_missing(self, tmp_path):
        with pytest.raises(CannotStart, match="make setup"):
            carer_codes(tmp_path / "carers.yaml")
        assert files.code_lists(None).state is State.FAILED
        assert files.code_lists(carer_codes().version).state is State.OK

    @pytest.mark.parametrize(
        ("metrics", "version", "warns"),
        [
            ('hub_carer_codes{version="3"} 1.0\n', "3", []),
            ('hub_carer_codes{version="2"} 1.0\n', "3", [State.WARNING]),
            ('hub_carer_codes{version="2"} 1.0\n', None, []),
            (None, "3", []),
        ],
    )
    def test_a_gateway_that_hears_by_other_lists(self, metrics, version, warns):
        assert states(*files.lists_heard_by(metrics, version)) == warns


NUMBERS = """
hub_ward_feed_messages_total{sender="rwe-adt",verdict="rejected"} 2.0
hub_ward_feed_messages_total{sender="rwe-adt",verdict="understood"} %s
hub_ward_feed_heard_seconds{sender="rwe-adt"} 300.0
hub_ward_feed_heard{sender="rwe-adt"} 1.0
hub_ward_feed_silent{sender="rwe-adt"} %s
hub_ward_feed_heard_seconds{sender="rr8-adt"} 4000.0
hub_ward_feed_heard{sender="rr8-adt"} 0.0
hub_ward_feed_silent{sender="rr8-adt"} 0.0
"""
RWE = "last heard 5 minutes ago; {}2 rejected"


class TestFeeds:
    @pytest.mark.parametrize(
        ("understood", "silent", "state", "says"),
        [
            (7, 0, State.OK, RWE.format("7 understood, ")),
            (0, 0, State.WARNING, RWE.format("")),
            (7, 1, State.WARNING, "silent: " + RWE.format("7 understood, ")),
        ],
    )
    def test_each_sender_is_told_with_what_became_of_its_messages(
        self, understood, silent, state, says
    ):
        one, other = feeds.feeds(["rwe-adt", "rr8-adt"], NUMBERS % (understood, silent))
        assert (one.check, one.state, one.says) == ("feed rwe-adt", state, says)
        assert (other.state, other.says) == (State.WARNING, "not heard since the gateway started")

    def test_who_was_not_heard_just_after_a_start_is_no_warning(self):
        numbers = NUMBERS.replace("4000.0", "40.0") % (7, 0)
        (early,) = feeds.feeds(["rr8-adt"], numbers)
        assert (early.state, early.says) == (
            State.OK, "not heard yet; the gateway started 40 seconds ago"
        )  # fmt: skip

    def test_what_was_ignored_is_told_by_what_it_was(self):
        ignored = """hub_ward_feed_messages_total{sender="rr8-adt",verdict="ignored"} 5.0
hub_ward_ignored_total{sender="rr8-adt",event="ORU"} 2.0
hub_ward_ignored_total{sender="rr8-adt",event="A60"} 3.0
"""
        heard = NUMBERS.replace('heard{sender="rr8-adt"} 0.0', 'heard{sender="rr8-adt"} 1.0') % (
            7,
            0,
        )
        (told,) = feeds.feeds(["rr8-adt"], heard + ignored)
        assert told.says == "last heard 66 minutes ago; 5 ignored (ignored: 3 A60, 2 ORU)"

    def test_a_gateway_that_does_not_run(self):
        assert states(*feeds.feeds(["rwe-adt"], None)) == [State.NOT_RUN]
        assert facts.metrics_of("http://127.0.0.1:1/metrics") is None

    def test_failed_tls_is_told_by_why(self):
        failed = 'hub_ward_handshakes_failed_total{reason="plaintext"} 3.0\n'
        *_, tls = feeds.feeds(["rwe-adt"], failed)
        assert (tls.check, tls.says) == ("mllp tls", "connections failed: 3 plaintext")


class TestMachine:
    def test_an_old_python(self):
        assert machine.python_version((3, 10, 14)).state is State.FAILED
        assert machine.python_version((3, 11, 0)).state is State.OK

    @pytest.mark.parametrize(
        ("free", "state"),
        [(machine.LEAST_FREE - 1, State.FAILED), (machine.COMFORTABLE_FREE - 1, State.WARNING),
         (machine.COMFORTABLE_FREE, State.OK)],
    )  # fmt: skip
    def test_a_full_disk(self, free, state):
        assert machine.disk_space(Path("/data"), free).state is state

    @pytest.mark.parametrize(
        ("found", "state"),
        [
            ("free", State.OK),
            ("ours", State.OK),
            ("taken", State.FAILED),
            ("forbidden", State.FAILED),
        ],
    )
    def test_a_port_that_is_taken(self, found, state):
        assert machine.port("mllp", 2575, found).state is state

    @pytest.mark.parametrize(
        ("days", "state"), [(-1, State.FAILED), (29, State.WARNING), (31, State.OK)]
    )
    def test_a_certificate_that_ends(self, days, state):
        end = NOW + timedelta(days=days)
        assert machine.certificate("http.tls.cert", end, NOW).state is state

    @pytest.mark.parametrize(("days", "when"), [(19, "soon"), (6, "now")])
    def test_a_certificate_is_renewed_soon_and_then_now(self, days, when):
        found = machine.certificate("mllp.tls.cert", NOW + timedelta(days=days), NOW)
        assert found.do.startswith(f"renew it {when}, and restart the hub")

    def test_a_certificate_that_cannot_be_read(self):
        finding = machine.certificate("http.tls.cert", "a.pem holds no certificate in PEM", NOW)
        assert finding.state is State.FAILED

    def test_a_secret_that_cannot_be_used(self):
        (finding,) = machine.secrets({"database.url": "the environment variable DB is not set"}, 1)
        assert finding.state is State.MISCONFIGURED
        assert states(*machine.secrets({}, 1)) == [State.OK]


class TestKafka:
    def test_an_old_broker(self):
        assert kafka.broker(replace(CLUSTER, version=(3, 9))).state is State.FAILED
        assert kafka.broker(CLUSTER).state is State.OK

    def test_a_broker_that_is_down(self):
        assert kafka.broker_down("refused").state is State.DOWN

    def test_topics_that_differ(self):
        assert states(*kafka.topics(())) == [State.OK]
        differing = (AddPartitions("a", 1, 2), AddPartitions("b", 1, 2))
        (finding,) = kafka.topics(differing)
        assert finding.state is State.FAILED
        assert finding.do == "hub topics apply"
        assert "(and 1 more; see hub topics diff)" in finding.says

    def test_topics_that_no_program_may_mend(self):
        refused = (Refusal("a", "was deleted"), Refusal("b", "was deleted"))
        (finding,) = kafka.topics(refused)
        assert (finding.state, finding.says) == (
            State.FAILED,
            "refused, a (and 1 more): was deleted",
        )

    def test_topics_with_few_copies(self):
        assert states(*kafka.topics((Advice("a", "has 1 of 3 copies"),))) == [State.WARNING]

    def test_senders_time_on_a_topic(self):
        wrong = FoundTopic("hospital.encounter.v1", "id", 1, 1, {})
        topics = {**CLUSTER.topics, wrong.name: wrong}
        finding = kafka.append_time(replace(CLUSTER, topics=topics), WANTED)
        assert finding.state is State.FAILED
        assert "hospital.encounter.v1" in finding.says
        assert kafka.append_time(CLUSTER, WANTED).state is State.OK
        assert kafka.append_time(replace(CLUSTER, topics={}), WANTED).state is State.NOT_RUN


class TestDatabase:
    def test_a_good_one(self):
        assert set(states(*database.database(GOOD))) == {State.OK}

    @pytest.mark.parametrize(
        ("broken", "check"),
        [
            ({"major": 15, "version": "15.4"}, "database"),
            ({"standby": True}, "database"),
            ({"fsync": "off"}, "durability"),
            ({"synchronous_commit": "off"}, "durability"),
            ({"synchronous_commit": "local"}, "durability"),
            ({"encoding": "SQL_ASCII"}, "encoding"),
        ],
    )
    def test_a_broken_one(self, broken, check):
        findings = database.database(replace(GOOD, **broken))
        assert [each.check for each in findings if each.state is State.FAILED] == [check]

    @pytest.mark.parametrize(
        ("records", "state", "said"),
        [
            (None, State.NOT_RUN, ""),
            (0, State.OK, ""),
            (4_000, State.OK, ""),
            (4_001, State.WARNING, "too readily"),
            (250, State.OK, ""),
            (249, State.WARNING, "too seldom"),
        ],
    )
    def test_a_model_of_a_register_of_another_size(self, records, state, said):
        found = database.matching_model(1_000, records)
        assert (found.state, said in found.says) == (state, True)

    def test_one_that_is_down(self):
        assert database.database_down("refused").state is State.DOWN


class TestClocks:
    @pytest.mark.parametrize(
        ("seconds", "state"),
        [(0, State.OK), (1.9, State.OK), (-1.9, State.OK), (3, State.WARNING), (-3, State.WARNING)],
    )
    def test_a_clock_that_differs(self, seconds, state):
        there = NOW + timedelta(seconds=seconds)
        assert clocks.clock("kafka", there, NOW, NOW).state is state

    def test_the_way_there_and_back_is_no_difference(self):
        slow = clocks.clock("database", NOW, NOW - timedelta(seconds=9), NOW + timedelta(seconds=9))
        assert slow.state is State.OK

    def test_the_direction_is_told(self):
        assert "ahead of" in clocks.clock("kafka", NOW + timedelta(hours=1), NOW, NOW).says
        assert "behind" in clocks.clock("kafka", NOW - timedelta(hours=1), NOW, NOW).says


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A certificate made by OpenSSL, good for 40 days; a key file before it."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    names = f"-days 40 -subj /CN=hub -keyout {folder}/key.pem -out {folder}/cert.pem"
    try:
        subprocess.run([*command.split(), *names.split()], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl on this machine")
    return folder / "cert.pem"


class TestCertificates:
    def test_the_end_is_what_openssl_says(self, made):
        text = made.with_name("key.pem").read_text() + made.read_text()
        known = ssl._ssl._test_decode_cert(str(made))["notAfter"]
        assert expires_at(text).timestamp() == ssl.cert_time_to_seconds(known)

    def test_the_end_of_a_file(self, made):
        assert isinstance(facts.certificate_end(made), datetime)
        assert "holds no certificate" in str(facts.certificate_end(made.with_name("key.pem")))
        assert "cannot be read" in str(facts.certificate_end(made.with_name("none.pem")))

    @pytest.mark.parametrize("cut", [1, 30, 100, 200])
    def test_a_certificate_cut_short(self, made, cut):
        der = ssl.PEM_cert_to_DER_cert(made.read_text())[:cut]
        with pytest.raises(ValueError, match="holds a certificate that cannot be read"):
            expires_at(ssl.DER_cert_to_PEM_cert(der))

    @pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----", "\0"])
    def test_no_certificate(self, text):
        with pytest.raises(ValueError, match="holds no certificate"):
            expires_at(text)


class TestPorts:
    def test_a_free_and_a_taken_port(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            assert facts.port_state("127.0.0.1", port) == "taken"
        assert facts.port_state("127.0.0.1", port) == "free"

    def test_an_address_of_another_machine(self):
        assert facts.port_state("192.0.2.1", 8480) == "forbidden"

    def test_a_port_of_this_hub(self, tmp_path):
        listen = (
            "import socket, sys\ns = socket.create_server(('127.0.0.1', 0))\n"
            "print(s.getsockname()[1], flush=True)\nsys.stdin.read()\n"
        )
        (tmp_path / "hub").write_text(listen)
        hub = subprocess.Popen(
            ["python3", str(tmp_path / "hub"), "gateway"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with hub:
            assert hub.stdout is not None
            assert facts.port_state("127.0.0.1", int(hub.stdout.readline())) == "ours"
            hub.communicate()


def test_free_space_of_a_folder_that_is_not_made_yet(tmp_path):
    assert facts.free_bytes(tmp_path / "a" / "b") > 0


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([State.OK, State.NOT_RUN, State.WARNING], ExitCode.OK),
        ([State.OK, State.FAILED], ExitCode.CHECK_FAILED),
        ([State.FAILED, State.DOWN], ExitCode.DEPENDENCY_DOWN),
        ([State.DOWN, State.MISCONFIGURED, State.FAILED], ExitCode.CONFIGURATION),
    ],
)
def test_the_worst_finding_decides_the_code(found, code):
    assert exit_code([Finding("a", state, "says") for state in found]) is code


def test_what_to_do_stands_below_what_is_so():
    findings = [
        Finding("disk", State.OK, "9 GiB free"),
        Finding("kafka", State.DOWN, "refused", "start it"),
    ]
    assert lines(findings) == [
        "ok    disk   9 GiB free",
        "down  kafka  refused",
        "    -> start it",
    ]
