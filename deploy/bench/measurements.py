"""Every measurement by its name, in the order in which they are run."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from deploy.bench.chain import chain
from deploy.bench.day import day
from deploy.bench.door import mllp
from deploy.bench.dose import Dose, Tell
from deploy.bench.extract import extract
from deploy.bench.figures import Figure
from deploy.bench.match import match
from deploy.bench.memory import memory
from deploy.bench.reading import convert, parse
from deploy.bench.takeover import takeover
from deploy.bench.waiting import latency, page

Measurement: TypeAlias = Callable[[Dose, Tell], Sequence[Figure]]

MEASUREMENTS: Final[Mapping[str, Measurement]] = {
    "parse": parse,
    "convert": convert,
    "chain": chain,
    "mllp": mllp,
    "latency": latency,
    "page": page,
    "day": day,
    "memory": memory,
    "extract": extract,
    "takeover": takeover,
    "match": match,
}


def measured(names: Sequence[str], dose: Dose, tell: Tell) -> list[Figure]:
    """The figures of these measurements, in their own order; of all when none is named."""
    wanted = [each for each in MEASUREMENTS if not names or each in names]
    return [figure for each in wanted for figure in MEASUREMENTS[each](dose, tell)]
