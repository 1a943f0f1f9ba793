"""`hub bench` in a small dose: numbers of most measurements, in their shape. What they are is no test's business."""

import json
import subprocess
import sys

import pytest

FIELDS = {"bench", "what", "unit", "median", "least", "most", "runs", "bar", "reached", "hub_is"}
SURROUNDINGS = {"at", "quick", "runs", "seed", "commit", "machine", "versions", "results"}


def bench(*arguments: str) -> dict:
    """One call; its output is one value and nothing else."""
    command = (sys.executable, "-m", "deploy.cli", "bench", "--quick", "--json", *arguments)
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)
    assert said.keys() == SURROUNDINGS
    for each in said["results"]:
        assert each.keys() == FIELDS
        assert 0 < each["least"] <= each["median"] <= each["most"]
        assert len(each["runs"]) == said["runs"]
        assert (each["reached"] is None) == (each["bar"] is None)
    return said


def names(said: dict) -> set[str]:
    return {each["bench"] for each in said["results"]}


def test_readers_are_measured_beside_their_peers():
    said = bench("parse", "convert", "match", "--runs", "1", "--seed", "5")
    assert names(said) == {"parse", "convert", "match"}
    assert said["seed"] == 5
    peers = [each["what"] for each in said["results"] if each["hub_is"]]
    assert len([each for each in peers if "the same places read" in each]) == 2
    assert [each for each in said["results"] if each["bar"]]


def test_what_cannot_be_measured_is_refused():
    command = (sys.executable, "-m", "deploy.cli", "bench", "everything")
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")


@pytest.mark.real
@pytest.mark.timeout(600)
def test_chain_and_whole_hub_are_measured_on_parts_of_their_own():
    said = bench("chain", "mllp", "latency", "day", "--runs", "1", "--day-messages", "300")
    assert names(said) == {"chain", "mllp", "latency", "day"}
    assert len([each for each in said["results"] if each["bar"]]) == 14
