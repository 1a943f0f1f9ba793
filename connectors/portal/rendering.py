"""Templates to answers: what a template is given is escaped, and no cache keeps a page."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SAFE: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of every answer."""

KEPT_SECONDS: Final = 86_400
"""How long a browser keeps the style sheet, whose address changes with it."""


@cache
def style_sheet() -> bytes:
    """The style sheet."""
    return files("connectors.portal").joinpath("style.css").read_bytes()


@cache
def templates() -> Environment:
    """The templates; a name that a page was not given is a defect, never a gap."""
    found = Environment(
        loader=PackageLoader("connectors.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["style"] = f"/style-{hashlib.sha256(style_sheet()).hexdigest()[:12]}.css"
    return found


def page(
    template: str,
    shown: Mapping[str, object],
    status: int = 200,
    more: Mapping[str, str] | None = None,
) -> Response:
    """A page, of what it is shown."""
    text = templates().get_template(template).render({"visitor": None, **shown})
    return HTMLResponse(text, status_code=status, headers={**SAFE, **(more or {})})


def notice(
    title: str, text: str, status: int = 200, more: Mapping[str, str] | None = None
) -> Response:
    """A page that says one thing, the same to everybody."""
    return page("notice.html", {"title": title, "text": text}, status, more)


def to(address: str) -> Response:
    """Go on to another page of ours."""
    return RedirectResponse(address, status_code=303, headers=SAFE)


def style() -> Response:
    """The style sheet."""
    headers = {**SAFE, "Cache-Control": f"public, max-age={KEPT_SECONDS}"}
    return Response(style_sheet(), media_type="text/css", headers=headers)
