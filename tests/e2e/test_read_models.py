"""An alert reaches the worklist through the shipped processes, and a killed process leaves no gap."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.here import local_database_url
from deploy.settings import settings_from
from hub.ports.pages import WorklistRow
from hub.store.engine import engine_for
from hub.store.pages import PostgresWorklist
from hub.testing.flags import carer_flag
from hub.testing.mllp_client import MllpClient
from hub.testing.people import ADA
from tests.e2e.test_one_thread import (
    ADMISSION,
    DORIS,
    LATER,
    RECORDED,
    REVIEWER_TOKEN,
    SUSAN,
    TOKEN,
    RunningHub,
    alerts,
    post_flag,
    running_in,
    wait_until,
)
from tests.unit.portal.desk_kit import Page

pytestmark = pytest.mark.real

STEPS = 20
QUEUE = "/review/items"


@pytest.fixture(scope="module")
def hub() -> Iterator[RunningHub]:
    with tempfile.TemporaryDirectory(prefix="hub-e2e-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield from running_in(Path(name))


@pytest.fixture(scope="module")
def worklist(hub) -> Iterator[PostgresWorklist]:
    engine = engine_for(local_database_url(settings_from(hub.environment)), connections=1)
    wait_until(lambda: "projections-started" in hub.log.read_text(), hub)
    yield PostgresWorklist(engine)
    engine.dispose()


def moved(control: str, bed: str, minute: int) -> bytes:
    """The patient lies in another bed."""
    at = f"{LATER[:12]}{minute:02d}"
    message = ADMISSION.format(control=control).encode()
    message = message.replace(b"ADT^A01^ADT_A01", b"ADT^A02^ADT_A02").replace(b"^B4^", bed.encode())
    return message.replace(b"EVN||" + RECORDED.encode(), b"EVN||" + at.encode())


def rows(worklist: PostgresWorklist) -> list[WorklistRow]:
    return worklist.open_for("RWE")


def pid_of(hub: RunningHub, role: str) -> int:
    """The process of a role, as it was started last."""
    lines = (json.loads(line) for line in hub.log.read_text().splitlines() if line[:1] == "{")
    started = [each for each in lines if each["event"] == "role-started" and each["role"] == role]
    return started[-1]["pid"]


def metric(hub: RunningHub, name: str) -> float:
    text = httpx.get(f"http://127.0.0.1:{hub.projections}/metrics").text
    return sum(
        float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name)
    )


def test_an_alert_is_on_the_worklist_within_seconds_and_follows_the_patient(hub, worklist):
    assert post_flag(hub).status_code == 202
    with MllpClient("127.0.0.1", hub.mllp) as ward:
        sent = time.monotonic()
        assert b"MSA|AA|R1" in ward.send(ADMISSION.format(control="R1").encode())
        wait_until(lambda: rows(worklist), hub, 10)
        print(f"MLLP to table: {1000 * (time.monotonic() - sent):.0f} ms, looked at each 100 ms")
        (row,) = rows(worklist)
        assert (row.ward, row.bed, row.family_name, row.version) == ("WARD23", "B4", "Marsh", 1)
        assert [each["name"] for each in row.carers] == ["Ben Marsh"]
        assert row.what_to_do.startswith(("Phone", "Speak with"))
        assert b"MSA|AA|R2" in ward.send(moved("R2", "^B7^", 1))
        wait_until(lambda: [each.bed for each in rows(worklist)] == ["B7"], hub, 10)
        assert rows(worklist)[0].version == 2
    ready = httpx.get(f"http://127.0.0.1:{hub.projections}/health/ready")
    assert ready.status_code == 200, ready.text
    for model in ("worklist", "alert_ledger"):
        counted = f'hub_projection_events_total{{projection="{model}"}}'
        wait_until(lambda counted=counted: metric(hub, counted) == 2, hub, 10)


async def test_after_a_kill_nothing_is_missing_or_doubled(hub, worklist):
    with MllpClient("127.0.0.1", hub.mllp) as ward:
        for step in range(STEPS):
            if step == STEPS // 2:
                os.kill(pid_of(hub, "projections"), signal.SIGKILL)
            ward.send(moved(f"S{step}", f"^C{step}^", 10 + step))
    said = await alerts(hub, 2 + STEPS)
    last = max(said, key=lambda each: each.version)
    assert last.bed == f"C{STEPS - 1}"
    wait_until(lambda: rows(worklist)[0].version == last.version, hub, 25)
    (row,) = rows(worklist)
    assert (row.alert_id, row.bed, row.level) == (last.alert_id, last.bed, last.level)


def test_a_ward_opens_its_page_by_a_link_and_records_a_contact(hub, worklist):
    command = [sys.executable, "-m", "deploy.cli", "token", "link", "RWE"]
    link = subprocess.run(
        [*command, "--config", str(hub.config)],
        env=hub.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    with httpx.Client(base_url=f"http://127.0.0.1:{hub.http}", follow_redirects=True) as ward:
        button = Page(ward.get(link).text)
        listed = Page(ward.post("/login/link", data=button.forms[0]).text)
        assert "Ada Marsh" in listed.one("article").text
        (alert,) = rows(worklist)
        path = f"/alert/{alert.alert_id}"
        page = Page(ward.get(path).text)
        typed = {"outcome": "contacted_able", "staff_id": "40123456"}
        sent = time.monotonic()
        saved = ward.post(path, data={**page.forms[page.actions.index(path)], **typed})
        print(f"form to page: {1000 * (time.monotonic() - sent):.0f} ms")
        assert saved.status_code == 200
        assert Page(saved.text).one("h1").text == "Carers to involve"
        wait_until(lambda: rows(worklist) == [], hub, 10)
        assert "This alert is closed" in ward.get(path).text
        assert ward.get("/fhir/R4/metadata").json()["resourceType"] == "CapabilityStatement"
        assert httpx.get(f"http://127.0.0.1:{hub.http}{path}").status_code == 303


def test_a_reviewers_one_request_joins_two_records_and_the_ward_is_told(hub, worklist):
    """The practice's Doris and the ward's have one NHS number and two dates of birth."""
    flagged = httpx.post(
        f"http://127.0.0.1:{hub.http}/fhir/R4",
        content=carer_flag(SUSAN, "2026-11-03 12:00", of=DORIS).resource,
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/fhir+json"},
    )
    assert flagged.status_code == 202, flagged.text
    admission = ADMISSION.replace(ADA.nhs_number, DORIS.nhs_number).replace("|V1|", "|V2|")
    admission = admission.replace(ADA.hospital_number, DORIS.hospital_number)
    admission = admission.replace("Marsh^Ada||19410302", "Whitlock^Doris||19500505")
    with MllpClient("127.0.0.1", hub.mllp) as ward:
        assert b"MSA|AA|R9" in ward.send(admission.format(control="R9").encode())
    by = {"Authorization": f"Bearer {REVIEWER_TOKEN}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{hub.http}", headers=by) as program:
        wait_until(lambda: program.get(QUEUE).json()["open"] == 1, hub, 20)
        (item,) = program.get(QUEUE).json()["items"]
        assert (item["in_hospital"], item["reasons"]) == (True, ["nhs-number", "number-conflict"])
        assert rows(worklist) == []
        sent = {"answer": "same", "nonce": "e2e-nonce-0123456789", "version": item["version"]}
        assert program.post(f"{QUEUE}/{item['item_id']}", json=sent).status_code == 202
        wait_until(lambda: rows(worklist), hub, 20)
        assert [each["name"] for each in rows(worklist)[0].carers] == ["Susan Hale"]
        wait_until(lambda: program.get(QUEUE).json()["open"] == 0, hub, 10)
        assert program.post(f"{QUEUE}/{item['item_id']}", json=sent).status_code == 202
    wait_until(lambda: metric(hub, 'hub_projection_events_total{projection="review_queue"}'), hub)
    log = hub.log.read_text()
    assert [each for each in ("Whitlock", "Hale", DORIS.nhs_number) if each in log] == []


def test_memory_is_small(hub):
    def megabytes(pid: int) -> float:
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    found = {role: megabytes(pid_of(hub, role)) for role in ("gateway", "worker", "projections")}
    found["up"] = megabytes(hub.process.pid)
    print({role: round(size) for role, size in found.items()})
    assert sum(found.values()) < 500


def test_the_hub_stops_within_ten_seconds(hub):
    start = time.monotonic()
    hub.process.send_signal(signal.SIGTERM)
    assert hub.process.wait(20) == 0
    print(f"stopped in {time.monotonic() - start:.1f} s")
    assert time.monotonic() - start < 10
