"""`hub doctor` against a real broker and database: well, and with each thing broken."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from deploy.checks import database, facts
from deploy.checks.finding import Finding, State
from deploy.doctor import examine
from deploy.settings import settings_from
from hub.errors import Unavailable

pytestmark = pytest.mark.real

AREA = (
    "regions: [{name: llr}]\n"
    "organisations: [{ods_code: RWE, kind: trust, name: A trust, regions: [llr]}]\n"
)


@pytest.fixture
def examined(real_parts, tmp_path):
    """Run all checks on a configuration that names the real parts."""

    def run(more: str = "", **environment: str) -> dict[str, Finding]:
        file = tmp_path / "hub.yaml"
        file.write_text(
            f"{AREA}kafka:\n  bootstrap_servers: ['{real_parts.bootstrap_servers}']\n"
            f"  security_protocol: PLAINTEXT\n  replication_factor: 1\n"
            f"database: {{url: {{env: DB}}}}\n{more}"
        )
        here = settings_from(
            {"DB": real_parts.database_url, "HUB_STATE": str(tmp_path)} | environment
        )
        return {finding.check: finding for finding in examine(file, here)}

    return run


def states(found: dict[str, Finding], *checks: str) -> list[State]:
    return [found[check].state for check in checks]


def test_real_parts_are_well(examined):
    found = examined()
    checks = (
        "configuration",
        "secrets",
        "kafka",
        "database",
        "durability",
        "encoding",
        "database clock",
    )
    assert states(found, *checks) == [State.OK] * len(checks)
    assert "password" not in str(found)


def test_a_database_that_does_not_wait_for_the_disk(examined, real_parts):
    url = f"{real_parts.database_url}?options=-csynchronous_commit%3Doff"
    found = examined(DB=url)
    assert states(found, "database", "durability") == [State.OK, State.FAILED]


def test_a_database_without_utf8(examined, other_database):
    found = examined(DB=other_database)
    assert states(found, "database", "encoding") == [State.OK, State.FAILED]


def test_a_wrong_password_is_a_database_that_is_down_and_is_never_shown(examined, real_parts):
    head, _, tail = real_parts.database_url.rpartition("@")
    user = head.rpartition(":")[0]
    found = examined(DB=f"{user}:hunter2@{tail}")
    assert states(found, "kafka", "database") == [State.OK, State.DOWN]
    assert "hunter2" not in str(found)


def test_a_database_that_does_not_answer():
    with pytest.raises(Unavailable, match="PostgreSQL: "):
        facts.database_facts("postgresql://hub:hunter2@127.0.0.1:1/hub")


def test_what_the_database_says_of_itself(real_parts):
    said = facts.database_facts(real_parts.database_url)
    assert said.major >= database.OLDEST_MAJOR
    assert said.clock.tzinfo is not None


@pytest.fixture
def other_database(real_parts) -> Iterator[str]:
    """A database beside the hub's, with bytes for text."""
    name = f"other_{uuid4().hex[:8]}"
    with psycopg.connect(real_parts.database_url, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' "
            "TEMPLATE template0"
        )
        yield f"{real_parts.database_url.rpartition(chr(47))[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
