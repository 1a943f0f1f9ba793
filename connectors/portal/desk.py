"""What every page needs: the ports, who is visiting, and what was asked."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from connectors.portal.form import Typed
from connectors.portal.keys import digest_of, form_token, is_form_token
from connectors.portal.posted import typed_in
from connectors.portal.refusals import NotThisForm, SignedOut, not_here
from connectors.portal.seeded_queue import SeededQueue
from connectors.portal.settings import Organisation, PageSettings
from hub.disclosure import ReceiverKind
from hub.ports.ledger import Ledger
from hub.ports.pages import ReferralInbox, Worklist
from hub.ports.publisher import Publisher
from hub.ports.sessions import Sessions

COOKIE: Final = "carers-hub"
LOCKED_COOKIE: Final = "__Host-carers-hub"
"""Over TLS: a browser takes this name only with Secure, for this host alone."""


@dataclass(frozen=True)
class Desk:
    """The ports of the pages.

    Attributes:
        settings: Who has pages.
        clock: The time of looking.
    """

    settings: PageSettings
    sessions: Sessions
    worklist: Worklist
    inbox: ReferralInbox
    queue: SeededQueue
    ledger: Ledger
    publisher: Publisher
    clock: Callable[[], datetime]

    async def visit(self, request: Request) -> "Visit":
        """Who asks for what, and a form's fields.

        Raises:
            SignedOut: Nobody is signed in, or no longer.
            NotThisForm: A form of another session.
        """
        now = self.clock()
        visitor = await self._visitor(request, now)
        typed = await typed_in(request) if request.method == "POST" else {}
        if request.method == "POST" and not is_form_token(typed.get("token", ""), visitor.secret):
            raise NotThisForm(
                "This form is of an earlier session. Open the page again, and send it then.",
                code="other-session",
            )
        return Visit(visitor, now, request.query_params, request.path_params, typed)

    async def _visitor(self, request: Request, now: datetime) -> "Visitor":
        secret = secret_in(request)
        session = (
            await asyncio.to_thread(
                self.sessions.resume, digest_of(secret), now, self.settings.idle
            )
            if secret
            else None
        )
        organisation = (
            self.settings.organisations.get(session.ods_code) if session is not None else None
        )
        if session is None or organisation is None:
            raise SignedOut("Sign in.", code="login")
        return Visitor(organisation, session.staff_id, secret)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in.

    Attributes:
        staff_id: Empty until they have said it.
    """

    organisation: Organisation
    staff_id: str
    secret: str = field(repr=False)

    @property
    def token(self) -> str:
        """Of every form of this session."""
        return form_token(self.secret)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a visitor.

    Attributes:
        now: The time of it.
        query: What stands after `?`.
        path: What the address names.
        typed: A form's fields; empty when none was sent.
    """

    visitor: Visitor
    now: datetime
    query: Mapping[str, str]
    path: Mapping[str, str]
    typed: Typed

    @property
    def ods_code(self) -> str:
        """The organisation that is visiting."""
        return self.visitor.organisation.ods_code

    def for_trusts(self) -> None:
        """Only trusts have this page.

        Raises:
            NotHere: It is another kind of organisation.
        """
        own = self.visitor.organisation
        if own.kind is not ReceiverKind.TRUST or own.reviewer is not None:
            raise not_here()

    def for_services(self) -> None:
        """Only those that carers are handed to have this page.

        Raises:
            NotHere: It is another kind of organisation.
        """
        own = self.visitor.organisation
        if own.kind is ReceiverKind.TRUST or own.reviewer is not None:
            raise not_here()


Page: TypeAlias = Callable[[Desk, Visit], Awaitable[Response]]
"""A page for somebody who is signed in."""


def secret_in(request: Request) -> str:
    """What the browser shows; empty when it shows nothing."""
    return request.cookies.get(cookie_name(request), "")


def with_cookie(response: Response, request: Request, secret: str) -> Response:
    """The answer that begins a session; the cookie goes when the browser is closed."""
    response.set_cookie(
        cookie_name(request),
        secret,
        path="/",
        httponly=True,
        samesite="strict",
        secure=is_locked(request),
    )
    return response


def without_cookie(response: Response, request: Request) -> Response:
    """The answer that ends a session."""
    response.delete_cookie(
        cookie_name(request),
        path="/",
        httponly=True,
        samesite="strict",
        secure=is_locked(request),
    )
    return response


def cookie_name(request: Request) -> str:
    """By the way that the request came."""
    return LOCKED_COOKIE if is_locked(request) else COOKIE


def is_locked(request: Request) -> bool:
    """Whether it came over TLS."""
    return request.url.scheme == "https"
