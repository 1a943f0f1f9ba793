"""One cell as people and spreadsheets write it, as the hub reads it. Pure; no reason holds a value."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from connectors.gp_csv.layout import Dates

_PROTECTED: Final = re.compile(r'="(.*)"|\'(.*)', re.DOTALL)
"""`="0116 ..."`, or an apostrophe before it: how spreadsheets are told to leave digits alone."""
_SCIENTIFIC: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}", re.ASCII)
_TIME: Final = re.compile(
    r"[T ][0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?:Z|[+-][0-9:]{4,6})?$", re.ASCII
)
_ISO: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}", re.ASCII)
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})", re.ASCII)
_WITH_WORD: Final = re.compile(
    r"(?:([0-9]{1,2})(?:st|nd|rd|th)?[ /.-]*)?([A-Za-z]{3,9})[ /.,-]+([0-9]{4})", re.ASCII
)
_MONTHS: Final = {
    name[:length]: number
    for number, name in enumerate(
        (
            *("january", "february", "march", "april", "may", "june", "july"),
            *("august", "september", "october", "november", "december"),
        ),
        start=1,
    )
    for length in (3, len(name))
} | {"sept": 9}
_BETWEEN: Final = str.maketrans("", "", " -\u00a0")


class Spoilt(ValueError):
    """A cell that cannot be what was meant; the text says why, without the value."""


def plain(text: str) -> str:
    """A text on one line, with single blanks, out of the wrapping that spreadsheets need."""
    line = " ".join(text.split())
    if line[:1] in ("=", "'") and (wrapped := _PROTECTED.fullmatch(line)):
        return (wrapped[1] if wrapped[1] is not None else wrapped[2]).strip()
    return line


def digits(text: str) -> str:
    """An NHS number or a telephone number.

    Raises:
        Spoilt: A spreadsheet made it into 9.99E+09: the digits are lost.
    """
    if _SCIENTIFIC.fullmatch(text):
        raise Spoilt(
            "A spreadsheet rounded this number; export it as text, and do not open it before."
        )
    return text


def nhs_number(text: str) -> str:
    """An NHS number in one piece; whether it can be right is looked at later.

    Raises:
        Spoilt: A spreadsheet rounded it.
    """
    return digits(text).translate(_BETWEEN)


@lru_cache(maxsize=65_536)
def iso_date(text: str, dates: Dates) -> str:
    """A date as 1969-07-21, or as much of it as is said; days come before months, and years have four digits.

    Raises:
        Spoilt: It is no date that can be read in one way only.
    """
    day = _TIME.sub("", text)
    if _ISO.fullmatch(day):
        return real(day)
    if compact := _COMPACT.fullmatch(day):
        return real("-".join(compact.groups()))
    if dates == "day-first":
        if numbers := _DAY_FIRST.fullmatch(day):
            return real(f"{numbers[3]}-{int(numbers[2]):02}-{int(numbers[1]):02}")
        if (words := _WITH_WORD.fullmatch(day)) and (month := _MONTHS.get(words[2].lower())):
            said = f"{words[3]}-{month:02}"
            return real(f"{said}-{int(words[1]):02}" if words[1] else said)
    raise Spoilt(
        "Expected a date such as 1969-07-21"
        + (" or 21/07/1969, the year in full." if dates == "day-first" else ".")
    )


def real(text: str) -> str:
    """The date, if the calendar has it.

    Raises:
        Spoilt: It has not.
    """
    try:
        date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        raise Spoilt("The calendar has no such day; days come before months.") from None
    return text
