"""`hub match`, step by step: read the people, learn if asked, decide for each event, judge if the truth is known."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from deploy.exit_codes import ExitCode, Stopped
from deploy.matching.columns import Row, both
from deploy.matching.judging import Judged, by_group, latencies, summary
from deploy.matching.lists import DEFAULT_MODEL, read_model
from deploy.matching.mapping import AS_OURS, Names
from deploy.matching.register import EVERY, Loaded, Tell, loaded
from deploy.matching.truth import NO_TRUTH, strays, truth_of
from deploy.matching.unread import Unread
from deploy.output import aside
from hub.matching.candidates import Matcher
from hub.matching.matcher import decide
from hub.matching.normal.record import compared
from hub.matching.scoring.decision import Decision, Outcome, explained
from hub.matching.scoring.model import BadModel, Model
from hub.matching.training.chance import TooLittle
from hub.matching.training.learning import Label, train
from hub.matching.training.moves import is_another_size

FEWEST_LEARNED: Final = 2
"""People of a register that are learned from: how often two agree by chance needs two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What was asked for."""

    people: Path
    events: Path
    names: Names = AS_OURS
    model: Path | None = None
    learn: bool = False
    truth: Path | None = None
    groups: Sequence[str] = ()


def model_for(
    task: Task, register: Loaded, events: Sequence[Row], label: Label, tell: Tell
) -> Model:
    """The model of the task: learned, from a file, or the one that comes with the hub.

    Raises:
        Stopped: The file is no model, it was learned with other lists of names, or there is too little to learn from.
    """
    if task.learn:
        return _learned(task, register, events, label, tell)
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


def _learned(
    task: Task, register: Loaded, events: Sequence[Row], label: Label, tell: Tell
) -> Model:
    if len(register.index) < FEWEST_LEARNED:
        raise _too_little(f"{task.people.name} has fewer than {FEWEST_LEARNED} people")
    if not events:
        raise _too_little(f"{task.events.name} has no records")
    records = [compared(row.person, register.index.tables) for row in events]
    try:
        return train(
            register.index, records, label, told=lambda done, total: tell("learning", done, total)
        )
    except TooLittle:
        raise _too_little("everybody in the two files is alike") from None


def _too_little(why: str) -> Stopped:
    return Stopped(
        ExitCode.CHECK_FAILED,
        f"Nothing can be learned: {why}. Learn from larger files, or match with the model that comes with the hub"
        " or one that was learned before (--model).",
    )


def another_size(learned_from: int, people: int) -> str:
    """That a model is of a register of quite another size, what follows, and what to do."""
    joins = "too readily" if people > learned_from else "too seldom"
    return (
        f"the model was learned from {learned_from:,} people and the register has {people:,}, so it joins {joins}:"
        " learn one of this register with hub match train"
    )


def decided(
    events: Sequence[Row], register: Loaded, matcher: Matcher, tell: Tell, unread: Unread
) -> Iterator[tuple[Row, Decision[str], float]]:
    """Each event with its decision and the seconds that it took, explanation included."""
    for number, row in enumerate(events, 1):
        begun = time.perf_counter()
        query = compared(row.person, register.index.tables)
        decision = decide(query, register.index, matcher)
        took = time.perf_counter() - begun
        unread.look(row.person, query)
        yield row, decision, took
        if number % EVERY == 0 or number == len(events):
            tell("events", number, len(events))


def run(
    task: Task,
    label: Label,
    out: Sequence[TextIO],
    tell: Tell,
    warn: Callable[[str], None] = aside,
) -> dict[str, object]:
    """Decide for every event, write a line for each, and give the summary; `warn` hears what is odd in the files.

    Raises:
        Stopped: A file has an error; says where.
    """
    people, asked = both(task.people, task.events, task.names, task.groups)
    truth = None if task.truth is None else truth_of(task.truth)
    register = loaded(people, tell)
    events = list(asked.rows())
    model = model_for(task, register, events, label, tell)
    if task.model is not None and is_another_size(model.people, len(register.index)):
        warn(f"{task.model.name}: {another_size(model.people, len(register.index))}")
    matcher = Matcher(model, register.index.tables)
    unread = Unread()
    judged: list[Judged] = []
    seconds: list[float] = []
    for row, decision, took in decided(events, register, matcher, tell, unread):
        line = json.dumps({"event_id": row.id, **explained(decision)}, ensure_ascii=False)
        for each in out:
            each.write(line + "\n")
        seconds.append(took)
        judged.append((truth or NO_TRUTH).judged(row.id, decision, register.has))
    counts = {each.value: sum(one.outcome is each for one in judged) for each in Outcome}
    result: dict[str, object] = {
        "people": len(register.index),
        "events": len(events),
        "model": matcher.digest,
        "decisions": counts,
        "latency": latencies(seconds),
        "bytes_per_person": register.bytes_each,
        "load_seconds": round(register.seconds, 3),
        "unread": {"people": register.unread.counts(), "events": unread.counts()},
    }
    _warn_of(register.unread.said(task.people.name), warn)
    _warn_of(unread.said(task.events.name), warn)
    if truth is not None and task.truth is not None:
        stray = strays(truth, [row.id for row in events], judged, register.has)
        _warn_of(stray.said(task.truth.name), warn)
        result["truth"] = {**summary(judged), **stray.counts()}
        result["groups"] = {
            group: by_group(
                (row.others[group], each) for row, each in zip(events, judged, strict=True)
            )
            for group in task.groups
        }
    return result


def _warn_of(lines: Iterable[str], warn: Callable[[str], None]) -> None:
    for line in lines:
        warn(line)
