"""`hub match`, step by step: read the people, learn if asked, decide for each event, judge if the truth is known."""

import gc
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from deploy.exit_codes import ExitCode, Stopped
from deploy.matching.columns import Row, rows_of, size_of
from deploy.matching.interning import interned
from deploy.matching.judging import Judged, by_group, latencies, summary
from deploy.matching.lists import DEFAULT_MODEL, name_tables, read_model
from deploy.matching.memory import bytes_in_use
from hub.matching.candidates import Matcher
from hub.matching.index.people import Index
from hub.matching.matcher import decide
from hub.matching.normal.record import Compared, compared
from hub.matching.scoring.decision import Decision, Outcome, explained
from hub.matching.scoring.model import BadModel, Model
from hub.matching.training.learning import Label, train

Tell = Callable[[str, int, int], None]
EVERY: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What was asked for. Tables of names say what our columns are called in the files."""

    people: Path
    events: Path
    names: Mapping[str, str]
    model: Path | None = None
    learn: bool = False
    truth: Path | None = None
    groups: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """The register in memory, and how much of it each person takes."""

    index: Index[str]
    bytes_each: float
    seconds: float


def loaded(task: Task, tell: Tell) -> Loaded:
    """Everybody of the file of people.

    Raises:
        Stopped: The file has an error; says where.
    """
    tables = name_tables()
    begun, before, many = time.perf_counter(), bytes_in_use(), size_of(task.people)

    def everybody() -> Iterator[tuple[str, Compared]]:
        count = 0
        for count, row in enumerate(rows_of(task.people, "record_id", task.names), 1):
            yield row.id, interned(compared(row.person, tables))
            if count % EVERY == 0:
                tell("people", count, max(many, count + 1))
        tell("people", count, count)

    with _unwatched():
        index = Index.of(tables, everybody())
    gc.freeze()  # the register stays as it is: looking through it again and again would only take time
    each = (bytes_in_use() - before) / max(1, len(index))
    return Loaded(index, each, time.perf_counter() - begun)


@contextmanager
def _unwatched() -> Iterator[None]:
    """Without collection of circles, of which a register has none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def model_for(
    task: Task, register: Loaded, events: Sequence[Row], label: Label, tell: Tell
) -> Model:
    """The model of the task: learned, from a file, or the one that comes with the hub.

    Raises:
        Stopped: The file is no model, it was learned with other lists of names, or the register is empty.
    """
    if task.learn:
        if not len(register.index):
            raise Stopped(
                ExitCode.CHECK_FAILED, "Nothing can be learned from an empty file of people."
            )
        records = [compared(row.person, register.index.tables) for row in events]
        return train(
            register.index, records, label, told=lambda done, total: tell("learning", done, total)
        )
    place = task.model or DEFAULT_MODEL
    try:
        model = read_model(place)
    except BadModel as error:
        raise Stopped(ExitCode.CHECK_FAILED, f"{place.name}: {error}.") from None
    if model.tables != register.index.tables.version:
        raise Stopped(
            ExitCode.CHECK_FAILED,
            f"{place.name}: it was learned with other lists of names ({model.tables}) than those in use"
            f" ({register.index.tables.version}): learn it again with hub match train.",
        )
    return model


def decided(
    events: Sequence[Row], register: Loaded, matcher: Matcher, tell: Tell
) -> Iterator[tuple[Row, Decision[str], float]]:
    """Each event with its decision and the seconds that it took, explanation included."""
    for number, row in enumerate(events, 1):
        begun = time.perf_counter()
        query = compared(row.person, register.index.tables)
        decision = decide(query, register.index, matcher)
        yield row, decision, time.perf_counter() - begun
        if number % EVERY == 0 or number == len(events):
            tell("events", number, len(events))


def run(task: Task, label: Label, out: Sequence[TextIO], tell: Tell) -> dict[str, object]:
    """Decide for every event, write a line for each, and give the summary.

    Raises:
        Stopped: A file has an error; says where.
    """
    register = loaded(task, tell)
    events = list(rows_of(task.events, "event_id", task.names, task.groups))
    truth = None if task.truth is None else truth_of(task.truth)
    model = model_for(task, register, events, label, tell)
    matcher = Matcher(model, register.index.tables)
    judged: list[Judged] = []
    seconds: list[float] = []
    for row, decision, took in decided(events, register, matcher, tell):
        line = json.dumps({"event_id": row.id, **explained(decision)}, ensure_ascii=False)
        for each in out:
            each.write(line + "\n")
        seconds.append(took)
        judged.append(_judged(row, decision, truth or {}))
    counts = {each.value: sum(one.outcome is each for one in judged) for each in Outcome}
    result: dict[str, object] = {
        "people": len(register.index),
        "events": len(events),
        "model": matcher.digest,
        "decisions": counts,
        "latency": latencies(seconds),
        "bytes_per_person": round(register.bytes_each),
        "load_seconds": round(register.seconds, 3),
    }
    if truth is not None:
        result["truth"] = summary(judged)
        result["groups"] = {
            group: by_group(
                (row.others[group], each) for row, each in zip(events, judged, strict=True)
            )
            for group in task.groups
        }
    return result


def _judged(row: Row, decision: Decision[str], truth: Mapping[str, str]) -> Judged:
    right = truth.get(row.id)
    return Judged(
        decision.outcome, right is not None and decision.match == right, right is not None
    )


def truth_of(file: Path) -> dict[str, str]:
    """Event id to record id; an event that is not listed, or whose record is empty, has no match.

    Raises:
        Stopped: The file has an error; says where.
    """
    found = {
        row.id: row.others["record_id"]
        for row in rows_of(file, "event_id", {"given": "record_id"}, ("record_id",))
    }
    return {event: record for event, record in found.items() if record}
