"""The review queue for programs: JSON over HTTP, with a reviewer's own token."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

import orjson
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from connectors.portal.desk import Desk
from connectors.portal.rendering import SAFE
from connectors.portal.review_desk import MOST_SHOWN, Sent, answer, question, reviewer_of
from connectors.portal.settings import Organisation
from hub.asking import bearer_of, beside, bounded_body
from hub.errors import HubError, Rejected, Unavailable
from hub.projection import Json
from hub.reviewing import ReviewRow, seen_version

log = structlog.get_logger("portal")

MOST_BYTES: Final = 4_096
"""Of an answer."""
ETAG: Final = re.compile(r'(?:W/)?"([1-9][0-9]{0,8})"')
DEFECT: Final = "A fault of the hub. Try again later."

Body: TypeAlias = Mapping[str, object]
Served: TypeAlias = Callable[[Desk, Organisation, Request], Awaitable[Response]]


class VersionNeeded(Rejected):
    """An answer says which version of the question it is of."""

    issue_code = "required"
    http_status = 428


def served(desk: Desk, serve: Served) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for whoever shows a reviewer's token; only fixed words leave when it fails."""

    async def endpoint(request: Request) -> Response:
        try:
            return await serve(desk, reviewer_asking(desk, request), request)
        except HubError as error:
            return refused(error)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as defect:  # noqa: BLE001 - only fixed words may leave a public door
            kind = type(defect).__name__
            log.error("defect", error=kind)  # noqa: TRY400 - a trace may quote what was read
            return json({"code": "exception", "reason": DEFECT}, 500)

    return endpoint


def reviewer_asking(desk: Desk, request: Request) -> Organisation:
    """Whose token the request shows.

    Raises:
        NotKnown: It is no reviewer's.
    """
    reviewers = [each for each in desk.settings.organisations.values() if each.reviewer is not None]
    return bearer_of(request.headers.get("authorization"), reviewers, desk.clock().date())


async def list_items(desk: Desk, organisation: Organisation, _: Request) -> Response:
    """Open questions, the most urgent first, with how many there are and since when the oldest waits."""
    seen = reviewer_of(organisation).seen
    size = await asyncio.to_thread(desk.queue.size, seen)
    rows = await asyncio.to_thread(desk.queue.waiting, seen, MOST_SHOWN)
    return json(
        {
            "open": size.number,
            "oldest_at": size.oldest_at,
            "items": [in_short(each) for each in rows],
        }
    )


async def one_item(desk: Desk, organisation: Organisation, request: Request) -> Response:
    """One question with both records side by side, as far as they are compared."""
    row = await question(desk, organisation, request.path_params["id"])
    body = {**in_short(row), "fields": row.fields, "score": row.score}
    return json(body, 200, {"ETag": f'W/"{seen_version(row)}"'})


async def take_answer(desk: Desk, organisation: Organisation, request: Request) -> Response:
    """An answer: durable before it is accepted. The same with the same nonce is one answer."""
    row = await question(desk, organisation, request.path_params["id"])
    body = object_in(await bounded_body(request, MOST_BYTES))
    sent = Sent(
        told=text_in(body, "answer"),
        nonce=text_in(body, "nonce"),
        version=version_in(body, request.headers.get("if-match")),
        why=text_in(body, "why"),
    )
    decision = await answer(desk, organisation, row, sent, desk.clock())
    return json(
        {"item_id": row.item_id, "answer": sent.told, "event_id": decision.event_id, "taken": True},
        202,
    )


def in_short(row: ReviewRow) -> dict[str, object]:
    """A question without what the two records say."""
    return {
        "item_id": row.item_id,
        "version": seen_version(row),
        "records": [row.left_record, row.right_record],
        "reasons": row.reasons,
        "in_hospital": row.in_hospital,
        "alone": row.alone,
        "restricted": row.restricted,
        "settled": row.settled,
        "answer": row.answer,
        "answers": row.answers,
        "needs": row.needs,
        "disagreed": row.disagreed,
        "asked_at": row.asked_at,
    }


def object_in(body: bytes) -> Body:
    """The object that was sent.

    Raises:
        Rejected: It is no JSON object.
    """
    try:
        found: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, Mapping):
        raise Rejected("Send a JSON object.", code="no-object")
    return found


def text_in(body: Body, name: str) -> str:
    """A text of the object; empty when it is none."""
    found = body.get(name, "")
    return found if isinstance(found, str) else ""


def version_in(body: Body, if_match: str | None) -> int:
    """The version that was answered, by `If-Match` or `version`.

    Raises:
        VersionNeeded: Neither says one.
    """
    match = ETAG.fullmatch(if_match.strip()) if if_match else None
    version = int(match[1]) if match else body.get("version")
    if isinstance(version, bool) or not isinstance(version, int):
        raise VersionNeeded(
            "Say which version you answer, by `If-Match` or `version`.", code="no-version"
        )
    return version


def refused(error: HubError) -> Response:
    """What is wrong, in fixed words."""
    match error:
        case Rejected():
            body: dict[str, Json] = {"code": error.code, "reason": error.reason}
            return json(body, error.http_status, beside(error))
        case Unavailable():
            log.warning("queue-not-shown", why=error.reason)
        case _:
            log.error("defect", error=type(error).__name__)
    return json({"code": "transient", "reason": "Try again in a minute."}, 503, beside(error))


def json(body: object, status: int = 200, more: Mapping[str, str] | None = None) -> Response:
    """An answer that no cache keeps."""
    return Response(
        orjson.dumps(body),
        status_code=status,
        media_type="application/json",
        headers={**SAFE, **(more or {})},
    )
