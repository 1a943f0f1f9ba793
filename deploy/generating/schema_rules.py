"""What must hold between schemas: names that exist, defaults that fit, files that do not need each other."""

import json
from typing import Any, Final

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
    fields_with_types,
    names_in,
)

NO_FIT: Final = "does not fit; [] for arrays, a symbol for enums, every field for records"


def unknown_names(schemas: Schemas) -> list[str]:
    """Fields of a type that no file declares."""
    return [
        f"{_place(record, field)}: there is no type {name}"
        for record, field in fields_with_types(schemas.types)
        for name in names_in(field.type)
        if name not in schemas.types
    ]


def default_faults(schemas: Schemas) -> list[str]:
    """Defaults that do not fit the type of their field."""
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


def circles(schemas: Schemas) -> list[str]:
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
