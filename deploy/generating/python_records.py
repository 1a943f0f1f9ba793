"""Python text for records and enums: frozen dataclasses with both conversions written out."""

import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any, Final

from deploy.generating.registry import Registry, current
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
    names_in,
)
from deploy.generating.wire import Wire

FOLDER: Final = "hub/records"
WIDTH: Final = 100
PYTHON: Final = {
    Scalar("string"): "str",
    Scalar("bytes"): "bytes",
    Scalar("int"): "int",
    Scalar("long"): "int",
    Scalar("boolean"): "bool",
    Scalar("double"): "float",
    Scalar("string", "uuid"): "UUID",
    Scalar("long", "timestamp-millis"): "datetime",
    Scalar("int", "date"): "date",
}
# What stands in a datum for each logical type, and the way back.
TO_DATUM: Final = {
    "UUID": "str({})",
    "datetime": "({} - _EPOCH) // _MS",
    "date": "{}.toordinal() - _DAY_0",
}
FROM_DATUM: Final = {
    "UUID": "UUID({})",
    "datetime": "_EPOCH + {} * _MS",
    "date": "date.fromordinal({} + _DAY_0)",
}


def header(source: str) -> str:
    """The first lines of every generated file."""
    return (
        f"# Generated from {source}; do not edit.\n"
        "# Change the source and run `python -m deploy.generate`.\n"
    )


def module_of(file: str) -> str:
    """`StayPicture.avsc` is written to `stay_picture`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", file.removesuffix(".avsc")).lower()


def record_modules(schemas: Schemas) -> dict[str, str]:
    """One module for each schema file, by path."""
    return {
        f"{FOLDER}/{module_of(name)}.py": _module(f"{name}.avsc", schemas)
        for name in schemas.records
    }


def init_module(schemas: Schemas) -> str:
    """`hub/records/__init__.py`: every record and enum under one import."""
    imports = [
        f"from hub.records.{module_of(name)} import {', '.join(_names_of(name, schemas))}"
        for name in schemas.records
    ]
    names = ",\n".join(f"    {json.dumps(name)}" for name in sorted(schemas.types))
    doc = '"""Everything that travels on a topic or is remembered, as values."""'
    return "\n".join(
        [header("schemas/avro"), doc, "", *imports, "", f"__all__ = [\n{names},\n]", ""]
    )


def registry_module(registry: Registry) -> str:
    """`hub/records/registry.py`: every landed schema by id, so that decoding reads no file."""
    names = sorted({each.record for each in registry})
    ids = {name: version.schema_id for name, version in current(registry).items()}
    by_id = sorted(registry, key=lambda each: each.schema_id)
    return "\n".join(
        [
            header("schemas/registry"),
            '"""Every landed schema by its id: who wrote some bytes is known without asking."""',
            "",
            "from collections.abc import Mapping",
            "from typing import Any, Final, Protocol, Self",
            "",
            f"from hub.records import {', '.join(names)}",
            "",
            "class Record(Protocol):",
            '    """What each generated record can do."""',
            "    def datum(self) -> dict[str, Any]:",
            '        """The plain values that Avro writes; an optional record beside its name."""',
            "    @classmethod",
            "    def from_datum(cls, datum: Mapping[str, Any]) -> Self:",
            '        """The record from the plain values that Avro reads."""',
            "",
            "# The id in front of what is written today.",
            "CURRENT_ID: Final[Mapping[type[Record], int]] = {",
            *(f"    {name}: {ids[name]}," for name in names),
            "}",
            "",
            "# Every id that was ever given, with its record.",
            "RECORD_OF: Final[Mapping[int, type[Record]]] = {",
            *(f"    {each.schema_id}: {each.record},  # {each.path}" for each in by_id),
            "}",
            "",
            "# The schema of each id, as JSON.",
            "WRITER_SCHEMAS: Final[Mapping[int, str]] = {",
            *(f"    {each.schema_id}: {_literal(each.plain())}," for each in by_id),
            "}",
            "",
        ]
    )


def _names_of(record: str, schemas: Schemas) -> list[str]:
    return sorted(each.name for each in schemas.declared_in(f"{record}.avsc"))


def _literal(wire: Wire) -> str:
    return repr(json.dumps(wire, separators=(",", ":")))


def _module(file: str, schemas: Schemas) -> str:
    declared = schemas.declared_in(file)
    body = "\n\n".join(
        _enum(each) if isinstance(each, Enum) else _record(each, schemas) for each in declared
    )
    return "\n".join([header(f"schemas/avro/{file}"), *_imports(declared, body, schemas), "", body])


def _imports(declared: tuple[Record | Enum, ...], body: str, schemas: Schemas) -> Iterator[str]:
    """What the body uses, in the order of the house, and the constants of time."""
    records = [each for each in declared if isinstance(each, Record)]
    code = re.sub(r'""".*?"""', "", body, flags=re.DOTALL)
    used = set(re.findall(r"\b\w+\b", code))
    times = {"date"} & used | ({"UTC", "datetime", "timedelta"} if "_EPOCH" in used else set())
    yield "from collections.abc import Mapping"
    yield "from dataclasses import dataclass"
    if times:
        yield f"from datetime import {', '.join(sorted(times))}"
    if len(records) < len(declared):
        yield "from enum import StrEnum"
    yield "from typing import Any, Self"
    if "UUID" in used:
        yield "from uuid import UUID"
    yield from ["", *_neighbours(records, schemas), ""]
    if "_EPOCH" in used:
        yield "_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)"
        yield "_MS = timedelta(milliseconds=1)"
    if "_DAY_0" in used:
        yield "_DAY_0 = date(1970, 1, 1).toordinal()"


def _neighbours(records: list[Record], schemas: Schemas) -> Iterator[str]:
    """Imports of the types that other files declare."""
    names = {name for each in records for field in each.fields for name in names_in(field.type)}
    for file in sorted(
        {schemas.types[name].file for name in names} - {each.file for each in records}
    ):
        wanted = sorted(name for name in names if schemas.types[name].file == file)
        yield f"from hub.records.{module_of(file)} import {', '.join(wanted)}"


def _enum(enum: Enum) -> str:
    members = [f"    {each.upper()} = {json.dumps(each)}" for each in enum.symbols]
    doc = _wrapped(f'"""{enum.doc}"""', 4, 4)
    return "\n".join([f"class {enum.name}(StrEnum):", *doc, "", *members, ""])


def _record(record: Record, schemas: Schemas) -> str:
    fields = [
        f"    {each.name}: {_annotation(each.type)}{_default(each, schemas)}"
        for each in record.fields
    ]
    written = [
        f'"{each.name}": {_to_datum(each.type, f"self.{each.name}", schemas)},'
        for each in record.fields
    ]
    read = [
        f"{each.name}={_from_datum(each.type, f'datum[{json.dumps(each.name)}]', schemas)},"
        for each in record.fields
    ]
    return "\n".join(
        [
            "@dataclass(frozen=True, slots=True, kw_only=True)",
            f"class {record.name}:",
            *_docstring(record),
            "",
            *fields,
            "",
            "    def datum(self) -> dict[str, Any]:",
            '        """The plain values that Avro writes; an optional record beside its name."""',
            "        return {" + "".join(written) + "}",
            "",
            "    @classmethod",
            "    def from_datum(cls, datum: Mapping[str, Any]) -> Self:",
            '        """The record from the plain values that Avro reads."""',
            "        return cls(" + "".join(read) + ")",
            "",
        ]
    )


def _docstring(record: Record) -> Iterator[str]:
    first, *rest = _wrapped(f'"""{record.doc}', 4, 4)
    yield from [first, *rest, "", "    Attributes:"]
    for field in record.fields:
        yield from _wrapped(f"{field.name}: {field.doc}", 8, 12)
    yield '    """'


def _wrapped(text: str, indent: int, hanging: int) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * hanging,
        break_on_hyphens=False,
    )


def _annotation(kind: Type) -> str:
    match kind:
        case Scalar():
            return PYTHON[kind]
        case Array(items):
            return f"tuple[{_annotation(items)}, ...]"
        case Nullable(inner):
            return f"{_annotation(inner)} | None"
        case Named(name):
            return name


def _default(field: Field, schemas: Schemas) -> str:
    return f" = {_default_value(field.default[0], field.type, schemas)}" if field.default else ""


def _default_value(value: Any, kind: Type, schemas: Schemas) -> str:
    match kind:
        case Array():
            return "()"
        case Named(name):
            match schemas.types[name]:
                case Enum():
                    return f"{name}.{value.upper()}"
                case Record(fields=fields):
                    given = (
                        f"{each.name}={_default_value(value[each.name], each.type, schemas)}"
                        for each in fields
                    )
                    return f"{name}({', '.join(given)})"
        case _:
            return repr(value)


def _to_datum(kind: Type, value: str, schemas: Schemas) -> str:
    match kind:
        case Scalar():
            return TO_DATUM.get(PYTHON[kind], "{}").format(value)
        case Nullable(Named(name)) if isinstance(schemas.types[name], Record):
            # With the name beside it fastavro need not try the branches: half the time.
            return f'None if {value} is None else ("{NAMESPACE}.{name}", {value}.datum())'
        case Nullable(inner):
            written = _to_datum(inner, value, schemas)
            return written if written == value else f"None if {value} is None else {written}"
        case Array(items):
            written = _to_datum(items, "each", schemas)
            return f"list({value})" if written == "each" else f"[{written} for each in {value}]"
        case Named(name):
            return f"{value}.datum()" if isinstance(schemas.types[name], Record) else value


def _from_datum(kind: Type, value: str, schemas: Schemas) -> str:
    match kind:
        case Scalar():
            return FROM_DATUM.get(PYTHON[kind], "{}").format(value)
        case Nullable(inner):
            read = _from_datum(inner, value, schemas)
            return read if read == value else f"None if {value} is None else {read}"
        case Array(items):
            read = _from_datum(items, "each", schemas)
            return f"tuple({value})" if read == "each" else f"tuple([{read} for each in {value}])"
        case Named(name):
            is_record = isinstance(schemas.types[name], Record)
            return f"{name}.from_datum({value})" if is_record else f"{name}({value})"
