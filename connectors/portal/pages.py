"""The addresses of the pages, and what is said when one cannot be shown. Mounted by the gateway."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.portal import (
    alert_pages,
    inbox_pages,
    rendering,
    review_api,
    review_pages,
    sign_in,
    worklist_pages,
)
from connectors.portal.answering import AGAIN
from connectors.portal.desk import Desk, Page
from connectors.portal.refusals import SignedOut, not_here
from hub.errors import Rejected, Unavailable

log = structlog.get_logger("portal")

Open: TypeAlias = Callable[[Desk, Request], Awaitable[Response]]
"""A page for anybody."""
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

FOR_ANYBODY: Final[tuple[tuple[str, str, Open], ...]] = (
    ("GET", "/login", sign_in.show_sign_in),
    ("POST", "/login", sign_in.use_token),
    ("POST", "/login/link", sign_in.use_link),
    ("GET", "/login/{secret}", sign_in.show_link),
)
FOR_VISITORS: Final[tuple[tuple[str, str, Page], ...]] = (
    ("GET", "/", sign_in.go_home),
    ("POST", "/logout", sign_in.sign_out),
    ("GET", "/worklist", worklist_pages.show_worklist),
    ("GET", "/alert/{id}", alert_pages.show_alert),
    ("POST", "/alert/{id}", alert_pages.record_contact),
    ("POST", "/alert/{id}/step", alert_pages.take_step),
    ("GET", "/inbox", inbox_pages.show_inbox),
    ("GET", "/referral/{id}", inbox_pages.show_referral),
    ("POST", "/referral/{id}", inbox_pages.record_answer),
    ("GET", "/review", review_pages.show_queue),
    ("GET", "/review/{id}", review_pages.show_question),
    ("POST", "/review/{id}", review_pages.record_answer),
)
FOR_PROGRAMS: Final[tuple[tuple[str, str, review_api.Served], ...]] = (
    ("GET", "/review/items", review_api.list_items),
    ("GET", "/review/items/{id}", review_api.one_item),
    ("POST", "/review/items/{id}", review_api.take_answer),
)
TITLES: Final = {
    403: "The hub cannot take this form",
    404: "Page not found",
    413: "The hub cannot take this form",
}
AWAY: Final = "The hub cannot look this up now. Try again in a minute."
AWAY_FROM_A_FORM: Final = (
    "Not saved. Go back in your browser, and try again in a minute: what you typed is still there."
)
DEFECT: Final = "A fault of the hub. Try again later, and tell your hub's operator when it was."


def pages_of(desk: Desk) -> Starlette:
    """The application: every page, and nothing else."""

    def anybody(shown: Open) -> Endpoint:
        return guarded(lambda request: shown(desk, request))

    def visitor(shown: Page) -> Endpoint:
        async def visited(request: Request) -> Response:
            return await shown(desk, await desk.visit(request))

        return guarded(visited)

    async def style(_: Request) -> Response:
        return rendering.style()

    app = Starlette(
        routes=[
            Route("/style-{version}.css", style, methods=["GET"]),
            *(
                Route(path, review_api.served(desk, serve), methods=[how])
                for how, path, serve in FOR_PROGRAMS
            ),
            *(Route(path, anybody(shown), methods=[how]) for how, path, shown in FOR_ANYBODY),
            *(Route(path, visitor(shown), methods=[how]) for how, path, shown in FOR_VISITORS),
        ],
        exception_handlers={404: no_page, 405: no_page},
    )
    app.router.redirect_slashes = False
    return app


async def no_page(_: Request, __: Exception) -> Response:
    """An address without a page looks like one whose page is another's."""
    return refusal(not_here())


def guarded(shown: Endpoint) -> Endpoint:
    """A page, or what is said in its place. Only fixed words leave."""

    async def answered(request: Request) -> Response:
        try:
            return await shown(request)
        except SignedOut:
            return sign_in.signed_out(request)
        except Rejected as error:
            return refusal(error)
        except Unavailable as error:
            log.warning("page-not-shown", why=error.reason)
            text = AWAY_FROM_A_FORM if request.method == "POST" else AWAY
            return rendering.notice("The hub is not ready", text, 503, AGAIN)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as defect:  # noqa: BLE001 - only fixed words may leave a public door
            kind = type(defect).__name__
            log.error("defect", error=kind)  # noqa: TRY400 - a trace may quote what was read
            return rendering.notice("Something went wrong", DEFECT, 500)

    return answered


def refusal(error: Rejected) -> Response:
    """A page that cannot be shown."""
    title = TITLES.get(error.http_status, "The hub cannot take this form")
    return rendering.notice(title, error.reason, error.http_status)
