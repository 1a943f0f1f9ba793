"""Values out of the JSON columns of a row. What is absent, or of another kind, is empty."""

from collections.abc import Iterator, Mapping, Sequence

from hub.projection import Json


def value_at(value: Json, name: str) -> Json:
    """A value of an object."""
    return value.get(name) if isinstance(value, Mapping) else None


def text_at(value: Json, name: str) -> str:
    """A text of an object."""
    found = value_at(value, name)
    return found if isinstance(found, str) else ""


def is_true_at(value: Json, name: str) -> bool:
    """Whether an object says yes."""
    return value_at(value, name) is True


def each_at(value: Json, name: str) -> Iterator[Json]:
    """The items of a list in an object."""
    found = value_at(value, name)
    if isinstance(found, Sequence) and not isinstance(found, str):
        yield from found
