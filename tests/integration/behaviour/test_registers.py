"""Watched folders with the shipped role, on real Kafka and PostgreSQL: nothing is lost when it is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.engine import make_url

from connectors.gp_csv.taking import AT_ONCE
from hub import codec
from hub.ports.registers import GONE, Difference, RegisterFile, Staged
from hub.processor import IN_TOPICS
from hub.store.engine import engine_for
from hub.store.registers import PostgresRegisters
from hub.store.setup import prepare
from hub.testing.memory_registers import MemoryRegisters
from tests.e2e.test_one_thread import free_port
from tests.integration.behaviour.conftest import REGIONS
from tests.integration.behaviour.real_hub import Observer

pytestmark = pytest.mark.real

ROWS = 8 * AT_ONCE
PATIENCE_SECONDS = 90
HEADING = "NHS Number,Surname,Given Name,Date of Birth,Mobile"


@pytest.fixture(scope="module")
def database(place) -> str:
    with psycopg.connect(place.database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE registers")
    url = make_url(place.database_url).set(database="registers")
    text = url.render_as_string(hide_password=False)
    engine = engine_for(text, connections=1)
    prepare(engine, REGIONS, IN_TOPICS)
    engine.dispose()
    return text


def row(number, phone="0116 496 0001"):
    return f"{9_990_000_000 + number},Marsh,Ben,21/07/1969,{phone}"


def table(*rows):
    return "\n".join([HEADING, *rows, f"Total,{len(rows)}", ""]).encode()


@dataclass
class Role:
    """`hub extracts` as a process of its own, started and killed as a test wants."""

    config: Path
    folder: Path
    database_url: str
    region: int
    process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "deploy.cli", "extracts", "--config", str(self.config)]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "DB": self.database_url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def standing(self) -> int:
        query = "SELECT count(*) FROM register_entries WHERE active AND sender = %s"
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query, [f"csv-{self.region}"]).fetchone()[0]

    def reports(self) -> list[dict]:
        found = sorted(self.folder.glob("*/*.json"), key=lambda each: each.name)
        return [json.loads(each.read_bytes()) for each in found]

    def until(self, met) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not met():
            assert self.process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.02)


@pytest.fixture
def role(place, database, unused_regions, tmp_path) -> Iterator[Role]:
    folder, region = tmp_path / "carers", next(unused_regions)
    folder.mkdir()
    configuration = {
        "kafka": {
            "bootstrap_servers": [place.kafka.bootstrap_servers],
            "security_protocol": "PLAINTEXT",
        },
        "database": {"url": {"env": "DB"}},
        "extracts": {"port": free_port()},
        "regions": [{"name": f"case-{number}"} for number in range(place.regions)],
        "organisations": [
            {
                "ods_code": "C82904",
                "kind": "practice",
                "name": "A practice",
                "regions": [f"case-{region}"],
            }
        ],
        "senders": [
            {
                "name": f"csv-{region}",
                "connector": "gp_csv",
                "organisation": "C82904",
                "regions": [f"case-{region}"],
                "folder": "carers",
                "layout": "emis",
                "settle_seconds": 1,
            }
        ],
    }
    config = tmp_path / "hub.yaml"
    config.write_text(json.dumps(configuration))
    role = Role(config, folder, database, region)
    yield role
    role.kill()


async def test_a_register_that_was_interrupted_by_kill_9_is_told_whole_and_its_next_file_by_difference(
    role, place
):
    (role.folder / "carers.csv").write_bytes(table(*map(row, range(ROWS))))
    role.start()
    role.until(lambda: role.standing() >= AT_ONCE)
    role.kill()
    assert role.standing() < ROWS
    assert role.reports() == []
    role.start()
    role.until(role.reports)
    observer = await Observer.of(place.kafka, role.region)
    await observer.look()
    first = [each.event_id for each in observer.of_topic("gp.carer-flag.v1")]
    assert len(set(first)) == ROWS == role.standing()
    assert len(first) <= ROWS + AT_ONCE
    changed = [row(0, "0116 496 0002"), *map(row, range(2, ROWS))]
    (role.folder / "carers.csv").write_bytes(table(*changed))
    role.until(lambda: len(role.reports()) == 2)
    assert role.reports()[1]["rows"] == {
        "read": ROWS - 1,
        "added": 0,
        "changed": 1,
        "ended": 1,
        "unchanged": ROWS - 2,
        "refused": 0,
    }
    await observer.look()
    more = observer.of_topic("gp.carer-flag.v1")[len(first) :]
    bundles = [json.loads(codec.decode(each.value).resource) for each in more]
    assert [each["entry"][1]["resource"]["status"] for each in bundles] == ["active", "inactive"]
    await observer.consumer.stop()


# What a register promises, in memory and in PostgreSQL


@pytest.fixture(params=["memory", "postgresql"])
def registers(request, database):
    if request.param == "memory":
        yield MemoryRegisters()
        return
    engine = engine_for(database)
    yield PostgresRegisters(engine)
    engine.dispose()


def staged(number, entry, digest, *, active=True, said_on=None, linked=False):
    record = UUID(int=entry)
    return Staged(number, record, str(entry), "system", "code", linked, active, digest, said_on)


def tell_all(register) -> list[tuple[int, bool, bool]]:
    """Everything that is new, as a door tells it."""
    found, after = [], 0
    while page := register.to_tell(after, 2):
        register.told([each.number for each in page])
        found += [(each.number, each.known, each.linked) for each in page]
        after = page[-1].number
    while gone := register.to_end(1):
        register.ended([each.record for each in gone])
        found += [(each.entry, each.active, each.linked) for each in gone]
    return found


def test_a_register_holds_a_file_against_what_was_told(registers, request):
    sender = request.node.name
    day = date(2026, 11, 3)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    with registers.held(sender) as register:
        register.clear()
        register.stage([staged(2, 1, b"a", linked=True), staged(3, 2, b"a"), staged(4, 3, b"a")])
        counted = register.compare(whole=True, by_day=True)
        assert counted == Difference(0, 3, 0, 0, 0, 0)
        first = register.begin("one", now, now)
        assert register.begin("one", now, now) == first
        assert tell_all(register) == [(2, False, False), (3, False, False), (4, False, False)]
        assert not register.repeats("one")
        register.finish(now)
        assert register.repeats("one")
        assert register.last() == RegisterFile("one", now, now)
    with registers.held(sender) as register:
        register.clear()
        register.stage(
            [
                staged(2, 2, None),
                staged(3, 3, b"b", active=False),
                staged(4, 4, b"old", said_on=date(2026, 11, 1)),
                staged(5, 4, b"new", said_on=day),
                staged(6, 4, b"older", said_on=None),
            ]
        )
        counted = register.compare(whole=True, by_day=True)
        assert counted == Difference(3, 1, 0, 2, 0, 1, doubled=5)
        second = register.begin("two", now, now)
        assert (second.number, second.moment > first.moment) == (first.number + 1, True)
        assert tell_all(register) == [(3, True, False), (5, False, False), ("1", False, True)]
        assert register.last() == RegisterFile("one", now, now)
        assert [register.repeats(each) for each in ("one", "two")] == [False, False]
    with registers.held(sender) as register:
        register.clear()
        register.stage(
            [staged(2, 1, b"a"), *(staged(n, n + 1, GONE, active=False) for n in (3, 8))]
        )
        assert register.compare(whole=False, by_day=False) == Difference(2, 1, 0, 1, 1, 0)
        assert tell_all(register) == [(2, True, False), ("4", False, False)]


def test_one_process_has_a_register(database):
    engine = engine_for(database)
    registers = PostgresRegisters(engine)
    with registers.held("one") as first, registers.held("one") as second:
        assert (first is not None, second) == (True, None)
    with registers.held("one") as again:
        assert again is not None
    engine.dispose()
