"""The schema as it goes over the wire: self-contained, without prose."""

import json
from typing import Any

from deploy.generating.schema_files import NAMESPACE
from deploy.generating.schemas import (
    Array,
    Enum,
    Field,
    Named,
    Nullable,
    Record,
    Scalar,
    Schemas,
    Type,
)

Wire = dict[str, Any]


def wire_of(record: str, schemas: Schemas) -> Wire:
    """One schema that needs no other: each type is written where it is first used, then named."""
    fields = _Writer(schemas).named(record)["fields"]
    return {"type": "record", "name": record, "namespace": NAMESPACE, "fields": fields}


class _Writer:
    """Writes one wire schema; remembers which types it has written already."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self.written: set[str] = set()

    def named(self, name: str) -> Any:
        if name in self.written:
            return name
        self.written.add(name)
        match self.schemas.types[name]:
            case Enum(symbols=symbols, default=default):
                return {"type": "enum", "name": name, "symbols": list(symbols), "default": default}
            case Record(fields=fields):
                return {
                    "type": "record",
                    "name": name,
                    "fields": [self.field(each) for each in fields],
                }

    def field(self, of: Field) -> Wire:
        plain = {"name": of.name, "type": self.type(of.type)}
        return {**plain, "default": of.default[0]} if of.default else plain

    def type(self, of: Type) -> Any:
        match of:
            case Scalar(avro, None):
                return avro
            case Scalar(avro, logical):
                return {"type": avro, "logicalType": logical}
            case Array(items):
                return {"type": "array", "items": self.type(items)}
            case Nullable(inner):
                return ["null", self.type(inner)]
            case Named(name):
                return self.named(name)


def declared_by(wire: Wire) -> dict[str, Wire]:
    """Every record and enum that a wire schema declares, by name."""
    found: dict[str, Wire] = {}

    def visit(kind: Any) -> None:
        match kind:
            case {"type": "record", "name": name, "fields": fields}:
                found[name] = kind
                for each in fields:
                    visit(each["type"])
            case {"type": "enum", "name": name}:
                found[name] = kind
            case {"type": "array", "items": inner} | ["null", inner]:
                visit(inner)
            case _:
                pass

    visit(wire)
    return found


def text_of(wire: Wire) -> str:
    """The wire schema as it stands in the registry: one field a line, for readable diffs."""
    fields = ",\n".join(f"    {json.dumps(each)}" for each in wire["fields"])
    head = {name: value for name, value in wire.items() if name != "fields"}
    start = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in head.items())
    return f'{{\n{start},\n  "fields": [\n{fields}\n  ]\n}}\n'
