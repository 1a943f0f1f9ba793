"""Names as they are compared."""

from functools import lru_cache
from typing import Final, NamedTuple

from hub.matching.normal.person import Name
from hub.matching.normal.tables import NameTables
from hub.matching.normal.words import MOST_KEPT, words_of


class ComparedName(NamedTuple):
    """A name in folded words.

    Attributes:
        given: The first given name.
        middle: Other given names, one blank between them, without title-like ones.
        family: The family name; of a double one both words.
    """

    given: str
    middle: str
    family: str


TITLES_THAT_ARE_NAMES: Final = frozenset({"major", "junior", "dame", "baron", "imam"})
"""Titles that are given names as well, and not seldom: alone in its field such a word is somebody's name."""

NO_NAME: Final = ComparedName("", "", "")


def compared_name(name: Name, tables: NameTables) -> ComparedName:
    """The name without titles and without words that name nobody. A title may be a name where no other is given."""
    middle = _kept(words_of(name.middle), tables)
    words = words_of(name.given)
    given = _kept(words, tables)
    if len(words) == 1 and not (given or middle) and words[0] in TITLES_THAT_ARE_NAMES:
        given = words
    first, others = (given[0], given[1:] + middle) if given else ("", middle)
    return ComparedName(
        first,
        " ".join([word for word in others if word not in tables.title_like]),
        " ".join(_kept(_joined(words_of(name.family), tables), tables)),
    )


def _kept(words: tuple[str, ...], tables: NameTables) -> tuple[str, ...]:
    """Words without titles ("Sir"), numbers, and words that stand for a name that is not known ("Baby Boy")."""
    if len(words) == 1 and words[0].isalpha():  # nearly always
        return () if words[0] in tables.titles or words[0] in tables.nobody else words
    return tuple(
        word
        for word in words
        if word not in tables.titles and word not in tables.nobody and not word.isdigit()
    )


def _joined(words: tuple[str, ...], tables: NameTables) -> tuple[str, ...]:
    """Words with "Mc", "O" and their like folded into what follows."""
    if len(words) < 2 or tables.joined.isdisjoint(words[:-1]):  # one word has nothing to follow
        return words
    kept: list[str] = []
    before = ""
    for word in words[:-1]:
        if word in tables.joined:
            before += word
        else:
            kept.append(before + word)
            before = ""
    return (*kept, before + words[-1])


SOUNDS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "0123012-02245501262301-202")
"""Soundex digits (US National Archives); 0 for vowels, which part equal sounds, and - for h and w, which do not."""
LONGEST: Final = 4


@lru_cache(maxsize=MOST_KEPT)
def sound(name: str) -> str:
    """Soundex of the first word of a name; empty for an empty one. Letters outside a to z are passed over."""
    letters = "".join(letter for letter in name.partition(" ")[0] if "a" <= letter <= "z")
    if not letters:
        return ""
    last, code = letters[0].translate(SOUNDS), letters[0]
    for digit in letters[1:].translate(SOUNDS):
        if digit not in ("0", "-", last):
            code += digit
        if digit != "-":
            last = digit
    return code[:LONGEST].ljust(LONGEST, "0")
