"""Examples as people write them in `schemas/examples`, and the records that they mean.

Times are ISO 8601 with Z, dates ISO, ids text, symbols as in Avro. Bytes are text, but for fields
called `resource`, which hold the FHIR resource itself. What has a default may be left out.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson

from deploy.generating.wire import Wire, declared_by
from hub.records.registry import CURRENT_ID, WRITER_SCHEMAS, Record

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
RESOURCE: Final = "resource"
PLAIN: Final[Mapping[str, type]] = {
    "string": str,
    "int": int,
    "long": int,
    "boolean": bool,
    "double": float,
}

P = TypeVar("P")
R = TypeVar("R", bound=Record)


def record_from_example(record: type[R], example: Mapping[str, Any]) -> R:
    """The record that an example of today's schema means.

    Raises:
        ValueError: It breaks the schema; the text names the place (`StayPicture.patient.names`).
    """
    return record.from_datum(
        datum_from_example(json.loads(WRITER_SCHEMAS[CURRENT_ID[record]]), example)
    )


def datum_from_example(wire: Wire, example: Mapping[str, Any]) -> dict[str, Any]:
    """The plain values that Avro writes, from an example and its wire schema.

    Raises:
        ValueError: It breaks the schema; the text names the place.
    """
    return _Reader(wire).record(wire, example, wire["name"])


class _Reader:
    """Reads by one wire schema, whose named types are written out only once."""

    def __init__(self, wire: Wire) -> None:
        self.named = declared_by(wire)

    def record(self, schema: Wire, value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise _wrong(place, "an object")
        names = [each["name"] for each in schema["fields"]]
        if unknown := value.keys() - set(names):
            raise _wrong(place, f"no such field as {', '.join(sorted(unknown))}")
        return {
            each["name"]: self.field(each, value, f"{place}.{each['name']}")
            for each in schema["fields"]
        }

    def field(self, schema: Wire, of: Mapping[str, Any], place: str) -> Any:
        if schema["name"] in of:
            return self.value(schema["type"], of[schema["name"]], place)
        if "default" not in schema:
            raise _wrong(place, "a value")
        return schema["default"]

    def value(self, schema: Any, value: Any, place: str) -> Any:
        found: Any = self.named.get(schema, schema) if isinstance(schema, str) else schema
        match found:
            case ["null", inner]:
                return None if value is None else self.value(inner, value, place)
            case {"type": "array", "items": items}:
                return [
                    self.value(items, each, f"{place}[{n}]")
                    for n, each in enumerate(_a(list, value, place))
                ]
            case {"type": "record"}:
                return self.record(found, value, place)
            case {"type": "enum", "symbols": symbols}:
                if value not in symbols:
                    raise _wrong(place, f"one of {', '.join(symbols)}")
                return value
            case "bytes" if place.endswith(f".{RESOURCE}"):
                return orjson.dumps(value)
            case _:
                return _scalar(found, value, place)


def _scalar(schema: Any, value: Any, place: str) -> Any:
    match schema:
        case {"logicalType": "uuid"}:
            return str(_parsed(UUID, _a(str, value, place), place))
        case {"logicalType": "timestamp-millis"}:
            if not _a(str, value, place).endswith("Z"):
                raise _wrong(place, "a time with Z")
            return (_parsed(datetime.fromisoformat, value, place) - EPOCH) // timedelta(
                milliseconds=1
            )
        case {"logicalType": "date"}:
            return (_parsed(date.fromisoformat, _a(str, value, place), place) - EPOCH.date()).days
        case "bytes":
            return str(_a(str, value, place)).encode()
        case _:
            return _a(PLAIN[schema], value, place)


def _a(kind: type, value: Any, place: str) -> Any:
    if type(value) is not kind:
        raise _wrong(place, f"a value of type {kind.__name__}")
    return value


def _parsed(parse: Callable[[str], P], value: str, place: str) -> P:
    try:
        return parse(value)
    except ValueError:
        raise _wrong(place, "a value that can be read") from None


def _wrong(place: str, wanted: str) -> ValueError:
    return ValueError(f"{place}: expected {wanted}")
