"""The hub's reader beside python-hl7 on messages by the ITK's tables: the same text of every part.

python -m tests.itk.compare --messages 100000 --seed 7
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Final, TypeAlias

import hl7

from hub.hl7v2 import message_from
from tests.itk.messages import Coverage, Way, messages, not_covered

MESSAGES: Final = 100_000
SHOWN: Final = 5
"""Differences that are printed."""

Parts: TypeAlias = list[tuple[str, list[list[list[list[str]]]]]]
"""Of each segment its name, and its fields as repetitions of components of subcomponents, as written."""

Read: TypeAlias = Callable[[bytes], Parts]


@dataclass
class Compared:
    """What a run came to."""

    messages: int = 0
    parts: int = 0
    coverage: Coverage = field(default_factory=Counter)
    different: list[bytes] = field(default_factory=list)


def parts_of_ours(frame: bytes) -> Parts:
    """As the hub reads it."""
    return [
        (
            segment.name,
            [
                [
                    [
                        [part.raw for part in component.subcomponents] or [""]
                        for component in repetition.components
                    ]
                    or [[""]]
                    for repetition in segment.field(number).repetitions
                ]
                or [[[""]]]
                for number in range(1, segment.raw.count("|") + 1)
            ],
        )
        for segment in message_from(frame).segments()
        if segment.name != "MSH"
    ]


def parts_of_the_other(frame: bytes) -> Parts:
    """As python-hl7 reads it."""
    text = frame.decode().replace("\r\n", "\r").replace("\n", "\r")
    return [
        (
            str(segment[0]),
            [[parts_of_repetition(part) for part in each] or [[[""]]] for each in segment[1:]],
        )
        for segment in hl7.parse(text)
        if str(segment[0]) != "MSH"
    ]


def parts_of_repetition(repetition: object) -> list[list[str]]:
    """Text where nothing was separated, else lists of lists."""
    if isinstance(repetition, str):
        return [[repetition]]
    return [[part] if isinstance(part, str) else [str(sub) for sub in part] for part in repetition]


def compared(seed: int, number: int, ours: Read = parts_of_ours) -> Compared:
    """Read so many messages twice."""
    found = Compared()
    for frame in messages(seed, number, found.coverage):
        read = ours(frame)
        found.messages += 1
        found.parts += sum(len(part) for _, each in read for one in each for part in one)
        if read != parts_of_the_other(frame):
            found.different.append(frame)
    return found


def main() -> int:
    """Compare, print, and give 1 when anything differs or was never there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    began = time.monotonic()
    found = compared(given.seed, given.messages)
    took = time.monotonic() - began
    for line in table(found.coverage):
        print(line)
    print(
        f"{found.messages} messages, {found.parts} components, {len(found.different)} messages read "
        f"differently, {took:.0f} s"
    )
    for frame in found.different[:SHOWN]:
        print(repr(frame), file=sys.stderr)
    gaps = not_covered(found.coverage)
    print(f"never there: {', '.join(gaps) or 'nothing'}")
    return 1 if found.different or gaps else 0


def table(coverage: Coverage) -> list[str]:
    """How often each field stood in each way."""
    places = dict.fromkeys(place for place, _ in coverage)
    head = f"{'field':8}" + "".join(f"{way.value:>10}" for way in Way)
    rows = [
        f"{place:8}" + "".join(f"{coverage[place, way]:>10}" for way in Way) for place in places
    ]
    return [head, *rows]


if __name__ == "__main__":
    sys.exit(main())
