"""FULL_TRANSITIVE: every version reads every other, and the same bytes keep their meaning.

Two opinions. `_Comparison` walks two schemas and can name the field; it also knows what Avro's
rules leave out: a logical type, a default or the set of symbols may not change under bytes that are
already written. The Avro project's own checker is asked as well, in both directions: it has a veto.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.schema import make_avsc_object

from deploy.generating.wire import Wire, declared_by, text_of

Broken = tuple[str, str]  # place, rule
ADVICE: Final = "a breaking change is a new topic .v2"


@dataclass(frozen=True)
class Break:
    """One rule that a change breaks, against one earlier version."""

    version: int
    place: str
    rule: str


def breaks(new: Wire, earlier: Sequence[tuple[int, Wire]]) -> list[Break]:
    """What a new wire schema breaks, against all earlier versions; empty = it may be landed."""
    found = []
    for number, old in earlier:
        named = [Break(number, place, rule) for place, rule in _Comparison(old, new).found()]
        found += named or [Break(number, place, rule) for place, rule in _veto(old, new)]
    return found


def explain(record: str, new: Wire, earlier: Mapping[int, Wire], found: Sequence[Break]) -> str:
    """Record, field and rule of each break, then the difference and what to do instead."""
    lines = [f"{each.place}: {each.rule} (against {record}/{each.version}.avsc)" for each in found]
    oldest = min(each.version for each in found)
    diff = difflib.unified_diff(
        text_of(earlier[oldest]).splitlines(),
        text_of(new).splitlines(),
        f"schemas/registry/{record}/{oldest}.avsc",
        f"schemas/avro/{record}.avsc",
        lineterm="",
        n=0,
    )
    return "\n".join([f"{record} is incompatible; {ADVICE}", *lines, *diff])


def _veto(old: Wire, new: Wire) -> Iterator[Broken]:
    """The Avro project's own checker, which names places by number only."""
    for reader, writer, direction in ((old, new, "old reads new"), (new, old, "new reads old")):
        result = ReaderWriterCompatibilityChecker().get_compatibility(  # type: ignore[no-untyped-call]  # avro has no types
            make_avsc_object(reader), make_avsc_object(writer)
        )
        if result.compatibility is not SchemaCompatibilityType.compatible:
            yield new["name"], f"{direction}: {', '.join(sorted(result.messages))}"


class _Comparison:
    """Places and rules that a new wire schema breaks against an old one."""

    def __init__(self, old: Wire, new: Wire) -> None:
        self.whole = old, new
        self.olds, self.news = declared_by(old), declared_by(new)
        self.compared: set[str] = set()

    def found(self) -> list[Broken]:
        old, new = self.whole
        return sorted(self._records(old, new, new["name"]))

    def _types(self, old: Any, new: Any, place: str) -> Iterator[Broken]:
        a: Any = self.olds.get(old, old) if isinstance(old, str) else old
        b: Any = self.news.get(new, new) if isinstance(new, str) else new
        match a, b:
            case {"type": "array", "items": before}, {"type": "array", "items": after}:
                yield from self._types(before, after, place)
            case ["null", before], ["null", after]:
                yield from self._types(before, after, place)
            case {"type": "enum"}, {"type": "enum"}:
                yield from _enums(a, b, place)
            case {"type": "record"}, {"type": "record"}:
                yield from self._records(a, b, place)
            case _:
                if a != b:
                    yield place, f"its type changed from {_said(a)} to {_said(b)}"

    def _records(self, a: Wire, b: Wire, place: str) -> Iterator[Broken]:
        if a["name"] != b["name"]:
            yield place, f"its record was called {a['name']} and is now {b['name']}"
        elif a["name"] not in self.compared:
            self.compared.add(a["name"])
            yield from self._fields(_by_name(a["fields"]), _by_name(b["fields"]), place)

    def _fields(
        self, old: Mapping[str, Wire], new: Mapping[str, Wire], place: str
    ) -> Iterator[Broken]:
        for name in old.keys() | new.keys():
            yield from _presence(old.get(name), new.get(name), f"{place}.{name}")
        for name in old.keys() & new.keys():
            yield from self._types(old[name]["type"], new[name]["type"], f"{place}.{name}")


def _presence(a: Wire | None, b: Wire | None, place: str) -> Iterator[Broken]:
    if a is None and b is not None and "default" not in b:
        yield place, "a new field needs a default, or today's code cannot read what was written"
    if b is None and a is not None and "default" not in a:
        yield (
            place,
            "a field without a default cannot go, or earlier code cannot read what is written",
        )
    if a is None or b is None or "default" not in a or "default" not in b:
        return
    if a["default"] != b["default"]:
        yield place, "its default changed, and with it the meaning of what was written"


def _enums(a: Wire, b: Wire, place: str) -> Iterator[Broken]:
    if a["name"] != b["name"]:
        yield place, f"its enum was called {a['name']} and is now {b['name']}"
    if gone := set(a["symbols"]) - set(b["symbols"]):
        yield place, f"symbols cannot go while bytes hold them: {', '.join(sorted(gone))}"
    if a["default"] != b["default"]:
        yield place, "the default of its enum changed"


def _said(kind: Any) -> str:
    match kind:
        case ["null", inner]:
            return f"optional {_said(inner)}"
        case {"logicalType": logical}:
            return str(logical)
        case {"type": "array", "items": items}:
            return f"array of {_said(items)}"
        case {"name": name}:
            return str(name)
        case _:
            return str(kind)


def _by_name(fields: list[Wire]) -> dict[str, Wire]:
    return {each["name"]: each for each in fields}
