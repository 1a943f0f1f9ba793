"""Who may open the pages."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in to the pages.

    Attributes:
        ods_code: The organisation that they act for.
        staff_id: How they say who they are; empty until they have said it.
    """

    ods_code: str
    staff_id: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A session that begins.

    Attributes:
        secret_sha256: SHA-256 of what the browser shows from now on; the secret itself is kept nowhere.
        at: Now; aware.
        ends_at: After which it is over, used or not; aware.
    """

    secret_sha256: str = field(repr=False)
    at: datetime
    ends_at: datetime


class Sessions(Protocol):
    """Who may open the pages, the same at every gateway. Blocks; raises `Unavailable`."""

    def offer(self, secret_sha256: str, ods_code: str, until: datetime) -> None:
        """Keep a link that opens one session for an organisation, until then."""
        ...

    def redeem(self, secret_sha256: str, opening: Opening) -> str | None:
        """Use up a link and open a session; the organisation, or None when it is used, too old or none of ours."""
        ...

    def open(self, ods_code: str, opening: Opening) -> None:
        """Open a session for an organisation that has proved who it is."""
        ...

    def resume(self, secret_sha256: str, at: datetime, idle: timedelta) -> Session | None:
        """A session that is used again; None when it has ended, or was not used for as long as `idle`."""
        ...

    def say_who(self, secret_sha256: str, staff_id: str) -> None:
        """Keep the staff id for the rest of the session."""
        ...

    def close(self, secret_sha256: str) -> None:
        """End a session."""
        ...
