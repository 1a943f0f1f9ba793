"""How right and how quick Splink is on the files that `hub match` reads, beside the hub, in one run.

    python -m tests.bench.beside_splink FOLDER

Two sets: FEBRL 4 without its number, and made-up households of which the register knows every second person. Splink
comes from the package index into an environment of its own in the folder, by hash (splink.txt), because nothing of the
hub needs it. It is a tool for whole files, and good at that: that it is slow for one record is no fault of it. The hub
is shown with its conditions (AUTO) and, because Splink has none, with what they leave to people (REVIEW).
"""

import json
import subprocess
import sys
import venv
from pathlib import Path

from tests.bench import febrl
from tests.bench.made_up import laid_out

HERE = Path(__file__).parent
SEED = 1003


def environment(folder):
    """The Python that has Splink; made when it is not there."""
    python = folder / "splink" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "splink", with_pip=True)
        subprocess.run(
            [
                python,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--require-hashes",
                "-r",
                HERE / "splink.txt",
            ],
            check=True,
        )
    return python


def lines_of(name, ours, splink):
    """Rows of a table in Markdown."""
    truth, latency = ours["truth"], ours["latency"]
    known = truth["with_match"]
    yield (
        f"| {name} | hub, AUTO | {truth['auto_right']:,} | {truth['auto_wrong']} | {truth['precision']:.4f} "
        f"| {truth['recall']:.3f} | {truth['auto_and_review_recall']:.3f} "
        f"| {latency['p50_ms']:.2f} / {latency['p99_ms']:.2f} |"
    )
    one = splink["one_by_one_ms"]
    for way, title in (("probability", "p ≥ 0.99"), ("bits_and_margin", "10 bits, 4 ahead")):
        right, wrong = splink[way]
        yield (
            f"| {name} | Splink, {title} | {right:,} | {wrong} | {right / max(1, right + wrong):.4f} "
            f"| {right / known:.3f} | | {one['p50']:.0f} / {one['most']:.0f} |"
        )
    yield (
        f"| {name} | Splink, the whole file | | | | | "
        f"| learning {splink['learning_seconds']} s, linking {splink['linking_seconds']} s |"
    )


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    python = environment(folder)
    print(
        "| set | who decides | right | wrong | precision | recall | with REVIEW | one record, ms: half / 99 % or most |"
    )
    print("|---|---|---|---|---|---|---|---|")
    wheel = febrl.fetched(folder)
    sets = {
        "FEBRL 4": (lambda place: febrl.laid_out(place, wheel, "febrl4"), ("--train",)),
        f"made-up {SEED}": (lambda place: laid_out(place, SEED), ()),
    }
    for name, (lay_out, options) in sets.items():
        place = folder / name.replace(" ", "-")
        place.mkdir(exist_ok=True)
        lay_out(place)
        ours = febrl.matched(place, place / "hub.json", *options)
        side = subprocess.run(
            [python, HERE / "splink_side.py", place], check=True, capture_output=True, text=True
        )
        print("\n".join(lines_of(name, ours, json.loads(side.stdout.splitlines()[-1]))), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
