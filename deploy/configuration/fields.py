"""Every field of `hub.yaml` as a row: for the guide, and for messages about unknown keys."""

import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from deploy.configuration.model import Configuration
from deploy.configuration.secret import SecretReference


@dataclass(frozen=True, slots=True)
class Row:
    """One field.

    Attributes:
        key: Its place, such as `senders[].charset`.
        only: The connector that has it, when not all senders do.
        values: What it may be, in words.
        default: What counts when it is absent; None when it must be given.
        description: What it means.
    """

    key: str
    only: str
    values: str
    default: str | None
    description: str


def rows() -> tuple[Row, ...]:
    """All fields, in the order of the model."""
    return tuple(_rows(Configuration, "", ""))


def keys_in(section: str) -> tuple[str, ...]:
    """The keys that a section such as `senders[]` may have; empty = the file as a whole."""
    prefix = f"{section}." if section else ""
    below = (row.key.removeprefix(prefix) for row in rows() if row.key.startswith(prefix))
    return tuple(dict.fromkeys(key.removesuffix("[]") for key in below if "." not in key))


def _rows(model: type[BaseModel], prefix: str, only: str) -> Iterator[Row]:
    for name, field in model.model_fields.items():
        sections = tuple(_sections(field.annotation))
        many = "[]" if sections and _is_list(field.annotation) else ""
        key = f"{prefix}{name}{many}"
        yield Row(key, only, _values(field), _default(field), field.description or "")
        if sections and sections != (SecretReference,):
            yield from _rows_below(sections, f"{key}.", only)


def _rows_below(sections: tuple[type[BaseModel], ...], prefix: str, only: str) -> Iterator[Row]:
    """The rows of a section; of several kinds first what all share, then each one's own."""
    shared = [
        n for n in sections[0].model_fields if all(n in each.model_fields for each in sections)
    ]
    for first, section in zip((True, *[False] * len(sections)), sections, strict=False):
        for row in _rows(section, prefix, only):
            name = row.key.removeprefix(prefix).partition(".")[0].removesuffix("[]")
            if len(sections) == 1:
                yield row
            elif name not in shared:
                yield replace(row, only=_connector(section))
            elif first:
                fields = [each.model_fields[name] for each in sections]
                yield replace(row, values=", ".join(dict.fromkeys(map(_values, fields))))


def _connector(section: type[BaseModel]) -> str:
    field = section.model_fields.get("connector")
    return str(get_args(field.annotation)[0]) if field else ""


def _sections(annotation: Any) -> Iterator[type[BaseModel]]:
    """The sections that an annotation holds, in order."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        if isinstance(inner, type) or get_origin(inner):
            yield from _sections(inner)


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) is tuple:
        return True
    return any(_is_list(inner) for inner in get_args(annotation))


def _default(field: FieldInfo) -> str | None:
    return None if field.is_required() else _shown(field.default)


def _shown(value: object) -> str:
    """A default in words."""
    match value:
        case None:
            return "absent"
        case bool():
            return str(value).lower()
        case BaseModel():
            return "as below"
        case tuple():
            return ", ".join(map(str, value)) or "empty"
        case time():
            return value.strftime("%H:%M")
        case _:
            return str(value)


_WORDS = {
    "str": "text",
    "int": "number",
    "float": "number",
    "bool": "true, false",
    "Path": "file",
    "time": "time of day",
    "date": "date",
}


def _values(field: FieldInfo) -> str:
    return _described(field.annotation)


def _described(annotation: Any) -> str:
    """What a value may be, in words."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _described(inner[0])
    if origin is Literal:
        return ", ".join(map(str, inner))
    if origin in (Union, types.UnionType):
        kinds = dict.fromkeys(_described(each) for each in inner if each is not type(None))
        return " or ".join(kinds)
    if origin is tuple:
        return f"list of {_described(inner[0])}"
    if annotation is SecretReference:
        return "{env: NAME} or {file: PATH}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "section"
    name: str = annotation.__name__
    return _WORDS.get(name, name)
