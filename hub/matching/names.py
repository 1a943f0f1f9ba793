"""Names as they are compared, never as they are shown."""

import unicodedata
from typing import Final

from hub.records import HumanName

NO_GIVEN_NAME: Final = frozenset(
    {"unknown", "unk", "unidentified", "notknown", "na", "anonymous", "male", "female", "patient"}
    | {"baby", "boy", "girl", "infant", "newborn", "twin", "triplet", "test"}
)
"""What is typed where a given name is not known; the plainest of `schemas/names/words.yaml`, which no region reads."""


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


def whole_name(names: tuple[HumanName, ...]) -> str:
    """The first name as one folded word: family, then given; the text where it was sent unsplit."""
    if not names:
        return ""
    first = names[0]
    return folded_name(first.family or "") + folded_name("".join(first.given)) or folded_name(
        first.text or ""
    )
