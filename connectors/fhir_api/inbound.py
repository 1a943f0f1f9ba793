"""The door for FHIR: who is asking first, then the body, then durable, then the answer."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.fhir_api import outcome
from connectors.fhir_api.mapping import Taken, taken_from
from connectors.fhir_api.settings import FhirSender
from connectors.fhir_api.tokens import sender_of
from hub.errors import HubError, Rejected, Unavailable
from hub.identity import derived
from hub.ports import Door, Publisher, Refused

log = structlog.get_logger("fhir_api")

FHIR_JSON: Final = "application/fhir+json"
JSON_TYPES: Final = frozenset({FHIR_JSON, "application/json"})
MOST_BODY: Final = 1024 * 1024
MOST_BUNDLE: Final = 5 * 1024 * 1024
BODY_SECONDS: Final = 30.0
AGAIN_SECONDS: Final = "5"
HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class TooLarge(Rejected):
    """More than is read."""

    issue_code = "too-long"
    http_status = 413


class TooSlow(Rejected):
    """The body took longer than anybody waits."""

    issue_code = "timeout"
    http_status = 408


class WrongType(Rejected):
    """Not JSON."""

    issue_code = "not-supported"
    http_status = 415


@dataclass(frozen=True)
class FhirDoor:
    """Everything that the routes need.

    Attributes:
        senders: Who may send what.
        publisher: Makes an event durable on the log.
        door: Makes durable what will not reach the log.
        clock: Gives the time of receipt.
    """

    senders: Sequence[FhirSender]
    publisher: Publisher
    door: Door
    clock: Callable[[], datetime]

    def routes(self) -> list[Route]:
        """The addresses of this door."""
        return [
            Route("/fhir/R4", self.post_bundle, methods=["POST"]),
            Route("/fhir/R4/{type:str}", self.post_resource, methods=["POST"]),
        ]

    async def post_bundle(self, request: Request) -> Response:
        """A Bundle."""
        return await self._answered(request, None, MOST_BUNDLE)

    async def post_resource(self, request: Request) -> Response:
        """One resource, to the address of its type."""
        return await self._answered(request, request.path_params["type"], MOST_BODY)

    async def _answered(self, request: Request, resource_type: str | None, most: int) -> Response:
        received_at = self.clock()
        correlation_id = derived("request", received_at.isoformat(), id(request))
        try:
            sender = sender_of(
                request.headers.get("authorization"), self.senders, received_at.date()
            )
            refuse_other_types(request)
            body = await bounded_body(request, most)
            return await self._taken(body, sender, received_at, resource_type)
        except HubError as error:
            return answer(
                error.http_status, outcome.refusal(error), retry=isinstance(error, Unavailable)
            )
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as defect:  # noqa: BLE001 - only fixed words may leave a public door
            kind = type(defect).__name__
            log.error("defect", error=kind, correlation_id=str(correlation_id))  # noqa: TRY400 - a trace may quote what was read
            return answer(500, outcome.fault(correlation_id))

    async def _taken(
        self, body: bytes, sender: FhirSender, received_at: datetime, resource_type: str | None
    ) -> Response:
        try:
            taken = taken_from(body, sender, received_at, resource_type)
        except Rejected as error:
            await asyncio.to_thread(self.door.keep_refused, refused_from(error, sender, body))
            raise
        for keyed in taken.events:
            await self.publisher.publish(keyed.event, keyed.key)
        return answer(*told(taken))


def told(taken: Taken) -> tuple[int, dict[str, Any]]:
    """Status and body for what was kept."""
    events: tuple[UUID, ...] = tuple(keyed.event.event_id for keyed in taken.events)
    if taken.answered_by_entries:
        return 200, outcome.responses(taken.body, events)
    return 202, outcome.taken(events)


def refused_from(error: Rejected, sender: FhirSender, body: bytes) -> Refused:
    """The dead letter of a body that can never be right."""
    return Refused(
        source=sender.name,
        region=sender.regions[0],
        code=error.code,
        expression=error.expression,
        reason=error.reason,
        defect=False,
        value=body,
    )


def refuse_other_types(request: Request) -> None:
    """JSON only; XML has no place here unless it is switched on.

    Raises:
        WrongType: Anything else.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in JSON_TYPES:
        raise WrongType(f"Send JSON, as {FHIR_JSON}.", code="media-type")


async def bounded_body(request: Request, most: int) -> bytes:
    """The body, read no further than the limit.

    Raises:
        TooLarge: It is larger, by its own word or in fact.
        TooSlow: It did not arrive in time.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > most:
        raise TooLarge(f"The body may be {most} bytes at most.", code="too-large")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise TooLarge(f"The body may be {most} bytes at most.", code="too-large")
    except TimeoutError:
        raise TooSlow("The body did not arrive in time.", code="timeout") from None
    return bytes(body)


def answer(status: int, body: dict[str, Any], *, retry: bool = False) -> Response:
    """A FHIR answer that no cache keeps."""
    headers = {**HEADERS, "Retry-After": AGAIN_SECONDS} if retry else HEADERS
    return Response(orjson.dumps(body), status_code=status, media_type=FHIR_JSON, headers=headers)


def app_of(door: FhirDoor, *others: Route) -> Starlette:
    """The application: the door's routes and those of the shell (health)."""
    return Starlette(routes=[*door.routes(), *others])
