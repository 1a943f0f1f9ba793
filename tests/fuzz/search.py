"""Looks for inputs that a reader fails on: mutants of good ones, and of any that came to something new."""

import hashlib
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from hub.errors import Rejected, Unavailable
from tests.fuzz.mutation import mutated
from tests.fuzz.target import Target, refusal

SLOWEST: Final = 0.1
"""Seconds of processor time for one input, on a machine that squares `SQUARES` numbers in `USUAL` seconds. A slower one
has longer, by as much as it is slower."""
MEASURED: Final = 7
"""How often an input that seems slow is read again; the shortest time counts, because machines are busy."""
SQUARES: Final = 100_000
USUAL: Final = 0.007
"""Seconds for them on the machine of the measurements in `deploy/bench/README.md`, on a quick day."""
MOST_KEPT: Final = 2_000
"""Inputs that mutants are made of."""
LONGEST_KEPT: Final = 8 * 1024
"""Bytes of such an input: long ones cost time and find no more."""
SHORTENED: Final = 400
"""Attempts to find a shorter input with the same fault."""
ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that a reader failed on.

    Attributes:
        kind: What happened, and where in our code.
        seed: Of the run.
        number: Of the input in the run.
        data: The input, as short as it could be made.
    """

    target: str
    kind: str
    seed: int
    number: int
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Of the input."""
        return hashlib.sha256(self.data).hexdigest()

    def __str__(self) -> str:
        """How to see it again."""
        return (
            f"{self.target}: {self.kind}; seed {self.seed}, input {self.number}, "
            f"{len(self.data)} bytes, SHA-256 {self.sha256}"
        )


@dataclass
class Searched:
    """What a run came to."""

    target: str
    seed: int
    inputs: int = 0
    words: set[str] = field(default_factory=set)
    findings: dict[str, Finding] = field(default_factory=dict)
    slowest: float = 0.0


def searched(target: Target, seed: int, seconds: float, findings: int = 20) -> Searched:
    """Read mutants for so many seconds, or until so many different faults were found."""
    found = Searched(target.name, seed)
    corpus = list(target.seeds())
    for good in corpus:
        word, kind, _ = tried(target, good)
        assert kind is None, f"{target.name}: a good input failed: {kind}"
        found.words.add(word)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and len(found.findings) < findings:
        random = Random(f"{seed} {target.name} {found.inputs}")
        data = mutated(random, random.choice(corpus), corpus, target.own)
        word, kind, took = tried(target, data)
        found.slowest = max(found.slowest, took)
        if kind is not None and kind not in found.findings:
            short = shortened(target, data, kind)
            found.findings[kind] = Finding(target.name, kind, seed, found.inputs, short)
        elif word not in found.words:
            found.words.add(word)
            if len(corpus) < MOST_KEPT and len(data) <= LONGEST_KEPT:
                corpus.append(data)
        found.inputs += 1
    return found


def tried(target: Target, data: bytes) -> tuple[str, str | None, float]:
    """What became of an input, what is wrong with that, and how long it took."""
    word, kind, took = once(target, data)
    if kind is None and took > SLOWEST:
        took = min(took, *(once(target, data)[2] for _ in range(MEASURED)))
        kind = "slow" if took > allowed() else None
    return word, kind, took


def allowed() -> float:
    """Seconds of processor time for one input on this machine, as quick as it is now."""
    times = []
    for _ in range(MEASURED):
        began = time.process_time()
        sum(number * number for number in range(SQUARES))
        times.append(time.process_time() - began)
    return SLOWEST * max(1.0, min(times) / USUAL)


def once(target: Target, data: bytes) -> tuple[str, str | None, float]:
    """Read an input."""
    word, kind = "", None
    took, began = 0.0, time.process_time()
    try:
        try:
            word = target.read(data)
        finally:
            took = time.process_time() - began
        target.holds(data)
    except (Rejected, Unavailable) as error:
        word = refusal(error)
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        kind = f"{type(error).__name__} at {place_of(error)}"
    return word, kind, took


def place_of(error: Exception) -> str:
    """The last line of ours that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if Path(each.filename).is_relative_to(ROOT)]
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def shortened(target: Target, data: bytes, kind: str) -> bytes:
    """The input without what the fault does not need. A slow one stays as it is."""
    size, left = len(data) // 2, SHORTENED
    while size and left and kind != "slow":
        start = 0
        while start < len(data) and left:
            shorter = data[:start] + data[start + size :]
            left -= 1
            if once(target, shorter)[1] == kind:
                data = shorter
            else:
                start += size
        size //= 2
    return data


def written_down(finding: Finding, folder: Path) -> Path:
    """Keep the bytes of a finding and how it came to be; give where the bytes are."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{finding.target}-{finding.sha256[:16]}.bin"
    place.write_bytes(finding.data)
    place.with_suffix(".txt").write_text(f"{finding}\n")
    return place
