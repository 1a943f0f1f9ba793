"""The keys under which a record is found. Whoever shares one key with a query is compared with it.

A key is a whole number below 2^63: its kind in the top bits, what it is made of below. It depends on the record alone,
not on the process, so two machines find the same candidates. Texts in it are the beginning of a BLAKE2b hash.
"""

import hashlib
from enum import IntEnum
from functools import lru_cache
from typing import Final

from hub.matching.normal.dates import is_whole
from hub.matching.normal.names import ComparedName, sound
from hub.matching.normal.places import outcode
from hub.matching.normal.record import Compared, ComparedHome, homes_of, names_of
from hub.matching.normal.tables import NameTables

KIND_BIT: Final = 58
"""Below it what a key is made of, from it on the kind."""


class Kind(IntEnum):
    """What a key is made of. Those from `BORN` on are coarse: they count only where few share them."""

    NHS = 0 << KIND_BIT
    MOBILE = 1 << KIND_BIT
    LANDLINE = 2 << KIND_BIT
    EMAIL = 3 << KIND_BIT
    BORN_FAMILY = 4 << KIND_BIT
    BORN_INITIAL = 5 << KIND_BIT
    BORN_OUTCODE = 6 << KIND_BIT
    YEAR_NAMES = 7 << KIND_BIT
    DAY_NAMES = 8 << KIND_BIT
    POSTCODE_INITIAL = 9 << KIND_BIT
    POSTCODE_FAMILY = 10 << KIND_BIT
    ADDRESS_INITIAL = 11 << KIND_BIT
    ADDRESS_FAMILY = 12 << KIND_BIT
    OUTCODE_NAMES = 13 << KIND_BIT
    BORN_NAMES = 14 << KIND_BIT
    WHOLE_NAME = 15 << KIND_BIT
    BORN = 16 << KIND_BIT
    POSTCODE = 17 << KIND_BIT
    ADDRESS = 18 << KIND_BIT
    NAMES = 19 << KIND_BIT


MOST_FINE: Final = 64
"""People who share a fine key; more, and the key tells nobody apart and is passed over."""
MOST_COARSE: Final = 8
"""The same for a coarse key: in a small register it finds who differs in all else, in a big one it costs too much."""
FIRST_COARSE: Final = int(Kind.BORN)


def most_under(key: int) -> int:
    """How many may share a key."""
    return MOST_FINE if key < FIRST_COARSE else MOST_COARSE


TEXT_BYTES: Final = 5
TEXT_BITS: Final = 8 * TEXT_BYTES
SOUND_BITS: Final = 14
INITIAL_MASK: Final = 0x3FFF
SHORT_TEXT_BITS: Final = 30
MOST_KEPT: Final = 65_536


@lru_cache(maxsize=MOST_KEPT)
def text_number(text: str) -> int:
    """A text as 40 bits."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=TEXT_BYTES).digest(), "big")


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


def keys_of(record: Compared, tables: NameTables) -> list[int]:
    """All keys of a record, each once."""
    keys = [kind | number for kind, number in _numbers(record) if number]
    names, homes = names_of(record), homes_of(record)
    for home in homes:
        keys += _home_alone(home)
    for name in names:
        initial, given, family = _name_numbers(name, tables)
        keys += _name_keys(name, record.born, given, family)
        if record.born and is_whole(record.born):
            keys += _born_keys(record.born, initial, family)
        for home in homes:
            keys += _home_keys(home, initial, family)
            if given and family and home.postcode:
                low, high = sorted((given, family))
                keys.append(
                    Kind.OUTCODE_NAMES
                    | _short(outcode(home.postcode)) << 2 * SOUND_BITS
                    | low << SOUND_BITS
                    | high
                )
    if record.born and is_whole(record.born):
        keys.append(Kind.BORN | record.born)
        keys += [
            Kind.BORN_OUTCODE | record.born << SHORT_TEXT_BITS | _short(outcode(home.postcode))
            for home in homes
            if home.postcode
        ]
    return keys if record.more is None else list(dict.fromkeys(keys))


def home_keys(record: Compared, tables: NameTables) -> list[int]:
    """The keys under which those who live where somebody lives, with a like name, are found."""
    names, homes = names_of(record), homes_of(record)
    keys: list[int] = []
    for home in homes:
        keys += _home_alone(home)
        for name in names:
            initial, _, family = _name_numbers(name, tables)
            keys += _home_keys(home, initial, family)
    return keys


def _numbers(record: Compared) -> list[tuple[int, int]]:
    more = record.more
    found = [
        (int(Kind.NHS), record.nhs),
        (int(Kind.MOBILE), record.mobile),
        (int(Kind.LANDLINE), record.landline),
        (int(Kind.EMAIL), text_number(record.email) if record.email else 0),
    ]
    if more:
        found += [(int(Kind.MOBILE), number) for number in more.mobiles]
        found += [(int(Kind.LANDLINE), number) for number in more.landlines]
        found += [(int(Kind.EMAIL), text_number(each)) for each in more.emails]
    return found


def _name_numbers(name: ComparedName, tables: NameTables) -> tuple[int, int, int]:
    """Initial, sound of the given name's head, sound of the family name."""
    given = tables.head(name.given)
    return (
        ord(given[0]) & INITIAL_MASK if given else 0,
        sound_number(given) if given else 0,
        sound_number(name.family) if name.family else 0,
    )


def _short(text: str) -> int:
    """A text as 30 bits."""
    return text_number(text) >> (TEXT_BITS - SHORT_TEXT_BITS)


def _name_keys(name: ComparedName, born: int, given: int, family: int) -> list[int]:
    if not given or not family:
        return []
    low, high = (given, family) if given <= family else (family, given)
    pair = low << SOUND_BITS | high
    keys = [
        Kind.WHOLE_NAME | text_number(f"{name.given} {name.family}"),
        Kind.NAMES | pair,
    ]
    if born:
        year, day = divmod(born, 10_000)
        keys.append(Kind.YEAR_NAMES | year << 2 * SOUND_BITS | pair)
        if is_whole(born):
            keys.append(Kind.DAY_NAMES | day << 2 * SOUND_BITS | pair)
            keys.append(Kind.BORN_NAMES | born << 2 * SOUND_BITS | pair)
    return keys


def _born_keys(born: int, initial: int, family: int) -> list[int]:
    keys = []
    if family:
        keys.append(Kind.BORN_FAMILY | born << SOUND_BITS | family)
    if initial:
        keys.append(Kind.BORN_INITIAL | born << SOUND_BITS | initial)
    return keys


def _home_keys(home: ComparedHome, initial: int, family: int) -> list[int]:
    keys = []
    for text, by_initial, by_family in (
        (home.postcode, Kind.POSTCODE_INITIAL, Kind.POSTCODE_FAMILY),
        (home.address, Kind.ADDRESS_INITIAL, Kind.ADDRESS_FAMILY),
    ):
        if text:
            place = text_number(text) << SOUND_BITS
            if initial:
                keys.append(by_initial | place | initial)
            if family:
                keys.append(by_family | place | family)
    return keys


def _home_alone(home: ComparedHome) -> list[int]:
    keys = []
    if home.postcode:
        keys.append(Kind.POSTCODE | text_number(home.postcode))
    if home.address:
        keys.append(Kind.ADDRESS | text_number(home.address))
    return keys
