"""A record in whole numbers, from which its keys and its outline are made.

Texts are the beginning of a BLAKE2b hash. Everything depends on the record alone, not on the process, so two machines
find the same candidates. What is not known is 0.
"""

import hashlib
from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import product, zip_longest
from typing import Final, TypeAlias
from zlib import crc32

import numpy as np

from hub.matching.index.glance import BYTE, UNSURE
from hub.matching.index.letters import HALF, first_of, groups_of, halves, letters_of
from hub.matching.index.loops import Keys
from hub.matching.normal.dates import is_whole
from hub.matching.normal.names import NO_NAME, ComparedName, sound
from hub.matching.normal.places import is_uk, outcode
from hub.matching.normal.record import NO_HOME, Compared, ComparedHome, homes_of, names_of
from hub.matching.normal.tables import NameTables

Numbers: TypeAlias = tuple[int, ...]
"""One number for each of `COLUMNS`."""

COLUMNS: Final = (
    "given", "initial", "family", "family sound", "pair", "whole name", "middle",
    "day", "year", "month", "day of month", "month and day", "year and month", "day and month",
    "day slipped", "month slipped", "is whole",
    "postcode", "outcode", "unit", "is uk", "address", "house", "is address",
    "mobile", "landline", "email", "nhs", "sex", "other sex", "is several", "nothing", "yes",
    "given letters", "given letters above", "family letters", "family letters above",
    "middle letters", "middle letters above", "groups", "begin",
)  # fmt: skip
"""`initial`: of the name that stands for the given name's variants. `pair`: how given and family name sound, in no
order. `day`: the whole date of birth. `unit`: the end of a postcode. Letters (`letters`) are 32 bits, of which
those above 16 stand apart. `begin`: the first letters of given and family name.
The slipped ones and `other sex` are what another record would say if that is how the two differ."""
PLACE_OF: Final = {name: place for place, name in enumerate(COLUMNS)}
INITIAL, FAMILY_SOUND, POSTCODE, ADDRESS = map(
    PLACE_OF.__getitem__, ("initial", "family sound", "postcode", "address")
)

TEXT_BYTES: Final = 5
TEXT_BITS: Final = 8 * TEXT_BYTES
TEXT_MASK: Final = (1 << TEXT_BITS) - 1
SOUND_BITS: Final = 14
INITIAL_MASK: Final = 0x3FFF
SHORT_TEXT_BITS: Final = 30
TWICE: Final = 3
"""A given name counts so often in the number of a whole name, that it is another when the two are swapped."""
MOST_KEPT: Final = 16_384
"""Names and outward codes whose numbers are remembered. Nearly every query has another day, postcode and address: to
remember and forget one costs more than its number."""
UNSURE_ABOVE: Final = UNSURE >> HALF
"""Beside another whole name the letters of the first one do not say enough."""
SEXES: Final = {"": (0, 3), "m": (1, 2), "f": (2, 1)}
"""The number of each, and of the other."""


def text_number(text: str) -> int:
    """A text as 40 bits; 0 for an empty one."""
    if not text:
        return 0
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=TEXT_BYTES).digest(), "big")


@lru_cache(maxsize=MOST_KEPT)
def middle_numbers(middle: str) -> tuple[int, int, int]:
    """Middle names as 40 bits, 0 for none; and their letters."""
    return (text_number(middle), *halves(letters_of(middle)))


@lru_cache(maxsize=MOST_KEPT)
def sound_number(name: str) -> int:
    """How a name sounds, as 14 bits; 0 for an empty one."""
    code = sound(name)
    if not code:
        return 0
    number = ord(code[0]) - ord("a") + 1
    for digit in code[1:]:
        number = number << 3 | int(digit)
    return number


class Numbering:
    """Turns records into numbers by one set of name tables. What it remembers changes no number."""

    def __init__(self, tables: NameTables) -> None:
        self.given_numbers: Callable[[str], Numbers] = lru_cache(MOST_KEPT)(
            partial(given_numbers, tables)
        )

    def of(self, record: Compared) -> Numbers:
        """The numbers of the first name and home of a record."""
        (
            given, middle, family, born, sex, postcode, address, mobile, landline, email, nhs, _, more,
        ) = record  # fmt: skip
        text, initial, given_sound, letters, above, groups, begin = self.given_numbers(given)
        family_text, family_sound, family_letters, family_above, family_begin = family_numbers(
            family
        )
        middle_text, middle_letters, middle_above = middle_numbers(middle)
        unsure = 0 if more is None else UNSURE_ABOVE
        pair = whole = 0
        if given_sound and family_sound:
            whole = (text * TWICE + family_text & TEXT_MASK) or 1
            pair = (
                given_sound << SOUND_BITS | family_sound
                if given_sound <= family_sound
                else family_sound << SOUND_BITS | given_sound
            )
        return (
            text, initial, family_text, family_sound, pair, whole, middle_text,
            *birth_numbers(born), *postcode_numbers(postcode), *address_numbers(address),
            mobile, landline, text_number(email), nhs, *SEXES[sex], more is not None, 0, 1,
            letters, above | unsure, family_letters, family_above | unsure,
            middle_letters, middle_above, groups, begin | family_begin << BYTE,
        )  # fmt: skip

    def line_of(self, record: Compared) -> Keys:
        """The same as an array."""
        return np.frombuffer(array("Q", self.of(record)), dtype=np.uint64)

    def home_line_of(self, record: Compared) -> Keys:
        """Of these alone what the keys of a home are made of."""
        line = np.zeros(len(COLUMNS), dtype=np.uint64)
        line[INITIAL] = self.given_numbers(record.given)[1]
        line[FAMILY_SOUND] = family_numbers(record.family)[1]
        line[POSTCODE] = text_number(record.postcode)
        line[ADDRESS] = text_number(record.address)
        return line

    def all_of(self, record: Compared) -> Iterator[Numbers]:
        """The numbers of each name at each home, and of further telephones and addresses."""
        more = record.more
        if more is None:
            yield self.of(record)
            return
        names, homes = names_of(record) or (NO_NAME,), homes_of(record) or (NO_HOME,)
        for name, home in product(names, homes):
            yield self.of(_with(record, name, home))
        nobody = record._replace(given="", middle="", family="", born=0, postcode="", address="")
        for mobile, landline, email in zip_longest(more.mobiles, more.landlines, more.emails):
            yield self.of(
                nobody._replace(mobile=mobile or 0, landline=landline or 0, email=email or "")
            )


def _with(record: Compared, name: ComparedName, home: ComparedHome) -> Compared:
    return record._replace(
        given=name.given,
        middle=name.middle,
        family=name.family,
        postcode=home.postcode,
        address=home.address,
    )


def given_numbers(tables: NameTables, given: str) -> Numbers:
    """A given name, initial and sound of the name that stands for its variants, its letters, groups, first."""
    head = tables.head(given)
    initial = ord(head[0]) & INITIAL_MASK if head else 0
    groups = groups_of(tables.groups.get(given, ()))
    return (
        text_number(given), initial, sound_number(head), *halves(letters_of(given)), groups, first_of(given),
    )  # fmt: skip


@lru_cache(maxsize=MOST_KEPT)
def family_numbers(family: str) -> tuple[int, int, int, int, int]:
    """A family name, its sound, its letters, and the first of them."""
    letters, above = halves(letters_of(family))
    return (text_number(family), sound_number(family), letters, above, first_of(family))


def birth_numbers(born: int) -> Numbers:
    """A date of birth in parts, and what it becomes by one slip across them (columns `day` to `is whole`)."""
    year, rest = divmod(born, 10_000)
    if not is_whole(born):
        return (0, year, 0, 0, 0, 0, 0, 0, 0, 0)
    month, day = divmod(rest, 100)
    day_slipped = month // 10 * 1000 + day // 10 * 100 + month % 10 * 10 + day % 10
    month_slipped = (year // 10 * 10 + month // 10) * 100 + year % 10 * 10 + month % 10
    return (
        born, year, month, day, rest, year * 100 + month, day * 100 + month, day_slipped, month_slipped, 1,
    )  # fmt: skip


@lru_cache(maxsize=MOST_KEPT)
def outward_number(code: str) -> int:
    """An outward code as 30 bits; 0 for an empty one."""
    return text_number(code) >> (TEXT_BITS - SHORT_TEXT_BITS)


def postcode_numbers(postcode: str) -> tuple[int, int, int, int]:
    """A postcode, its outward code, its last two letters, and whether it is one of this country."""
    return (
        text_number(postcode),
        outward_number(outcode(postcode)),
        crc32(postcode[-2:].encode()),
        is_uk(postcode),
    )


def address_numbers(address: str) -> tuple[int, int, int]:
    """An address, its first word, and whether there is one."""
    house = address.partition(" ")[0]
    return (text_number(address), crc32(house.encode()), bool(address))
