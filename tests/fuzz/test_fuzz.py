"""A dose of fuzzing, and whether it would find anything."""

import os
import time
from pathlib import Path
from random import Random

import pytest

from hub.errors import Undecodable
from tests.fuzz import search
from tests.fuzz.mutation import by_bytes, mutated, of_avro, of_hl7, of_json, of_table, of_xml
from tests.fuzz.run import main
from tests.fuzz.search import searched, tried, written_down
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

SECONDS = float(os.environ.get("HUB_FUZZ_SECONDS", "66"))
"""For all targets together."""
SEED = int(os.environ.get("HUB_FUZZ_SEED", "20261128"))
FINDINGS = os.environ.get("HUB_FUZZ_FINDINGS")


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)
def test_a_reader_only_ever_refuses_and_soon(target, tmp_path):
    found = searched(target, SEED, SECONDS / len(TARGETS))
    folder = Path(FINDINGS) if FINDINGS else tmp_path
    kept = [str(written_down(each, folder)) for each in found.findings.values()]
    said = [f"{each}\n{each.data[:2_000]!r}" for each in found.findings.values()]
    assert said == [], kept
    assert found.inputs > 10
    assert len(found.words) > 5


def reader_with(fault):
    """A target whose reader is right but for one fault."""

    def read(data: bytes) -> str:
        if fault(data):
            raise KeyError("Marsh")
        if not data.startswith(b"MSH"):
            raise Undecodable("A message begins with MSH.", expression="MSH")
        return str(data.count(b"|") % 9)

    return Target("planted", lambda: [b"MSH|^~\\&|PAS\rPID|1||S1^^^PAS~S2^^^PAS\r"], of_hl7, read)


@pytest.mark.parametrize(
    "fault",
    [
        lambda data: data.count(b"PID|") == 2,
        lambda data: b'""' in data,
        lambda data: b"\x0b" in data,
        lambda data: data.startswith(b"MSH") and not data.startswith(b"MSH|"),
        lambda data: len(data) > 5_000,
    ],
)
def test_a_planted_fault_is_found_shortened_and_kept_without_its_words(fault, tmp_path):
    target = reader_with(fault)
    found = searched(target, 1, 60, findings=1)
    (finding,) = found.findings.values()
    assert finding.kind.startswith("KeyError at test_fuzz.py:")
    assert fault(finding.data)
    place = written_down(finding, tmp_path)
    assert place.read_bytes() == finding.data
    text = place.with_suffix(".txt").read_text()
    assert (finding.sha256 in text, "seed 1" in text, "Marsh" in text) == (True, True, False)
    assert tried(target, place.read_bytes())[1] == finding.kind


def test_a_slow_input_is_found(monkeypatch):
    """Slow by far on any machine: how quick one is may double and halve from second to second."""
    monkeypatch.setattr(search, "SLOWEST", 0.01)
    slow = 0.2

    def read(data: bytes) -> str:
        ends = time.process_time() + slow
        while b'""' in data and time.process_time() < ends:
            pass
        return ""

    target = Target("slow", lambda: [b"MSH|^~\\&|PAS\rPID|1||S1"], of_hl7, read)
    assert list(searched(target, 1, 60, findings=1).findings) == ["slow"]


@pytest.mark.parametrize("own", [by_bytes, of_avro, of_hl7, of_json, of_table, of_xml])
def test_the_same_chance_gives_the_same_mutant(own):
    corpus = [b"MSH|^~\\&|a,b\n\r[1]", b'<a>{"a": [1, {"b": "c"}]}</a>']
    first, again = (
        [mutated(Random(number), corpus[number % 2], corpus, own) for number in range(50)]
        for _ in range(2)
    )
    assert first == again
    assert len(set(first)) > 25


def test_the_command_says_its_seed_and_what_it_did(monkeypatch, capsys, tmp_path):
    said = [
        "run",
        "--seconds",
        "0.2",
        "--seed",
        "5",
        "--target",
        "avro",
        "--findings",
        str(tmp_path),
    ]
    monkeypatch.setattr("sys.argv", said)
    assert main() == 0
    out = capsys.readouterr().out
    assert out.startswith("seed 5\navro ")
    assert "0 findings" in out
