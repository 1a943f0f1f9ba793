"""Who has pages, and how long a session lasts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hub.disclosure import HELPERS, ReceiverKind
from hub.keys import Key
from hub.reviewing import Seen


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody of an organisation who answers questions about two records, with keys of their own.

    Attributes:
        staff_id: Who they are to their organisation; kept with every answer.
        lead: Sees how often each reviewer agrees with the known pairs, and with whoever answered the same question.
    """

    staff_id: str
    seen: Seen
    lead: bool = False


REVIEW = "/review"
"""The first page of a reviewer."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation with pages of its own, or one of its reviewers, who has others."""

    ods_code: str
    kind: ReceiverKind
    name: str
    keys: tuple[Key, ...] = ()
    reviewer: Reviewer | None = None

    @property
    def principal(self) -> str:
        """What a session or a link is for: the ODS code, or that and the reviewer's staff id."""
        return (
            self.ods_code if self.reviewer is None else f"{self.ods_code}/{self.reviewer.staff_id}"
        )

    @property
    def home(self) -> str:
        """Its first page."""
        if self.reviewer is not None:
            return REVIEW
        return "/worklist" if self.kind is ReceiverKind.TRUST else "/inbox"


WITH_PAGES = frozenset({ReceiverKind.TRUST, *HELPERS})
"""Kinds of organisation that there are pages for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """From the configuration.

    Attributes:
        organisations: By ODS code; reviewers beside them, by `Organisation.principal`.
        idle: A session that is not used for so long has ended.
        longest: A session ends after so long, used or not.
    """

    organisations: Mapping[str, Organisation]
    idle: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=12)
