"""How right `hub match` is on made-up households of which the register knows every second person.

    python -m tests.bench.made_up FOLDER SEED ...

Everybody is written of, known or not, so half of the records are of a brother or a wife whom the register lacks. The
model is the one that comes with the hub. Prints a row for each seed; about a minute each.
"""

import csv
import sys
from dataclasses import asdict
from pathlib import Path
from random import Random

from deploy.matching.made_up import Register
from deploy.matching.slips import event_of
from tests.bench.febrl import matched

PEOPLE = 20_000


def laid_out(folder, seed, people=PEOPLE):
    """Writes people.csv, events.csv and truth.csv."""
    register, chance = Register(seed, people * 2), Random(seed)
    everybody = list(register.people())
    known = everybody[::2]
    asked = [
        event_of(each, everybody[place - 1], register, chance, f"e{place}")
        for place, each in enumerate(everybody[:people])
    ]
    in_register = {each.record_id for each in known}
    for file, column, rows in (("people", "record_id", known), ("events", "event_id", asked)):
        with (folder / f"{file}.csv").open("w", newline="") as opened:
            lines = csv.DictWriter(opened, list(asdict(rows[0])))
            lines.writerow({name: name for name in lines.fieldnames} | {"record_id": column})
            lines.writerows(map(asdict, rows))
    with (folder / "truth.csv").open("w", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(["event_id", "record_id"])
        for event, each in zip(asked, everybody, strict=False):
            about = each.record_id if each.record_id in in_register else ""
            lines.writerow([event.record_id, about])


def row(folder, seed):
    """A row of the table in `hub/matching/README.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    laid_out(folder, seed)
    found = matched(folder, folder / "report.json")
    truth = found["truth"]
    return (
        f"| made-up {seed} | {found['people']:,}, {found['events']:,} | {truth['auto_right']:,} "
        f"| {truth['auto_wrong']} | {truth['recall']:.3f} | {truth['auto_and_review_recall']:.3f} "
        f"| {truth['review_share']:.3f} |"
    )


if __name__ == "__main__":
    for number in sys.argv[2:]:
        print(row(Path(sys.argv[1]) / number, int(number)), flush=True)
