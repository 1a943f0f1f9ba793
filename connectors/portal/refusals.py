"""What a page says instead of itself."""

from hub.errors import Rejected


class NotHere(Rejected):
    """There is nothing at this address, or it is another organisation's: nobody can tell which."""

    issue_code = "not-found"
    http_status = 404


class NotThisForm(Rejected):
    """A form of another session, of another site, or no form at all."""

    issue_code = "forbidden"
    http_status = 403


class TooMuch(Rejected):
    """More than any form of ours holds."""

    issue_code = "too-long"
    http_status = 413


class SignedOut(Rejected):
    """Nobody is signed in, or no longer."""

    issue_code = "login"
    http_status = 401


def not_here() -> NotHere:
    """The one answer for whatever is not there."""
    return NotHere(
        "There is nothing at this address. It may have been withdrawn, or the address may be wrong.",
        code="not-found",
    )
