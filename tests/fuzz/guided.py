"""One reader, guided by the lines that an input reaches. It needs `atheris`, which is not among the hub's own packages.

    pip install atheris
    python -m tests.fuzz.guided hl7 -max_total_time=600 -seed=7

What follows the name of the target are options of libFuzzer. The first finding ends the run and is kept.
"""

import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Final

import atheris

with atheris.instrument_imports(include=["hub", "connectors"]):
    from tests.fuzz.mutation import mutated
    from tests.fuzz.run import FINDINGS
    from tests.fuzz.search import Finding, tried, written_down
    from tests.fuzz.targets import TARGETS

SEED_OF_NONE: Final = 0
"""What is kept beside a finding of libFuzzer: it has a seed of its own."""


def main() -> None:
    """Run until the time is over, or something is found."""
    name, *options = sys.argv[1:]
    target = TARGETS[name]
    corpus = list(target.seeds())

    def one(data: bytes) -> None:
        _, kind, _ = tried(target, data)
        if kind is not None:
            finding = Finding(name, kind, SEED_OF_NONE, SEED_OF_NONE, data)
            print(f"{finding}\n  kept in {written_down(finding, FINDINGS)}", file=sys.stderr)
            raise AssertionError(kind)

    def other(data: bytes, most: int, seed: int) -> bytes:
        return mutated(Random(seed), data, corpus, target.own)[:most]

    with tempfile.TemporaryDirectory(prefix="hub-fuzz-") as folder:
        for number, good in enumerate(corpus):
            (Path(folder) / str(number)).write_bytes(good)
        atheris.Setup([sys.argv[0], *options, folder], one, custom_mutator=other)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
