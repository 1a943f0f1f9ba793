"""The numbers of many records at once: every value that differs is turned into numbers once, then all are put together.

It says what `Numbering.of` says of each record, many times quicker.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import numpy as np

from hub.matching.index.glance import BYTE
from hub.matching.index.loops import Keys
from hub.matching.index.numbers import (
    SEXES,
    SOUND_BITS,
    TEXT_MASK,
    TWICE,
    UNSURE_ABOVE,
    Numbering,
    Numbers,
    address_numbers,
    family_numbers,
    middle_numbers,
    postcode_numbers,
    text_number,
)
from hub.matching.normal.record import Compared

Value = TypeVar("Value", bound=Hashable)


def numbers_of_many(numbering: Numbering, records: Sequence[Compared]) -> Keys:
    """For each of `COLUMNS` the numbers of all records (at least one), for the first name and home of each."""
    (
        given, middle, family, born, sex, postcode, address, mobile, landline, email, nhs, _, more,
    ) = zip(*records, strict=True)  # fmt: skip
    text, initial, given_sound, letters, above, groups, begin = _each(
        numbering.given_numbers, given
    )
    family_text, family_sound, family_letters, family_above, family_begin = _each(
        family_numbers, family
    )
    known = (given_sound != 0) & (family_sound != 0)
    first, second = np.minimum(given_sound, family_sound), np.maximum(given_sound, family_sound)
    pair = first << np.uint64(SOUND_BITS) | second
    whole = np.maximum(text * np.uint64(TWICE) + family_text & np.uint64(TEXT_MASK), 1)
    middle_text, *middle_letters = _each(middle_numbers, middle)
    is_several = _plain([each is not None for each in more])
    unsure = is_several * np.uint64(UNSURE_ABOVE)
    ones = np.ones(len(records), dtype=np.uint64)
    return np.vstack(
        (
            text, initial, family_text, family_sound, pair * known, whole * known, middle_text,
            *_births(_plain(born)),
            _each(postcode_numbers, postcode),
            _each(address_numbers, address),
            _plain(mobile), _plain(landline), _plain(list(map(text_number, email))), _plain(nhs),
            _each(SEXES.__getitem__, sex),
            is_several, ones * 0, ones,
            letters, above | unsure, family_letters, family_above | unsure,
            *middle_letters, groups, begin | family_begin << np.uint64(BYTE),
        )
    )  # fmt: skip


def _each(numbers: Callable[[Value], Numbers], values: Sequence[Value]) -> Keys:
    """The numbers of each value, made once for all that are equal."""
    each_once = dict.fromkeys(values)
    places = {value: place for place, value in enumerate(each_once)}
    found = np.fromiter(map(places.__getitem__, values), np.intp, len(values))
    return np.array([numbers(value) for value in each_once], dtype=np.uint64).T.take(found, axis=1)


def _births(born: Keys) -> list[Keys]:
    """`birth_numbers` of many."""
    year, rest = np.divmod(born, 10_000)
    month, day = np.divmod(rest, 100)
    whole = (day != 0) * np.uint64(1)
    tens, ones = np.divmod(month, 10)
    decade, last = np.divmod(year, 10)
    day_slipped = tens * 1000 + day // 10 * 100 + ones * 10 + day % 10
    month_slipped = (decade * 10 + tens) * 100 + last * 10 + ones
    parts = (rest, year * 100 + month, day * 100 + month, day_slipped, month_slipped)
    known = [each * whole for each in (month, day, *parts)]
    return [born * whole, year, *known, whole]


def _plain(values: Sequence[int]) -> Keys:
    return np.array(values, dtype=np.uint64)
