"""The files of `schemas/avro`, read strictly: what the hub does not use is refused."""

import json
import keyword
import re
from collections.abc import Mapping
from typing import Any, Final

from deploy.generating.schema_rules import circles, default_faults, unknown_names
from deploy.generating.schemas import (
    Array,
    ContractBroken,
    Enum,
    Field,
    Named,
    Nullable,
    Record,
    Scalar,
    Schemas,
    Type,
)

NAMESPACE: Final = "hub"
SCALARS: Final = frozenset({"string", "bytes", "int", "long", "boolean", "double"})
LOGICAL: Final = {"uuid": "string", "timestamp-millis": "long", "date": "int"}
TYPE_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
SYMBOL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# One line that can stand inside a docstring as it is.
DOC: Final = re.compile(r'(?=.*\S)(?!.*""")[^\\\n]*(?<!")')
NO_DOC: Final = "needs a doc: one line, without backslashes and final quotes"
# A field of this name would hide the type or method of that name inside the generated class.
TAKEN: Final = frozenset(
    {
        "bool",
        "bytes",
        "cls",
        "date",
        "datetime",
        "datum",
        "float",
        "from_datum",
        "int",
        "list",
        "self",
    }
    | {"str", "tuple"}
)


def schemas_from(texts: Mapping[str, str]) -> Schemas:
    """Read all schemas, given by file name.

    Raises:
        ContractBroken: A file breaks a rule; all faults of all files are in it.
    """
    reader = _Reader()
    for file, text in sorted(texts.items()):
        reader.read_file(file, text)
    schemas = Schemas(reader.types, tuple(sorted(reader.records)))
    faults = reader.faults or unknown_names(schemas) or default_faults(schemas) or circles(schemas)
    if faults:
        raise ContractBroken(sorted(faults))
    return schemas


class _Reader:
    """Collects types and faults over all files, so that a person sees all faults at once."""

    def __init__(self) -> None:
        self.types: dict[str, Record | Enum] = {}
        self.declared: dict[str, str] = {}
        self.records: list[str] = []
        self.faults: list[str] = []
        self.file = ""

    def read_file(self, file: str, text: str) -> None:
        self.file = file
        try:
            schema = json.loads(text, object_pairs_hook=self._object)
        except json.JSONDecodeError as error:
            self._fault(f"no JSON: {error}")
            return
        if not isinstance(schema, dict) or schema.get("type") != "record":
            self._fault("one record per file")
            return
        if "namespace" not in schema:
            self._fault(f"the namespace is {NAMESPACE!r}")
        name = self._record(schema)
        if f"{name}.avsc" != file:
            self._fault(f"the record is called {name}; file and record have one name")
        self.records.append(name)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            self._fault(f"the same key twice: {', '.join(name for name, _ in pairs)}")
        return found

    def _fault(self, text: str, place: str = "") -> None:
        self.faults.append(f"schemas/avro/{self.file}: {place + ': ' if place else ''}{text}")

    def _attributes(self, schema: Mapping[str, Any], allowed: set[str], place: str) -> None:
        for name in schema.keys() - allowed:
            self._fault(f"attribute {name!r} is not used here", place)

    def _named(self, schema: Mapping[str, Any], place: str) -> tuple[str, str]:
        name, doc = str(schema.get("name", "")), str(schema.get("doc", ""))
        if not TYPE_NAME.fullmatch(name):
            self._fault(f"{name!r} is no type name (CapitalWords)", place)
        if schema.get("namespace", NAMESPACE) != NAMESPACE:
            self._fault(f"the namespace is {NAMESPACE!r}", place)
        if not DOC.fullmatch(doc):
            self._fault(NO_DOC, name or place)
        if name in self.declared:
            self._fault(f"is declared in {self.declared[name]} as well; names are unique", name)
        self.declared[name] = self.file
        return name, doc

    def _record(self, schema: Mapping[str, Any], place: str = "") -> str:
        self._attributes(schema, {"type", "name", "namespace", "doc", "fields"}, place)
        name, doc = self._named(schema, place)
        fields = tuple(self._field(each, name) for each in schema.get("fields", ()))
        if not fields:
            self._fault("has no fields", name)
        if len({each.name for each in fields}) != len(fields):
            self._fault("has the same field twice", name)
        self.types[name] = Record(name, doc, self.file, fields)
        return name

    def _field(self, schema: Mapping[str, Any], record: str) -> Field:
        name, doc = str(schema.get("name", "")), str(schema.get("doc", ""))
        place = f"{record}.{name}"
        self._attributes(schema, {"name", "type", "doc", "default"}, place)
        if not FIELD_NAME.fullmatch(name) or keyword.iskeyword(name) or name in TAKEN:
            self._fault("is no name for a field", place)
        if not DOC.fullmatch(doc):
            self._fault(NO_DOC, place)
        default = (schema["default"],) if "default" in schema else ()
        return Field(name, self._type(schema.get("type"), place), doc, default)

    def _type(self, schema: Any, place: str) -> Type:
        match schema:
            case str() if schema in SCALARS:
                return Scalar(schema)
            case str() if TYPE_NAME.fullmatch(schema):
                return Named(schema)
            case ["null", other] if not isinstance(other, list) and other != "null":
                return Nullable(self._type(other, place))
            case {"type": "record"}:
                return Named(self._record(schema, place))
            case {"type": "enum"}:
                return Named(self._enum(schema, place))
            case {"type": "array", "items": items}:
                self._attributes(schema, {"type", "items"}, place)
                return Array(self._type(items, place))
            case {"type": base, "logicalType": logical} if LOGICAL.get(logical) == base:
                self._attributes(schema, {"type", "logicalType"}, place)
                return Scalar(base, logical)
            case _:
                self._fault(f"type {json.dumps(schema)} is not used here", place)
                return Scalar("string")

    def _enum(self, schema: Mapping[str, Any], place: str) -> str:
        self._attributes(schema, {"type", "name", "namespace", "doc", "symbols", "default"}, place)
        name, doc = self._named(schema, place)
        symbols = tuple(str(each) for each in schema.get("symbols", ()))
        for symbol in symbols:
            if not SYMBOL.fullmatch(symbol):
                self._fault(f"{symbol!r} is no symbol", name)
        if len({each.upper() for each in symbols}) != len(symbols):
            self._fault("two symbols differ in nothing but case", name)
        if schema.get("default") not in symbols:
            self._fault("needs a default among its symbols, for symbols not known yet", name)
        self.types[name] = Enum(name, doc, self.file, symbols, str(schema.get("default", "")))
        return name
