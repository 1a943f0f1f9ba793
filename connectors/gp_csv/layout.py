"""What a system's files look like: its headings and words, and which column of the hub each of them is. Pure.

A layout is data (`layouts/*.yaml`, or a file of yours); nothing of a system is written in code.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypeVar

from connectors.gp_csv.extract import COLUMNS
from connectors.gp_csv.mapping.words import EXPIRES_ON, RELATIONSHIPS, STATUSES
from hub.fhir.person import GENDERS

Word = TypeVar("Word")
Dates: TypeAlias = Literal["day-first", "iso"]
Trailer: TypeAlias = Literal["optional", "required"]
Doubled: TypeAlias = Literal["latest", "refuse"]
DATES: Final[tuple[Dates, ...]] = ("day-first", "iso")
TRAILERS: Final[tuple[Trailer, ...]] = ("optional", "required")
DOUBLED: Final[tuple[Doubled, ...]] = ("latest", "refuse")
"""The first of each counts where a layout says nothing."""

ACTION: Final = "action"
PRACTICE: Final = "practice_ods"
READ_BESIDE: Final = (ACTION, EXPIRES_ON, PRACTICE)
"""Columns that say something of the row, not of the people: what became of it, until when it holds, whose it is."""

DELETE: Final = "delete"
ACTIONS: Final = frozenset({"add", "change", DELETE})
KNOWN_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "status": frozenset(STATUSES),
    "carer_sex": GENDERS,
    "relationship": frozenset(RELATIONSHIPS),
    ACTION: ACTIONS,
}
"""Column -> words that the hub understands in it. Others are mapped to these by `words` of a layout."""

ANY_OTHER: Final = "*"
"""In the words of a column: whatever else is written there."""

FALLBACK_KEY: Final = ("carer_family", "carer_given", "carer_birth_date")
"""Names an entry whose own key is empty, such as somebody without an NHS number."""

_MARKS: Final = re.compile(r"[^\w#]|_")
"""What is neither letter nor digit; # marks the last row of a file."""
_KEYS: Final = frozenset(
    {"describes", "key", "columns", "required", "defaults", "words", "dates", "trailer", "doubled"}
)


class BadLayout(ValueError):
    """A layout that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to read the files of one kind of system.

    Attributes:
        describes: What it is for, in a sentence.
        key: Columns that together name an entry, for ever.
        headings: Folded heading -> column.
        required: Columns that a file must have.
        defaults: Column -> what it says where the file says nothing.
        words: Column -> folded word as written, or `ANY_OTHER` -> word of the hub.
        dates: `day-first` reads 21/07/1969 too; a month never comes first.
        trailer: Whether a last row that counts the rows must be there.
        doubled: Two rows of one entry refuse the file, or the latest of them counts.
    """

    describes: str
    key: tuple[str, ...]
    headings: Mapping[str, str]
    required: tuple[str, ...]
    defaults: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dates: Dates = "day-first"
    trailer: Trailer = "optional"
    doubled: Doubled = "latest"


def folded(text: str) -> str:
    """A heading or word without case, blanks and marks: `NHS_Number` and `nhs number` are one."""
    return _MARKS.sub("", text.casefold())


def layout_from(value: object) -> Layout:
    """A layout from plain values, as YAML gives them.

    Raises:
        BadLayout: Something is unknown, missing or said twice.
    """
    if not isinstance(value, dict):
        raise BadLayout("a layout is a mapping; see connectors/gp_csv/README.md")
    refuse_unknown("key", value, _KEYS)
    columns = _mapping(value, "columns")
    refuse_unknown("column", columns, {*COLUMNS, *READ_BESIDE})
    key = tuple(_texts(value.get("key"), "key"))
    headings = headings_from({column: _texts(columns[column], column) for column in columns})
    known = {*headings.values()}
    refuse_unknown("part of the key", key, known)
    required = tuple(_texts(value.get("required", list(key)), "required"))
    refuse_unknown("required column", required, known)
    defaults = _mapping(value, "defaults")
    refuse_unknown("default", defaults, COLUMNS)
    words = {column: _words(column, said) for column, said in _mapping(value, "words").items()}
    return Layout(
        describes=str(value.get("describes", "")),
        key=key,
        headings=headings,
        required=required,
        defaults={column: str(said) for column, said in defaults.items()},
        words={column: words.get(column, _words(column, {})) for column in KNOWN_WORDS},
        dates=_one_of(value, "dates", DATES),
        trailer=_one_of(value, "trailer", TRAILERS),
        doubled=_one_of(value, "doubled", DOUBLED),
    )


def headings_from(columns: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Folded heading -> column; the column's own name is always one of its headings.

    Raises:
        BadLayout: A heading means two columns.
    """
    found: dict[str, str] = {}
    for column, written in columns.items():
        for heading in (column, *written):
            if found.setdefault(folded(heading), column) != column:
                raise BadLayout(f"the heading {heading!r} stands for two columns")
    return found


def refuse_unknown(what: str, said: Iterable[str], known: Iterable[str]) -> None:
    """Refuse words that mean nothing.

    Raises:
        BadLayout: With the first of them.
    """
    for each in said:
        if each not in known:
            raise BadLayout(f"{each!r} is no {what} that can be used here")


def _words(column: str, said: object) -> dict[str, str]:
    known = KNOWN_WORDS.get(column)
    if known is None or not isinstance(said, dict):
        raise BadLayout(f"words.{column} maps what a file says to words of the hub")
    refuse_unknown(f"word of {column}", map(str, said.values()), known)
    own = {folded(word): word for word in known}
    return own | {
        ANY_OTHER if written == ANY_OTHER else folded(str(written)): str(word)
        for written, word in said.items()
    }


def _mapping(value: Mapping[str, object], key: str) -> Mapping[str, object]:
    said = value.get(key, {})
    if not isinstance(said, dict):
        raise BadLayout(f"{key} is a mapping")
    return said


def _texts(value: object, key: str) -> Sequence[str]:
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return value
    raise BadLayout(f"{key} is a list of texts")


def _one_of(value: Mapping[str, object], key: str, words: tuple[Word, ...]) -> Word:
    """What is said, or the first of the words when nothing is."""
    said = value.get(key, words[0])
    for word in words:
        if word == said:
            return word
    raise BadLayout(f"{key} is one of: {', '.join(map(str, words))}")
