"""Words folded until two ways of writing them are one."""

import unicodedata
from functools import lru_cache
from typing import Final

MOST_KEPT: Final = 16_384
"""Words that are kept folded: a register repeats few names very often."""

LETTERS: Final = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n", "ə": "a",
        "'": "", "’": "", "‘": "", "`": "", "´": "", "ʼ": "", ".": " ",
    }
)  # fmt: skip
"""Letters that NFKD leaves as they are, by the letters that English systems write for them; apostrophes join."""


@lru_cache(maxsize=MOST_KEPT)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text: lower case, without accents; letters and digits only; apart at anything else.

    Folding what was folded changes nothing.
    """
    if text.isascii() and text.isalnum():
        return (text.lower(),)
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS)).translate(LETTERS)
    kept = (
        character if character.isalnum() else "" if unicodedata.combining(character) else " "
        for character in plain
    )
    return tuple("".join(kept).casefold().split())


def folded(text: str) -> str:
    """The words of a text, one blank between them."""
    return " ".join(words_of(text))
