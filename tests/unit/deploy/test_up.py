"""`hub up`: what only watches stays small, and says how making ready ended."""

import asyncio
import subprocess
import sys

import pytest

from deploy.exit_codes import ExitCode, Stopped
from deploy.generate import ROOT
from deploy.roles import up
from deploy.roles.up_yet import Asked, wait_until_up, why_not
from deploy.settings import LAST_WORDS

HEAVY = ("sqlalchemy", "aiokafka", "kafka", "faust", "fastavro", "starlette", "requests", "jgo")
WATCHING = (
    "deploy.cli, deploy.configuration.load, deploy.roles.logs, deploy.roles.parts, deploy.roles.up"
)


def test_what_only_watches_imports_nothing_that_it_does_not_use():
    script = f"import sys, {WATCHING}; print([m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (1, ExitCode.CHECK_FAILED),
        (3, ExitCode.CONFIGURATION),
        (4, ExitCode.DEPENDENCY_DOWN),
        (77, ExitCode.CHECK_FAILED),
    ],
)
def test_the_hub_does_not_go_up_when_topics_and_tables_could_not_be_made(monkeypatch, ended, code):
    command = (sys.executable, "-c", f"raise SystemExit({ended})")
    monkeypatch.setattr(up, "role_command", lambda *_: command)
    with pytest.raises(Stopped) as stopped:
        up.make_ready_aside({}, None)
    assert (stopped.value.code, str(stopped.value)) == (code, "")


def test_it_goes_on_when_they_were_made(monkeypatch):
    monkeypatch.setattr(up, "role_command", lambda *_: (sys.executable, "-c", ""))
    up.make_ready_aside({}, None)


FAILS = "import sys; from deploy.cli import leave; leave('The port is taken.'); sys.exit({code})"


def role(tmp_path, code, *, stood=False, most=2):
    words = tmp_path / "words"
    return up.Role(
        "gateway",
        (sys.executable, "-c", FAILS.format(code=code)),
        {LAST_WORDS: str(words), "PATH": ""},
        words=words,
        most_failures=most,
        stood=stood,
    )


async def test_a_role_that_was_never_ready_and_ends_again_and_again_is_given_up_with_its_reason(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(ROOT)
    stop, failing = asyncio.Event(), role(tmp_path, 4)
    await failing.run(stop)
    assert stop.is_set()
    assert failing.given_up is not None
    assert (failing.given_up.code, str(failing.given_up)) == (
        ExitCode.DEPENDENCY_DOWN, "The gateway cannot start: The port is taken."
    )  # fmt: skip


async def test_a_role_that_stood_once_is_started_again_for_ever(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    stop, standing = asyncio.Event(), role(tmp_path, 1, stood=True, most=1)
    running = asyncio.create_task(standing.run(stop))
    pids = set()
    while len(pids) < 3:
        await asyncio.sleep(0.01)
        pids |= {standing.process.pid} if standing.process else set()
    stop.set()
    await standing.stop()
    await running
    assert standing.given_up is None


@pytest.mark.parametrize(
    ("code", "why"), [(3, "It ended with 3 (the configuration cannot be used"), (-9, "signal 9")]
)
def test_a_role_that_left_no_word_is_explained_by_how_it_ended(code, why):
    assert why in up.Role("worker", (), {}).last_words(code)


async def test_the_hub_is_up_only_when_every_role_says_so():
    asked_of_it: list[int] = []

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        asked_of_it.append(1)
        status = b"200 OK" if len(asked_of_it) > 1 else b"503 Service Unavailable"
        body = b'{"failing": {"database": "it does not answer"}}'
        writer.write(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\n\r\n" + body)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        asked = Asked("gateway", "127.0.0.1", server.sockets[0].getsockname()[1])
        assert await why_not(asked) == "database: it does not answer"
        await wait_until_up([asked], pytest.fail)
    assert len(asked_of_it) == 2
    assert await why_not(asked) == "it does not listen yet"
