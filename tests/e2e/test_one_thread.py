"""One journey through the shipped processes: a flag over FHIR, an admission over MLLP, one right alert on Kafka."""

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.exit_codes import ExitCode
from deploy.here import local_bootstrap_servers
from deploy.settings import settings_from
from hub import codec
from hub.fhir.consent import CARER_REFERRAL
from hub.fhir.systems import CONSENT_CODE, NHS_NUMBER
from hub.fhir.task import OUTCOME
from hub.records import AlertAction, AlertNotice, AlertStatus, InvolvementAlert, ReferralNotice
from hub.testing.flags import carer_flag
from hub.testing.mllp_client import MllpClient
from hub.testing.people import ADA, BEN, Person

pytestmark = pytest.mark.real

TOKEN = "a-token-for-tests"
REVIEWER_TOKEN = "a-token-for-tests-of-a-reviewer"
TOKENS = {each: f"a-token-for-tests-of-{each}" for each in ("RWE", "RR8", "DEMO1")}
CONFIGURATION = """
http: {{host: 127.0.0.1, port: {http}}}
mllp: {{host: 127.0.0.1, port: {mllp}}}
worker: {{host: 127.0.0.1, port: {worker}}}
projections: {{host: 127.0.0.1, port: {projections}}}
regions: [{{name: llr}}]
organisations:
  - {{ods_code: RWE, kind: trust, name: A trust, regions: [llr], channels: [fhir, portal, kafka], tokens: [{rwe}],
     reviewers: [{{staff_id: "40123456", tokens: [{reviewer}]}}]}}
  - {{ods_code: RR8, kind: trust, name: Another trust, regions: [llr], channels: [fhir], tokens: [{rr8}]}}
  - {{ods_code: DEMO1, kind: service, name: A service, regions: [llr], channels: [fhir, kafka], tokens: [{demo1}]}}
  - {{ods_code: C82901, kind: practice, name: A practice, regions: [llr]}}
services:
  - {{ods_code: DEMO1, areas: [E06000016], age_bands: [adult]}}
areas:
  - {{code: E06000016, name: Leicester, postcodes: [LE2]}}
senders:
  - {{name: rwe-adt, connector: ward_mllp, organisation: RWE, regions: [llr], sending_facilities: [RWE]}}
  - name: c82901-fhir
    connector: fhir_api
    organisation: C82901
    regions: [llr]
    tokens: [{{sha256: {sha256}, expires_on: 2099-12-31}}]
test_numbers: accept
"""
LONDON = ZoneInfo("Europe/London")
DORIS = Person("Doris", "Whitlock", "1941-05-17", "9991204318", "H200")
SUSAN = Person("Susan", "Hale", "1968-02-09", "9992501723", None, "07700 900142", "LE2 1XX")
AGREED = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "resource": {
                "resourceType": "Consent",
                "identifier": [{"system": "urn:practice:consents", "value": "1"}],
                "status": "active",
                "scope": {"text": "privacy"},
                "category": [{"text": "disclosure"}],
                "patient": {"identifier": {"system": NHS_NUMBER, "value": SUSAN.nhs_number}},
                "dateTime": "2026-11-03T10:40:00Z",
                "provision": {
                    "code": [{"coding": [{"system": CONSENT_CODE, "code": CARER_REFERRAL}]}]
                },
            }
        }
    ],
}
NOW = datetime.now(LONDON).replace(microsecond=0)
RECORDED = f"{NOW:%Y%m%d%H%M%S}"
LATER = f"{NOW + timedelta(minutes=1):%Y%m%d%H%M%S}"
ADMISSION = (
    f"MSH|^~\\&|PAS|RWE|HUB|HUB|{RECORDED}||ADT^A01^ADT_A01|{{control}}|P|2.4\r"
    f"EVN||{RECORDED}||||{RECORDED}\r"
    f"PID|1||{ADA.hospital_number}^^^RWE^MR~{ADA.nhs_number}^^^NHS^NH||Marsh^Ada||19410302|2\r"
    f"PV1|1|I|WARD23^^B4^RWEAA||||||||||||||||V1|||||||||||||||||||||||||{RECORDED}\r"
)


@dataclass
class RunningHub:
    process: subprocess.Popen
    http: int
    mllp: int
    worker: int
    projections: int
    environment: dict
    log: Path
    config: Path

    @property
    def bootstrap_servers(self) -> str:
        return local_bootstrap_servers(settings_from(self.environment))


@pytest.fixture(scope="module")
def hub() -> Iterator[RunningHub]:
    # Not pytest's own folder: it is closed to the account that PostgreSQL runs under when tests run as root.
    with tempfile.TemporaryDirectory(prefix="hub-e2e-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield from running_in(folder)


def running_in(folder: Path) -> Iterator[RunningHub]:
    http, mllp, worker, projections = (free_port() for _ in range(4))
    config = folder / "hub.yaml"
    config.write_text(
        CONFIGURATION.format(
            http=http,
            mllp=mllp,
            worker=worker,
            projections=projections,
            sha256=hashlib.sha256(TOKEN.encode()).hexdigest(),
            reviewer=token_section(REVIEWER_TOKEN),
            **{each.lower(): token_section(token) for each, token in TOKENS.items()},
        )
    )
    environment = {**os.environ, "HUB_STATE": str(folder / "state")}
    log = folder / "log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "deploy.cli", "up", "--config", str(config)]
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    running = RunningHub(process, http, mllp, worker, projections, environment, log, config)
    try:
        wait_until(
            lambda: listens(http) and listens(mllp) and "region-mine" in log.read_text(), running
        )
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def token_section(token: str) -> str:
    """A token as `hub token new` prints it for the configuration."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return f"{{sha256: {digest}, expires_on: 2099-12-31}}"


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def next_ten_o_clock(moment: datetime) -> datetime:
    ten = moment.replace(hour=10, minute=0, second=0)
    return ten if ten > moment else ten + timedelta(days=1)


def wait_until(met, hub: RunningHub, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert hub.process.poll() is None, hub.log.read_text()
        assert time.monotonic() < end, hub.log.read_text()
        time.sleep(0.1)


def post_flag(hub: RunningHub) -> httpx.Response:
    return httpx.post(
        f"http://127.0.0.1:{hub.http}/fhir/R4",
        content=carer_flag(BEN, "2026-11-03 12:00", of=ADA).resource,
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/fhir+json"},
    )


async def alerts(hub: RunningHub, wanted: int, seconds: float = 20) -> list[InvolvementAlert]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=hub.bootstrap_servers,
        isolation_level="read_committed",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        place = TopicPartition("alert.involvement.v1", 0)
        consumer.assign([place])
        consumer.seek(place, 0)
        found: list[InvolvementAlert] = []
        end = time.monotonic() + seconds
        while len(found) < wanted and time.monotonic() < end:
            for records in (await consumer.getmany(place, timeout_ms=200)).values():
                found += [codec.decode_as(InvolvementAlert, record.value) for record in records]
        return found
    finally:
        await consumer.stop()


async def test_flag_and_admission_become_one_right_alert_which_a_cancelled_admission_withdraws(hub):
    answer = post_flag(hub)
    assert answer.status_code == 202, answer.text
    with MllpClient("127.0.0.1", hub.mllp) as ward:
        admitted = ADMISSION.format(control="M1").encode()
        assert b"MSA|AA|M1" in ward.send(admitted)
        (alert,) = await alerts(hub, 1)
        assert (alert.action, alert.status, alert.ward, alert.trust_ods) == (
            AlertAction.RAISED,
            AlertStatus.REQUESTED,
            "WARD23",
            "RWE",
        )
        assert alert.patient.nhs_number == ADA.nhs_number
        assert [each.carer.names[0].given for each in alert.carers] == [("Ben",)]
        assert alert.due_at is not None
        assert alert.due_at == next_ten_o_clock(NOW)

        assert ward.send(admitted) == ward.send(admitted)
        cancelled = admitted.replace(b"A01^ADT_A01|M1", b"A11^ADT_A09|M2")
        cancelled = cancelled.replace(b"EVN||" + RECORDED.encode(), b"EVN||" + LATER.encode())
        assert b"MSA|AA|M2" in ward.send(cancelled)
        first, second = await alerts(hub, 2)
        assert first == alert
        assert (second.alert_id, second.version, second.action) == (
            alert.alert_id,
            2,
            AlertAction.WITHDRAWN,
        )


def fhir(hub: RunningHub, by: str, method: str, path: str, resource=None) -> httpx.Response:
    """One request of an organisation, on the version that it read."""
    headers = {"Authorization": f"Bearer {TOKENS[by]}", "Content-Type": "application/fhir+json"}
    if resource is not None:
        headers["If-Match"] = f'W/"{resource["meta"]["versionId"]}"'
    content = None if resource is None else json.dumps(resource).encode()
    address = f"http://127.0.0.1:{hub.http}/fhir/R4{path}"
    return httpx.request(method, address, content=content, headers=headers, timeout=10)


def tasks(hub: RunningHub, by: str, query: str) -> list[dict]:
    """The Tasks that an organisation finds; none while the hub is still starting."""
    found = fhir(hub, by, "GET", f"/Task?{query}")
    assert found.status_code in (200, 503), found.text
    entries = found.json().get("entry", ()) if found.status_code == 200 else ()
    return [each["resource"] for each in entries]


def task_of(hub: RunningHub, by: str, query: str) -> dict:
    """The one Task that an organisation finds, as soon as it does."""
    wait_until(lambda: tasks(hub, by, query), hub, 20)
    (found,) = tasks(hub, by, query)
    return found


def put(hub: RunningHub, by: str, task: dict, ends_as: str) -> None:
    """Answer, and wait until the answer is seen."""
    sent = time.monotonic()
    answer = fhir(hub, by, "PUT", f"/Task/{task['id']}", task)
    print(f"PUT to answer {answer.status_code}: {1000 * (time.monotonic() - sent):.0f} ms")
    assert answer.status_code in (200, 202), answer.text
    wait_until(
        lambda: fhir(hub, by, "GET", f"/Task/{task['id']}").json()["status"] == ends_as, hub, 20
    )


def post_from_practice(hub: RunningHub, resource: bytes) -> None:
    answer = httpx.post(
        f"http://127.0.0.1:{hub.http}/fhir/R4",
        content=resource,
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/fhir+json"},
    )
    assert answer.status_code == 202, answer.text


def test_a_trust_records_a_contact_and_a_service_accepts_over_fhir_and_nobody_else_sees_it(hub):
    post_from_practice(hub, carer_flag(SUSAN, "2026-11-03 12:00", of=DORIS).resource)
    admission = ADMISSION.replace(ADA.nhs_number, DORIS.nhs_number).replace("|V1|", "|V2|")
    admission = admission.replace(ADA.hospital_number, DORIS.hospital_number)
    admission = admission.replace("Marsh^Ada||19410302", "Whitlock^Doris||19410517")
    with MllpClient("127.0.0.1", hub.mllp) as ward:
        assert b"MSA|AA|M5" in ward.send(admission.format(control="M5").encode())
    task = task_of(hub, "RWE", "status=requested")
    assert [each["id"] for each in task["contained"]] == ["patient", "carer-1", "offer-1"]
    contact = {
        "type": {"coding": [{"system": OUTCOME, "code": "contacted-able"}]},
        "valueReference": {"reference": "#carer-1"},
    }
    put(hub, "RWE", {**task, "output": [contact]}, ends_as="completed")
    post_from_practice(hub, json.dumps(AGREED).encode())
    referral = task_of(hub, "DEMO1", "status=requested")
    request = fhir(hub, "DEMO1", "GET", f"/{referral['focus']['reference']}").json()
    assert request["contained"][0]["name"][0]["family"] == "Hale"
    put(hub, "DEMO1", {**referral, "status": "accepted"}, ends_as="accepted")
    for by, seen in (("RR8", task), ("DEMO1", task), ("RR8", referral), ("RWE", referral)):
        for method, resource in (("GET", None), ("PUT", seen)):
            hidden = fhir(hub, by, method, f"/Task/{seen['id']}", resource)
            assert (hidden.status_code, hidden.json()["issue"][0]["code"]) == (404, "not-found")
    assert tasks(hub, "RR8", "") == []
    log = hub.log.read_text()
    assert [each for each in ("Whitlock", "Hale", DORIS.nhs_number) if each in log] == []


async def test_the_trust_and_the_service_are_told_the_same_on_topics_of_their_own(hub):
    (referral,) = tasks(hub, "DEMO1", "")
    (alert,) = tasks(hub, "RWE", "status=completed")
    for topic, task in (("to.rwe.alert.v1", alert), ("to.demo1.referral.v1", referral)):
        version = int(task["meta"]["versionId"])
        told = await last_told(hub, topic, task["id"], version)
        assert (told.version, told.withdrawn) == (version, False)
        resource = json.loads(told.resource)
        (last,) = [
            each
            for each in (resource, *(entry["resource"] for entry in resource.get("entry", [])))
            if each["resourceType"] == "Task"
        ]
        assert (last["id"], last["status"]) == (task["id"], task["status"])


async def last_told(
    hub: RunningHub, topic: str, own: str, version: int, seconds: float = 20
) -> AlertNotice | ReferralNotice:
    """The version of a notice, or the last one that is there in time."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=hub.bootstrap_servers,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        last, end = None, time.monotonic() + seconds
        while (last is None or last.version < version) and time.monotonic() < end:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                notices = [codec.decode(record.value) for record in records]
                last = next((n for n in reversed(notices) if str(n.notice_id) == own), last)
        return last
    finally:
        await consumer.stop()


def test_a_refused_message_is_answered_with_place_and_reason_and_the_next_one_is_read(hub):
    with MllpClient("127.0.0.1", hub.mllp) as ward:
        no_patient = ADMISSION.format(control="M3").replace("PID|1", "ZZZ|1").encode()
        answer = ward.send(no_patient)
        assert b"MSA|AR|M3" in answer
        assert b"PID" in answer
        assert b"Marsh" not in answer
        assert b"MSA|AA|M4" in ward.send(
            ADMISSION.format(control="M4").replace("A01^ADT_A01", "A08^ADT_A01").encode()
        )


def test_without_a_token_nothing_is_read(hub):
    refused = httpx.post(
        f"http://127.0.0.1:{hub.http}/fhir/R4",
        content=b"{",
        headers={"Content-Type": "application/fhir+json"},
    )
    assert refused.status_code == 401
    assert refused.json()["issue"][0]["code"] == "login"


def test_an_invalid_resource_is_refused_with_its_place(hub):
    bundle = json.loads(carer_flag(BEN, "2026-11-03 12:00", of=ADA).resource)
    bundle["entry"][1]["resource"]["birthDate"] = "2026-13-01"
    answer = httpx.post(
        f"http://127.0.0.1:{hub.http}/fhir/R4",
        content=json.dumps(bundle).encode(),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/fhir+json"},
    )
    assert answer.status_code == 422
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1].resource.birthDate"]
    assert NHS_NUMBER not in answer.text


def test_each_role_says_that_it_is_ready_and_counts(hub):
    for port in (hub.http, hub.worker, hub.projections):
        ready = httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=10)
        said = {"status": "ready", "failing": {}, "warnings": {}}
        assert (ready.status_code, ready.json()) == (200, said)
        assert httpx.get(f"http://127.0.0.1:{port}/health/live").status_code == 200
    numbers = httpx.get(f"http://127.0.0.1:{hub.worker}/metrics").text
    assert 'hub_region_held{region="0"} 1.0' in numbers
    assert (
        'hub_ward_messages_total{verdict="understood"}'
        in httpx.get(f"http://127.0.0.1:{hub.http}/metrics").text
    )


def run_hub(hub: RunningHub, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "deploy.cli", *arguments, "--config", str(hub.config)]
    return subprocess.run(
        command, env=hub.environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_refused_message_is_listed_without_content_tried_again_and_settled(hub):
    listed = run_hub(hub, "dead-letters", "list", "--json")
    letters = [json.loads(line) for line in listed.stdout.splitlines()]
    assert {(each["source"], each["code"]) for each in letters} >= {("rwe-adt", "required")}
    assert "Marsh" not in listed.stdout
    letter = next(each for each in letters if each["source"] == "rwe-adt")["dead_letter_id"]
    assert "ZZZ|1" in run_hub(hub, "dead-letters", "show", letter, "--content").stdout
    tried = run_hub(hub, "dead-letters", "redrive", letter)
    assert tried.returncode == ExitCode.CHECK_FAILED, tried.stderr
    assert "Refused again" in tried.stderr
    shown = json.loads(run_hub(hub, "dead-letters", "show", letter).stdout)
    assert (shown["times"], shown["settled_at"]) == (2, None)
    settled = run_hub(hub, "dead-letters", "settle", letter, "--because", "resent")
    assert settled.returncode == ExitCode.OK, settled.stderr
    shown = json.loads(run_hub(hub, "dead-letters", "show", letter).stdout)
    assert shown["settled_at"] is not None


def processes_naming(folder: str) -> list[str]:
    """The command lines of other processes that work in a folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            line = place.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if folder in line:
                found.append(line)
    return found


def test_hub_up_stops_within_ten_seconds_and_leaves_no_process(hub):
    start = time.monotonic()
    hub.process.send_signal(signal.SIGTERM)
    assert hub.process.wait(20) == 0
    assert time.monotonic() - start < 10
    state = hub.environment["HUB_STATE"]
    assert processes_naming(state) == []
