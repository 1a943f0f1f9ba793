"""The Avro schemas of `schemas/avro`, read strictly: what the hub does not use is refused."""

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

NAMESPACE: Final = "hub"
SCALARS: Final = frozenset({"string", "bytes", "int", "long", "boolean", "double"})
LOGICAL: Final = {"uuid": "string", "timestamp-millis": "long", "date": "int"}
TYPE_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
SYMBOL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# One line that can stand inside a docstring as it is.
DOC: Final = re.compile(r'(?=.*\S)(?!.*""")[^\\\n]*(?<!")')
NO_DOC: Final = "needs a doc: one line, without backslashes and final quotes"
NO_FIT: Final = "does not fit; [] for arrays, a symbol for enums, every field for records"
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


def schemas_from(texts: Mapping[str, str]) -> Schemas:
    """Read all schemas, given by file name.

    Raises:
        ContractBroken: A file breaks a rule; all faults of all files are in it.
    """
    reader = _Reader()
    for file, text in sorted(texts.items()):
        reader.read_file(file, text)
    schemas = Schemas(reader.types, tuple(sorted(reader.records)))
    faults = (
        reader.faults or _unknown_names(schemas) or _default_faults(schemas) or _circles(schemas)
    )
    if faults:
        raise ContractBroken(sorted(faults))
    return schemas


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


def _unknown_names(schemas: Schemas) -> list[str]:
    return [
        f"{_place(record, field)}: there is no type {name}"
        for record, field in fields_with_types(schemas.types)
        for name in names_in(field.type)
        if name not in schemas.types
    ]


def _default_faults(schemas: Schemas) -> list[str]:
    faults = []
    for record, field in fields_with_types(schemas.types):
        if isinstance(field.type, Nullable) and field.default != (None,):
            faults.append(f"{_place(record, field)}: optional means default null")
        elif field.default and not _fits(field.default[0], field.type, schemas):
            faults.append(
                f"{_place(record, field)}: default {json.dumps(field.default[0])} {NO_FIT}"
            )
    return faults


def _place(record: Record, field: Field) -> str:
    return f"schemas/avro/{record.file}: {record.name}.{field.name}"


def _fits(value: Any, kind: Type, schemas: Schemas) -> bool:
    match kind:
        case Nullable():
            return value is None
        case Array():
            return bool(value == [])
        case Named(name):
            return _fits_named(value, schemas.types[name], schemas)
        case Scalar("string", None):
            return isinstance(value, str)
        case Scalar("boolean"):
            return isinstance(value, bool)
        case Scalar("int" | "long", None):
            return isinstance(value, int) and not isinstance(value, bool)
        case Scalar("double"):
            return isinstance(value, float)
        case _:
            return False


def _fits_named(value: Any, declared: Record | Enum, schemas: Schemas) -> bool:
    if isinstance(declared, Enum):
        return value in declared.symbols
    types = {each.name: each.type for each in declared.fields}
    return (
        isinstance(value, dict)
        and value.keys() == types.keys()
        and all(_fits(value[name], kind, schemas) for name, kind in types.items())
    )


def _circles(schemas: Schemas) -> list[str]:
    """A record that holds itself, or files that need each other, cannot be written as modules."""
    needs: dict[str, set[str]] = {each.file: set() for each in schemas.types.values()}
    faults = []
    for record, field in fields_with_types(schemas.types):
        for name in names_in(field.type):
            needs[record.file].add(schemas.types[name].file)
            if name == record.name:
                faults.append(f"{_place(record, field)}: holds its own record")
    if faults:
        return faults
    open_files = {file: {each for each in wanted if each != file} for file, wanted in needs.items()}
    while ready := [file for file, wanted in open_files.items() if not wanted & open_files.keys()]:
        for file in ready:
            del open_files[file]
    return (
        [f"schemas/avro: these files need each other: {', '.join(sorted(open_files))}"]
        if open_files
        else []
    )
