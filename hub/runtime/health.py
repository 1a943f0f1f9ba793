"""Whether a role is alive and ready, as checks with names, and as numbers for Prometheus.

Alive: the process answers. Ready: everything it needs works now; a check that fails is named with its reason. Degraded:
it is ready, and somebody should look at what is named as a warning.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.catalogue.metrics import MEANINGS, MetricName


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must work.

    Attributes:
        name: What it is, such as `database` or `region 0`.
        ok: Whether it works now.
        why: What is wrong, in our own words; empty when nothing is.
        warns: Whether it is only for somebody to look at, and stops nothing.
    """

    name: str
    ok: bool
    why: str = ""
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One number with its labels. Labels never name a person."""

    name: MetricName
    value: float
    labels: tuple[tuple[str, str], ...] = ()


Checks: TypeAlias = Callable[[], Awaitable[Sequence[Check]]]
Samples: TypeAlias = Callable[[], Iterable[Sample]]


def health_routes(checks: Checks, samples: Samples) -> list[Route]:
    """`/health/live`, `/health/ready` and `/metrics` of a role."""
    registry = CollectorRegistry()
    registry.register(Numbers(samples))

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_: Request) -> Response:
        found = await checks()
        failing = {each.name: each.why for each in found if not each.ok and not each.warns}
        warnings = {each.name: each.why for each in found if not each.ok and each.warns}
        status = "not ready" if failing else "degraded" if warnings else "ready"
        body = {"status": status, "failing": failing, "warnings": warnings}
        return JSONResponse(body, status_code=503 if failing else 200)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")

    return [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", metrics)]


class Numbers(Collector):
    """The samples of a role as Prometheus reads them."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples

    def collect(self) -> Iterable[Metric]:
        """One family for each name."""
        families: dict[str, Metric] = {}
        for sample in self._samples():
            family = families.setdefault(sample.name, family_of(sample))
            family.add_sample(sample.name, dict(sample.labels), sample.value)
        return families.values()


def family_of(sample: Sample) -> Metric:
    """A counter where the name ends in `_total`, else a gauge."""
    labels = [name for name, _ in sample.labels]
    if sample.name.endswith("_total"):
        return CounterMetricFamily(
            sample.name.removesuffix("_total"), MEANINGS[sample.name], labels=labels
        )
    return GaugeMetricFamily(sample.name, MEANINGS[sample.name], labels=labels)
