"""`match`: who is meant, among a million people: time and memory, with the explanation."""

import gc
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random
from typing import Final

from deploy.bench.dose import Dose, Tell
from deploy.bench.figures import MILLISECONDS, SECONDS, Bar, Figure, percentile
from deploy.exit_codes import ExitCode, Stopped
from deploy.matching.interning import interned
from deploy.matching.lists import name_tables, read_model
from deploy.matching.made_up import Made, Register, person_of
from deploy.matching.memory import bytes_in_use
from deploy.matching.slips import event_of
from hub.matching.candidates import Matcher
from hub.matching.index.people import Index
from hub.matching.matcher import decide
from hub.matching.normal.record import Compared, compared
from hub.matching.scoring.decision import Outcome, explained

BYTES: Final = "bytes"
LOOK_UPS: Final = "look-ups/s"
P99_BAR: Final = Bar(1.0, at_least=False)
RATE_BAR: Final = Bar(8_000, at_least=True)
BYTES_BAR: Final = Bar(1_000, at_least=False)
REBUILD_BAR: Final = Bar(20, at_least=False)

QUERIES: Final = (6_000, 300)
"""In a run, and in a quick one."""
EVERY: Final = 10_000
YARDSTICK: Final = 100_000
"""Numbers that are squared: what the same Python takes for it on this machine at this moment."""
P99: Final = 99.0


def match(dose: Dose, tell: Tell) -> list[Figure]:
    """Look-ups of records with errors, and the register that they are looked up in."""
    register = Register(dose.seed, dose.match_people)
    queries = dose.of(*QUERIES)
    before = bytes_in_use()
    people, asked = _people(register, dose, queries, tell)
    begun = time.perf_counter()
    gc.disable()
    index = Index.of(name_tables(), people)
    rebuilt = time.perf_counter() - begun
    del people
    gc.enable()
    gc.collect()
    each = (bytes_in_use() - before) / dose.match_people
    gc.freeze()
    matcher = Matcher(read_model(), name_tables())
    chance = Random(dose.seed)  # noqa: S311 - made-up records, the same for a seed
    p99, rates, yards = [], [], []
    by_number: dict[bool, list[float]] = {True: [], False: []}
    for run in range(dose.runs):
        tell("match", run, dose.runs)
        records = list(_records(asked, register, chance))
        seconds, rate = _timed(records, index, matcher)
        p99.append(percentile(seconds, P99) * 1e3)
        rates.append(rate)
        for has_number, found in by_number.items():
            of_kind = [record for record in records if bool(record.nhs) == has_number]
            found.append(_timed(of_kind, index, matcher)[1])
        yards.append(yardstick() * 1e3)
    tell("match", dose.runs, dose.runs)
    what = f"{dose.match_people:,} people"
    return [
        Figure(
            bench="match",
            what=f"99 % of look-ups, {what}",
            unit=MILLISECONDS,
            runs=p99,
            bar=P99_BAR,
        ),
        Figure(bench="match", what=f"on one core, {what}", unit=LOOK_UPS, runs=rates, bar=RATE_BAR),
        *(
            Figure(
                bench="match",
                what=f"of records with{'' if has_number else 'out'} an NHS number",
                unit=LOOK_UPS,
                runs=found,
            )
            for has_number, found in by_number.items()
        ),
        Figure(
            bench="match",
            what="memory for a person",
            unit=BYTES,
            runs=[each] * dose.runs,
            bar=BYTES_BAR,
        ),
        Figure(
            bench="match",
            what=f"index of {what}",
            unit=SECONDS,
            runs=[rebuilt] * dose.runs,
            bar=REBUILD_BAR,
        ),
        Figure(
            bench="match",
            what=f"yardstick: {YARDSTICK:,} squares in Python",
            unit=MILLISECONDS,
            runs=yards,
        ),
    ]


def _people(
    register: Register, dose: Dose, queries: int, tell: Tell
) -> tuple[list[tuple[str, Compared]], list[Made]]:
    """Everybody as compared, and those who are asked for."""
    tables = name_tables()
    people: list[tuple[str, Compared]] = []
    asked: list[Made] = []
    stride = max(1, dose.match_people // queries)
    for number, made in enumerate(register.people()):
        people.append((made.record_id, interned(compared(person_of(made), tables))))
        if number % stride == 0:
            asked.append(made)
        if number % EVERY == 0:
            tell("people", number, dose.match_people)
    tell("people", dose.match_people, dose.match_people)
    return people, asked


def _records(asked: Sequence[Made], register: Register, chance: Random) -> Iterator[Compared]:
    """A record of everybody who is asked for, and one stranger for each four."""
    tables = name_tables()
    for number, made in enumerate(asked):
        other = asked[number - 1]
        yield compared(person_of(event_of(made, other, register, chance, "asked")), tables)
    for made in islice(asked, 0, None, 4):
        stranger = event_of(register.stranger(), made, register, chance, "stranger")
        yield compared(person_of(stranger), tables)


def _timed(
    records: Sequence[Compared], index: Index[str], matcher: Matcher
) -> tuple[list[float], float]:
    """Seconds of each look-up by the clock, and look-ups in a second of one core.

    Raises:
        Stopped: Nobody was found: then what is measured is no look-up.
    """
    for record in records[::20]:
        decide(record, index, matcher)
    seconds: list[float] = []
    found = 0
    spent = time.process_time()
    for record in records:
        begun = time.perf_counter()
        decision = decide(record, index, matcher)
        explained(decision)
        seconds.append(time.perf_counter() - begun)
        found += decision.outcome is not Outcome.NONE
    rate = len(records) / (time.process_time() - spent)
    if not found:
        raise Stopped(ExitCode.CHECK_FAILED, "No record of the bench found anybody.")
    return seconds, rate


def yardstick() -> float:
    """Seconds for a fixed piece of Python, the best of five."""

    def once() -> float:
        begun = time.perf_counter()
        sum(number * number for number in range(YARDSTICK))
        return time.perf_counter() - begun

    return min(once() for _ in range(5))
