"""python -m tests.flow.histories --steps 100000 --seed 7        without --seed a new one, which is printed"""

import argparse
import sys
import time
from random import SystemRandom

from tests.flow.histories.judge import Wrong, judged

EVERY_SECONDS = 5.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.flow.histories", description=__doc__)
    parser.add_argument(
        "--steps", type=int, default=100_000, help="messages taken in, in all orders"
    )
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--length", type=int, default=40, help="events of one history")
    given = parser.parse_args()
    seed = SystemRandom().randrange(10**6) if given.seed is None else given.seed
    print(f"seed {seed}", file=sys.stderr)
    began = told = time.monotonic()
    steps = number = 0
    while steps < given.steps:
        try:
            steps += judged(seed + number, given.length)
        except Wrong as wrong:
            print(f"history {seed + number} of {given.length} events: {wrong}")
            return 1
        number += 1
        if time.monotonic() - told > EVERY_SECONDS:
            told = time.monotonic()
            rate = steps / (told - began)
            left = (given.steps - steps) / rate
            print(
                f"{steps} steps, {number} histories, {rate:.0f}/s, {left:.0f} s left",
                file=sys.stderr,
            )
    print(f"{steps} steps of {number} histories from seed {seed}: in every order the true end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
