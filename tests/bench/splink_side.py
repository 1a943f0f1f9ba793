"""Splink on the files of `hub match`. Run by `beside_splink` in an environment of its own, without the hub.

    python splink_side.py FOLDER

reads people.csv, events.csv and truth.csv, learns without the truth, links, and prints what came out as JSON. The
model is the one that Splink's own example for FEBRL 4 recommends, without the number; where the files say more, the
comparisons that its documentation names for such fields. DuckDB is its backend.
"""

import csv
import json
import logging
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path
from statistics import median

import pyarrow as pa
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

SURE = 0.99
BITS, MARGIN = 10.0, 4.0
"""Where the hub cuts, beside its conditions."""
ASKED = 40
"""Records that are looked up one by one."""
LEAST_BITS = -10
PAIRS, SEED = 1_000_000, 1

COMPARISONS = {
    "given": lambda: compare.NameComparison("given").configure(term_frequency_adjustments=True),
    "family": lambda: compare.NameComparison("family").configure(term_frequency_adjustments=True),
    "birth_date": lambda: compare.DateOfBirthComparison(
        "birth_date", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
    ),
    "house": lambda: compare.ExactMatch("house").configure(term_frequency_adjustments=True),
    "postcode": lambda: compare.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
        term_frequency_adjustments=True
    ),
    "sex": lambda: compare.ExactMatch("sex"),
    "phone": lambda: compare.ExactMatch("phone"),
    "email": lambda: compare.EmailComparison("email"),
    "nhs_number": lambda: compare.DamerauLevenshteinAtThresholds("nhs_number", [1, 2]),
}
BLOCKS = (
    ("given", "family"), ("birth_date",), ("house", "street"), ("postcode",), ("phone",), ("email",), ("nhs_number",),
)  # fmt: skip
LEARNED_ON = (("birth_date",), ("postcode",), ("given", "family"))


def rows_of(file, id_column):
    """The rows as Splink takes them: lower case, nothing for what is empty, the house apart from its street."""
    with file.open(newline="") as opened:
        for row in csv.DictReader(opened):
            house, _, street = row["address_line"].partition(" ")
            said = {name: row.get(name, "") for name in COMPARISONS} | {
                "house": house,
                "street": street,
                "birth_date": row["birth_date"].replace("-", ""),
            }
            kept = {name: value.strip().lower() or None for name, value in said.items()}
            yield {"id": row[id_column], **kept}


def known(rows):
    """The columns that hold anything."""
    return {name for row in rows for name, value in row.items() if value}


def settings(columns):
    blocks = [block_on(*block) for block in BLOCKS if columns.issuperset(block)]
    return SettingsCreator(
        unique_id_column_name="id",
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            *blocks,
            "l.given = r.family and l.family = r.given",
        ],
        comparisons=[made() for name, made in COMPARISONS.items() if name in columns],
    )


def learned(linker, columns):
    sure = [block_on("given", "family", "birth_date")]
    if "nhs_number" in columns:
        sure.append(block_on("nhs_number"))
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=SEED)
    for block in LEARNED_ON:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))


def judged(pairs, truth, events):
    """The best candidate of each event: how many are right and wrong by each way to cut."""
    best = {}
    for pair in pairs:
        person, event = pair["id_l"], pair["id_r"]
        if event not in events:
            person, event = event, person
        best.setdefault(event, []).append((pair["match_weight"], pair["match_probability"], person))
    found = {"probability": [0, 0], "bits_and_margin": [0, 0]}
    for event, candidates in best.items():
        candidates.sort(reverse=True)
        bits, probability, person = candidates[0]
        margin = bits - candidates[1][0] if len(candidates) > 1 else MARGIN
        wrong = truth.get(event) != person
        found["probability"][wrong] += probability >= SURE
        found["bits_and_margin"][wrong] += bits >= BITS and margin >= MARGIN
    return found


def milliseconds(one, records):
    taken = []
    for record in records:
        begun = time.perf_counter()
        one(record)
        taken.append((time.perf_counter() - begun) * 1e3)
    taken.sort()
    return {"p50": round(median(taken), 1), "most": round(taken[-1], 1)}


def main(folder):
    people = list(rows_of(folder / "people.csv", "record_id"))
    events = list(rows_of(folder / "events.csv", "event_id"))
    with (folder / "truth.csv").open(newline="") as opened:
        truth = {row["event_id"]: row["record_id"] for row in csv.DictReader(opened)}
    columns = known(people) & known(events)
    api = DuckDBAPI()
    register = api.register(pa.Table.from_pylist(people))
    linker = Linker([register, api.register(pa.Table.from_pylist(events))], settings(columns))
    begun = time.perf_counter()
    learned(linker, columns)
    learned_at = time.perf_counter()
    pairs = linker.inference.predict(threshold_match_weight=LEAST_BITS).as_record_list()
    linked_at = time.perf_counter()
    asked = events[:: max(1, len(events) // ASKED)][:ASKED]

    def looked_up(record):
        one = api.register(
            pa.Table.from_pylist([record], schema=pa.Table.from_pylist(events).schema)
        )
        linker.inference.predict_between(register, one, threshold_match_weight=0).as_record_list()

    return {
        "splink": version("splink"),
        "duckdb": version("duckdb"),
        "columns": sorted(columns - {"id", "street"}),
        "learning_seconds": round(learned_at - begun, 1),
        "linking_seconds": round(linked_at - learned_at, 1),
        **judged(pairs, truth, {row["id"] for row in events}),
        "one_by_one_ms": milliseconds(looked_up, asked),
    }


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    print(json.dumps(main(Path(sys.argv[1]))))
