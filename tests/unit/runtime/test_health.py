"""Readiness names what fails; the numbers are those of the catalogue."""

from typing import get_args

import httpx
from starlette.applications import Starlette

from hub.catalogue.metrics import MEANINGS, MetricName
from hub.runtime.health import Check, Sample, health_routes


async def asked(address: str, *checks: Check, samples: tuple[Sample, ...] = ()) -> httpx.Response:
    async def found() -> tuple[Check, ...]:
        return checks

    role = httpx.ASGITransport(Starlette(routes=health_routes(found, lambda: samples)))
    async with httpx.AsyncClient(transport=role, base_url="http://role") as client:
        return await client.get(address)


async def test_ready_when_every_check_passes():
    answer = await asked("/health/ready", Check("kafka", ok=True), Check("database", ok=True))
    body = {"status": "ready", "failing": {}, "warnings": {}}
    assert (answer.status_code, answer.json()) == (200, body)


async def test_what_somebody_should_look_at_is_named_and_turns_nothing_red():
    silent = Check("feed rwe-adt", ok=False, why="it is silent", warns=True)
    answer = await asked("/health/ready", Check("kafka", ok=True), silent)
    warned = {"status": "degraded", "failing": {}, "warnings": {"feed rwe-adt": "it is silent"}}
    assert (answer.status_code, answer.json()) == (200, warned)
    answer = await asked("/health/ready", Check("kafka", ok=False, why="away"), silent)
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")


async def test_not_ready_names_what_fails_and_stays_alive():
    why = "its loop has not turned for a while"
    checks = (Check("kafka", ok=True), Check("region 0", ok=False, why=why))
    answer = await asked("/health/ready", *checks)
    assert (answer.status_code, answer.json()["failing"]) == (503, {"region 0": why})
    assert (await asked("/health/live", *checks)).status_code == 200


async def test_numbers_are_shown_as_prometheus_reads_them():
    sample = Sample("hub_region_events_total", 7, (("region", "0"),))
    answer = await asked("/metrics", samples=(sample,))
    assert 'hub_region_events_total{region="0"} 7.0' in answer.text


def test_every_number_has_a_meaning():
    assert set(get_args(MetricName)) == set(MEANINGS)
