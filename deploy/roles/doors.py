"""One HTTP listener, two doors: FHIR, national notices and health speak to programs, everything else is a page."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

FOR_PROGRAMS: Final = ("/fhir", "/cloudevents", "/health", "/metrics")


def doors(programs: ASGIApp, pages: ASGIApp) -> ASGIApp:
    """Both behind one listener; each answers what it does not have in its own words."""

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        chosen = programs if is_for_programs(scope) else pages
        await chosen(scope, receive, send)

    return door


def found_by_tls(app: ASGIApp) -> ASGIApp:
    """Every request as one over TLS: people and programs come by https, and whatever stands before the hub ends it.

    So cookies are locked and links begin with https, whatever a proxy says or leaves out.
    """

    async def locked(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "scheme": "https"} if scope["type"] == "http" else scope, receive, send)

    return locked


def is_for_programs(scope: Scope) -> bool:
    """Whether a program asks."""
    path = str(scope.get("path", ""))
    return any(path == each or path.startswith(f"{each}/") for each in FOR_PROGRAMS)
