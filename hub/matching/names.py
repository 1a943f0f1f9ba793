"""Names as they are compared, never as they are shown."""

import unicodedata
from functools import lru_cache
from typing import Final

from hub.matching.normal.words import MOST_KEPT
from hub.records import HumanName

NO_GIVEN_NAME: Final = frozenset(
    {"unknown", "unk", "unidentified", "notknown", "na", "anonymous", "male", "female", "patient"}
    | {"baby", "boy", "girl", "infant", "newborn", "twin", "triplet", "test"}
)
"""What is typed where a given name is not known; the plainest of `schemas/names/words.yaml`, which no region reads."""

SEX_BY_TITLE: Final = {
    "mr": "male",
    "master": "male",
    "sir": "male",
    "mrs": "female",
    "miss": "female",
    "ms": "female",
    "lady": "female",
    "dame": "female",
}
"""Titles that say a sex, as FHIR names it."""


@lru_cache(maxsize=MOST_KEPT)
def folded_name(text: str) -> str:
    """Lower case without accents, punctuation and spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def given_names(names: tuple[HumanName, ...]) -> frozenset[str]:
    """The first given name of each name, folded."""
    return frozenset(
        folded_name(name.given[0]) for name in names if name.given and folded_name(name.given[0])
    )


def family_names(names: tuple[HumanName, ...]) -> frozenset[str]:
    """The family name of each name, folded."""
    return frozenset(
        folded_name(name.family) for name in names if name.family and folded_name(name.family)
    )


def has_given_name(names: tuple[HumanName, ...]) -> bool:
    """Whether the first name holds a given name, and nothing that stands for none; one sent unsplit may hold one."""
    if not names:
        return False
    given = {folded_name(each) for each in names[0].given} - {""}
    return not given <= NO_GIVEN_NAME if given else not names[0].family and bool(names[0].text)


def sex_by_title(names: tuple[HumanName, ...]) -> str | None:
    """The sex that the titles of the first name say, if they say one."""
    prefixes = names[0].prefix if names else ()
    said = {sex for each in prefixes if (sex := SEX_BY_TITLE.get(folded_name(each))) is not None}
    return said.pop() if len(said) == 1 else None


def whole_name(names: tuple[HumanName, ...]) -> str:
    """The first name as one folded word: family, then given; the text where it was sent unsplit."""
    if not names:
        return ""
    first = names[0]
    return folded_name(first.family or "") + folded_name("".join(first.given)) or folded_name(
        first.text or ""
    )
