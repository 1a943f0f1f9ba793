"""Signing in and out. A link is shown before it is used, so that a mail program that looks at it does not use it up."""

import asyncio

import structlog
from starlette.requests import Request
from starlette.responses import Response

from connectors.portal.desk import Desk, Visit, secret_in, with_cookie, without_cookie
from connectors.portal.keys import digest_of, new_secret
from connectors.portal.posted import typed_in
from connectors.portal.rendering import page, to
from connectors.portal.settings import Organisation
from hub.keys import holder_of
from hub.ports.sessions import Opening

log = structlog.get_logger("portal")

LINK_USED = "This link has been used already, or is too old. Ask your hub's operator for another."
NOT_A_TOKEN = "This is no token that is good here. Check it, or ask your hub's operator."  # noqa: S105 - a sentence
WHY = {
    "ended": "You were signed out, because the page was not used for a while. What you last sent was not saved.",
    "out": "You are signed out.",
}


async def show_sign_in(_: Desk, request: Request) -> Response:
    """Where a token is typed."""
    why = WHY.get(request.query_params.get("why", ""), "")
    return page("sign_in.html", {"why": why, "fault": ""})


async def show_link(_: Desk, request: Request) -> Response:
    """A link with its one button. Nothing is used up by looking."""
    return page("link.html", {"secret": request.path_params["secret"]})


async def use_link(desk: Desk, request: Request) -> Response:
    """The button of a link."""
    typed = await typed_in(request)
    secret, opening = new_opening(desk)
    ods_code = await asyncio.to_thread(
        desk.sessions.redeem, digest_of(typed.get("secret", "")), opening
    )
    organisation = desk.settings.organisations.get(ods_code or "")
    if organisation is None:
        return refused(LINK_USED)
    return await begun(desk, request, organisation, secret)


async def use_token(desk: Desk, request: Request) -> Response:
    """A token that was typed."""
    typed = await typed_in(request)
    secret, opening = new_opening(desk)
    known = desk.settings.organisations.values()
    organisation = holder_of(typed.get("key", ""), known, opening.at.date())
    if organisation is None:
        return refused(NOT_A_TOKEN)
    await asyncio.to_thread(desk.sessions.open, organisation.principal, opening)
    return await begun(desk, request, organisation, secret)


def new_opening(desk: Desk) -> tuple[str, Opening]:
    """A secret for a browser, and the session that it will open."""
    secret, now = new_secret(), desk.clock()
    return secret, Opening(digest_of(secret), now, now + desk.settings.longest)


async def begun(desk: Desk, request: Request, organisation: Organisation, secret: str) -> Response:
    """The session has begun; the one that this browser had before ends."""
    before = secret_in(request)
    if before:
        await asyncio.to_thread(desk.sessions.close, digest_of(before))
    log.info("signed-in", source=organisation.ods_code)
    return with_cookie(to(organisation.home), request, secret)


def refused(fault: str) -> Response:
    """The same form again, with what is wrong."""
    log.info("sign-in-refused")
    return page("sign_in.html", {"why": "", "fault": fault}, 403)


async def go_home(_: Desk, visit: Visit) -> Response:
    """The first page of an organisation."""
    return to(visit.visitor.organisation.home)


async def sign_out(desk: Desk, visit: Visit) -> Response:
    """End the session, here and at every gateway."""
    await asyncio.to_thread(desk.sessions.close, digest_of(visit.visitor.secret))
    return to("/login?why=out")


def signed_out(request: Request) -> Response:
    """Nobody is signed in, or no longer."""
    if secret_in(request):
        return without_cookie(to("/login?why=ended"), request)
    return to("/login")
