"""Versions in headers: `ETag: W/"3"` out, `If-Match` and `If-None-Match` in.

Source: FHIR R4, RESTful API, managing resource contention; RFC 9110 section 13.
"""

import re
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from hub.errors import Rejected

ANY: Final = "*"
_TAG: Final = r'(?:W/)?"([\x21\x23-\x7e]*)"'
_TAGS: Final = re.compile(rf"\s*{_TAG}\s*(?:,\s*{_TAG}\s*)*")
_EACH: Final = re.compile(_TAG)


class NoVersion(Rejected):
    """An update that does not say which version it was made from.

    FHIR R4 lets a server insist on `If-Match` by answering 400; R5 names 428, which R4 clients need not know.
    """

    issue_code = "required"
    http_status = 400


class NotCurrent(Rejected):
    """An update made from another version than the one that stands."""

    issue_code = "conflict"
    http_status = 412


def tag_of(version: int) -> str:
    """A version as an entity tag: weak, because the same version may be written in more than one way."""
    return f'W/"{version}"'


def last_modified(moment: datetime) -> str:
    """An aware UTC instant as headers have it, to the second."""
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


def seen_versions(if_match: str | None) -> frozenset[str]:
    """The versions that an update was made from.

    Raises:
        NoVersion: The header is missing, is no list of entity tags, or names no version.
    """
    if if_match is None or _TAGS.fullmatch(if_match) is None:
        raise NoVersion(
            'Say which version you read: send `If-Match: W/"n"`, as the ETag had it.',
            expression="http.if-match",
            code="no-version",
        )
    return frozenset(_EACH.findall(if_match))


def refuse_stale(seen: frozenset[str], version: int) -> None:
    """Let go on only what was made from the version that stands.

    Raises:
        NotCurrent: It was made from another.
    """
    if str(version) not in seen:
        raise NotCurrent(
            "It has changed since you read it. Read it again, and answer what it says now.",
            expression="http.if-match",
            code="not-current",
        )


def is_known(if_none_match: str | None, version: int) -> bool:
    """Whether the reader has this version already. A header that cannot be read says nothing."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == ANY:
        return True
    return str(version) in _EACH.findall(if_none_match)
