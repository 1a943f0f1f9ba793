"""Log lines (row H14 of the table in tests/README.md): one JSON line each, whatever a message or a library holds."""

import inspect
import io
import json
import logging

import pytest
import structlog
from aiokafka.consumer import group_coordinator
from aiokafka.errors import GroupCoordinatorNotAvailableError, InvalidGroupIdError

from deploy.roles.logs import set_up_logs
from tests.unit.ward_mllp.conftest import admission, standing

HOSTILE = 'Zaphrodite\r\n{"event": "forged"}\x1b[2J\u2028\'; DROP TABLE inbox; --'


@pytest.fixture
def written(monkeypatch):
    """What is written to standard error once the logs are set up."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    set_up_logs("info")
    yield stream
    root.handlers[:], root.level = before


async def test_h14_a_name_with_line_ends_escapes_and_sql_stands_in_no_log_line(written):
    name = HOSTILE.replace("\r\n", "\\X0D0A\\")
    frames = [
        admission(person=f"PID|1||H100^^^RWE^MR||{name}^Ada"),
        admission(facility=name),
        admission(person=f"PID|1||{name}^^^RWE^MR||Marsh^Ada||\x00"),
    ]
    async with standing() as ward:
        for frame in frames:
            await ward.server.answer_to(frame)
        ward.fails = KeyError(HOSTILE)
        await ward.server.answer_to(frames[0])
    lines = said(written)
    assert [each["event"] for each in lines] == ["refused", "refused", "defect"]


def test_h14_a_value_with_line_ends_is_one_line_and_a_library_is_not_quoted(written):
    structlog.get_logger("test").info("refused", place=HOSTILE, name=HOSTILE)
    fault = KeyError(HOSTILE)
    logging.getLogger("library").error("failed on %s", HOSTILE, exc_info=fault)
    text = written.getvalue()
    first, second = (json.loads(line) for line in text.split("\n")[:-1])
    assert (first["place"], "name" in first) == (HOSTILE, False)
    assert (second["event"], second["logger"].partition(":")[0]) == ("library", "library")
    assert "Zaphrodite" not in json.dumps(second)
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("error", "level"),
    [(GroupCoordinatorNotAvailableError(), "info"), (InvalidGroupIdError(), "error")],
)
def test_what_a_broker_that_just_began_makes_aiokafka_say_is_no_error(written, error, level):
    log = logging.getLogger(group_coordinator.__name__)
    log.error("Group Coordinator Request failed: %s", error)
    (line,) = said(written)
    assert (line["level"], "asked again" in line.get("why", "")) == (level, level == "info")


def test_aiokafka_still_says_it_in_these_words():
    assert '"Group Coordinator Request failed: %s"' in inspect.getsource(group_coordinator)


def said(written) -> list[dict]:
    """Each line as JSON; none holds anything of the message."""
    text = written.getvalue()
    assert "Zaphrodite" not in text
    assert not {"\r", "\x1b", "\u2028"} & set(text)
    return [json.loads(line) for line in text.split("\n")[:-1]]
