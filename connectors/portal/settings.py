"""Who has pages, and how long a session lasts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hub.disclosure import HELPERS, ReceiverKind
from hub.keys import Key


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation with pages of its own."""

    ods_code: str
    kind: ReceiverKind
    name: str
    keys: tuple[Key, ...] = ()

    @property
    def home(self) -> str:
        """Its first page."""
        return "/worklist" if self.kind is ReceiverKind.TRUST else "/inbox"


WITH_PAGES = frozenset({ReceiverKind.TRUST, *HELPERS})
"""Kinds of organisation that there are pages for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """From the configuration.

    Attributes:
        organisations: By ODS code.
        idle: A session that is not used for so long has ended.
        longest: A session ends after so long, used or not.
    """

    organisations: Mapping[str, Organisation]
    idle: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(hours=12)
