"""Fuzz every reader behind a public door.

python -m tests.fuzz.run --seconds 120 --seed 7
python -m tests.fuzz.run --target hl7 --replay fuzz-findings/hl7-0123456789abcdef.bin
"""

import argparse
import sys
from pathlib import Path
from random import SystemRandom
from typing import Final

from tests.fuzz.search import Searched, once, searched, tried, written_down
from tests.fuzz.targets import TARGETS

SECONDS: Final = 120.0
"""For all targets together."""
FINDINGS: Final = Path("fuzz-findings")


def main() -> int:
    """Fuzz and print; 1 when there is a finding."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for all targets together")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    parser.add_argument("--target", action="append", choices=list(TARGETS), help="default: all")
    parser.add_argument("--findings", type=Path, default=FINDINGS, help="where findings are kept")
    parser.add_argument("--replay", type=Path, help="read one file with the target, and show why")
    given = parser.parse_args()
    names = given.target or list(TARGETS)
    if given.replay is not None:
        return replayed(names[0], given.replay)
    print(f"seed {given.seed}", flush=True)
    findings = []
    for name in names:
        found = searched(TARGETS[name], given.seed, given.seconds / len(names))
        print(line(found), flush=True)
        findings += found.findings.values()
    for finding in findings:
        print(f"{finding}\n  kept in {written_down(finding, given.findings)}", file=sys.stderr)
    return 1 if findings else 0


def line(found: Searched) -> str:
    """A run in one line."""
    return (
        f"{found.target:12} {found.inputs:8} inputs, {len(found.words):4} outcomes, "
        f"slowest {found.slowest * 1000:5.1f} ms, {len(found.findings)} findings"
    )


def replayed(name: str, place: Path) -> int:
    """Read a kept input again, and let what it raises be seen."""
    data = place.read_bytes()
    word, kind, took = tried(TARGETS[name], data)
    print(f"{kind or word}, {took * 1000:.1f} ms")
    if kind not in (None, "slow"):
        TARGETS[name].read(data)
    return 0 if once(TARGETS[name], data)[1] is None and kind is None else 1


if __name__ == "__main__":
    sys.exit(main())
