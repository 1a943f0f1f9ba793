"""The Avro schemas of `schemas/avro` as values: types, fields, records and enums."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


class ContractBroken(Exception):
    """The schemas break a rule of the house. Each fault names its place; nothing was written."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Scalar:
    """A plain value, or one with a logical type (`uuid`, `timestamp-millis`, `date`)."""

    avro: str
    logical: str | None = None


@dataclass(frozen=True)
class Array:
    """Many values of one type."""

    items: "Type"


@dataclass(frozen=True)
class Nullable:
    """`["null", T]`."""

    of: "Type"


@dataclass(frozen=True)
class Named:
    """A record or an enum, by name."""

    name: str


Type = Scalar | Array | Nullable | Named


@dataclass(frozen=True)
class Field:
    """One field; `default` is a tuple of one JSON value, or empty when there is none."""

    name: str
    type: Type
    doc: str
    default: tuple[Any, ...]


@dataclass(frozen=True)
class Record:
    """A record and the file that declares it."""

    name: str
    doc: str
    file: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Enum:
    """An enum and the file that declares it; what is not known reads as `default`."""

    name: str
    doc: str
    file: str
    symbols: tuple[str, ...]
    default: str


@dataclass(frozen=True)
class Schemas:
    """Every named type by name, in the order of declaration, and the records that have a file."""

    types: Mapping[str, Record | Enum]
    records: tuple[str, ...]

    def record(self, name: str) -> Record:
        """The record of that name."""
        found = self.types[name]
        if not isinstance(found, Record):
            raise TypeError(f"{name} is no record")
        return found

    def declared_in(self, file: str) -> tuple[Record | Enum, ...]:
        """The types of one file, what is used before what uses it."""
        return tuple(each for each in self.types.values() if each.file == file)


def names_in(kind: Type) -> Iterator[str]:
    """The named types that a type mentions."""
    match kind:
        case Named(name):
            yield name
        case Array(inner) | Nullable(inner):
            yield from names_in(inner)
        case Scalar():
            return


def fields_with_types(types: Mapping[str, Record | Enum]) -> Iterator[tuple[Record, Field]]:
    """Every field of every record."""
    for each in types.values():
        if isinstance(each, Record):
            for field in each.fields:
                yield each, field
