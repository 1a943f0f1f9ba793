"""`hub doctor` against a real broker and database: well, and with each thing broken."""

import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest

from deploy import cli
from deploy import settings as settings_module
from deploy.checks import database, facts
from deploy.checks.finding import Finding, State
from deploy.doctor import examine
from deploy.exit_codes import ExitCode
from deploy.matching.lists import read_model, write_model
from deploy.settings import settings_from
from hub.errors import Unavailable
from hub.processor import IN_TOPICS
from hub.store.engine import engine_for
from hub.store.log_memory import remember_log
from hub.store.setup import prepare

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
def own_database(real_parts) -> Iterator[str]:
    """A database of this test's own, with the hub's tables."""
    name = f"own_{uuid4().hex[:8]}"
    with psycopg.connect(real_parts.database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = f"{real_parts.database_url.rpartition(chr(47))[0]}/{name}"
        engine = engine_for(url, connections=1)
        prepare(engine, 1, IN_TOPICS)
        engine.dispose()
        yield url
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def remembering(url: str, **known: object) -> str:
    """The database, remembering another log than the one that is there."""
    engine = engine_for(url, connections=1)
    remember_log(engine, json.dumps({"cluster_id": "", "regions": [], "topics": {}} | known))
    engine.dispose()
    return url


GONE = {"hub.reminder.v1": {"topic_id": "another", "record": "ReminderDue"}}
NOT_THIS_LOG = [
    ({"cluster_id": "another-cluster"}, "this hub's data belong to another-cluster"),
    ({"regions": ["leeds"]}, "region 1 was leeds and is llr now"),
    ({"topics": GONE}, "hub.reminder.v1: was deleted"),
]


@pytest.mark.parametrize(("known", "says"), NOT_THIS_LOG)
def test_topics_that_are_not_those_of_the_database(examined, topics, own_database, known, says):
    url = remembering(own_database, **known)
    assert states(examined(DB=url), "topics", "log memory") == [State.FAILED, State.OK]
    code, said = topics("diff", url)
    assert (code, says in said) == (ExitCode.CHECK_FAILED, True)


def test_a_database_that_remembers_nothing_yet(examined, own_database):
    assert examined(DB=own_database)["log memory"].state is State.NOT_RUN


def test_a_database_without_tables_or_away_is_no_reason_to_refuse_topics(examined, real_parts):
    away = "postgresql://hub:hunter2@127.0.0.1:1/hub"
    for url in (real_parts.database_url, away):
        assert examined(DB=url)["log memory"].state is State.NOT_RUN


@pytest.fixture
def topics(real_parts, tmp_path, monkeypatch, capsys):
    """Run `hub topics` on the real brokers and a database."""

    def run(verb: str, url: str) -> tuple[int, str]:
        file = tmp_path / "hub.yaml"
        file.write_text(
            f"{AREA}kafka:\n  bootstrap_servers: ['{real_parts.bootstrap_servers}']\n"
            "  security_protocol: PLAINTEXT\n  replication_factor: 1\ndatabase: {url: {env: DB}}\n"
        )
        here = settings_from({"DB": url, "HUB_STATE": str(tmp_path)})
        monkeypatch.setattr(settings_module, "settings", lambda: here)
        monkeypatch.setattr(sys, "argv", ["hub", "topics", verb, "--config", str(file)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), "".join(capsys.readouterr())

    return run


def test_topics_apply_refuses_another_log(topics, own_database):
    code, said = topics("apply", remembering(own_database, cluster_id="another-cluster"))
    assert (code, "belong to another-cluster" in said) == (ExitCode.CONFIGURATION, True)


def test_topics_diff_goes_on_without_a_database_and_apply_does_not(topics):
    away = "postgresql://hub:hunter2@127.0.0.1:1/hub"
    _, said = topics("diff", away)
    assert "Not held against what the database remembers." in said
    assert topics("apply", away)[0] == ExitCode.DEPENDENCY_DOWN
    assert "hunter2" not in said


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


@pytest.mark.parametrize("role", ["http", "mllp", "worker", "projections"])
def test_a_port_that_somebody_else_has_is_seen_for_every_role(examined, role):
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = examined(f"{role}: {{port: {server.getsockname()[1]}}}\n")
    assert states(found, f"{role} port") == [State.FAILED]


def test_open_dead_letters_are_pointed_at(examined, own_database):
    assert states(examined(DB=own_database), "dead letters") == [State.OK]
    with psycopg.connect(own_database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO dead_letters (region, id, code, expression, reason, defect, value) "
            "VALUES (0, gen_random_uuid(), 'no', '', 'No.', false, '')"
        )
    found = examined(DB=own_database)["dead letters"]
    assert (found.state, "1 open" in str(found)) == (State.WARNING, True)


def test_a_model_that_was_learned_from_far_more_than_there_are_is_pointed_at(
    examined, own_database, tmp_path
):
    model = tmp_path / "model.json"
    write_model(replace(read_model(), people=1_000), model)
    worker = f"worker: {{match_by_evidence: true, matching_model: {model}}}\n"
    assert states(examined(worker, DB=own_database), "matching model") == [State.OK]
    with psycopg.connect(own_database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO state SELECT 0, 'carer_matching', kind, gen_random_uuid(), 1, 1, ''"
            " FROM generate_series(1, 3), (VALUES ('SourceRecord'), ('StayFacts')) AS of (kind)"
        )
    found = examined(worker, DB=own_database)["matching model"]
    assert (found.state, "3 records" in found.says) == (State.WARNING, True)
    assert "matching model" not in examined(DB=own_database)
