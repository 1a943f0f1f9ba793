"""What is known of names in general: words that are no names, and names that are one another's variants."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

NOTHING: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTables:
    """The lists of `schemas/names`, folded. Empty lists are allowed: then nothing is known.

    Attributes:
        version: Of the lists; it stands in every model that was trained with them.
        titles: Dropped wherever they stand.
        nobody: Words that stand for a name that is not known.
        title_like: Religious or honorary names that come and go between records.
        joined: Beginnings of family names that fold into the next word.
        groups: Given name to the numbers of the groups that it stands in.
    """

    version: str = ""
    titles: frozenset[str] = frozenset()
    nobody: frozenset[str] = frozenset()
    title_like: frozenset[str] = frozenset()
    joined: frozenset[str] = frozenset()
    groups: Mapping[str, frozenset[int]] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)

    def variants(self, one: str, other: str) -> bool:
        """Whether two given names may be one."""
        return not self.groups.get(one, NOTHING).isdisjoint(self.groups.get(other, NOTHING))

    def head(self, given: str) -> str:
        """The name that stands for its group in keys: the first of the only group that it stands in, else itself."""
        return self.heads.get(given, given)


def tables_from(
    version: str, words: Mapping[str, Iterable[str]], variants: Iterable[Iterable[str]]
) -> NameTables:
    """The tables from lists of words by name and groups of variants.

    Raises:
        KeyError: A list is missing: titles, nobody, title_like or joined.
    """
    groups: defaultdict[str, set[int]] = defaultdict(set)
    firsts: list[str] = []
    for number, names in enumerate(variants):
        listed = list(names)
        firsts.append(listed[0])
        for name in listed:
            groups[name].add(number)
    return NameTables(
        version=version,
        titles=frozenset(words["titles"]),
        nobody=frozenset(words["nobody"]),
        title_like=frozenset(words["title_like"]),
        joined=frozenset(words["joined"]),
        groups={name: frozenset(numbers) for name, numbers in groups.items()},
        heads={name: firsts[min(numbers)] for name, numbers in groups.items() if len(numbers) == 1},
    )
