"""No picture without bounds: what is larger than any honest one is cut, and the surest stays."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

from hub import codec
from hub.records import CarerPicture, StayPicture

MOST_BYTES: Final = 64 * 1024
"""Of a picture as it stands on its topic."""
MOST_LETTERS: Final = 120
MOST_IN_A_LIST: Final = 5

PEOPLE: Final = ("cares_for", "carers", "agreements")
"""Lists that keep all their entries at first, and lose them from the end, the first of these lists first."""

P = TypeVar("P", StayPicture, CarerPicture)


def bounded(picture: P) -> P:
    """The picture itself, or one that is cut: long texts and lists first, then those who are named last."""
    return next(each for each in smaller(picture) if len(codec.encode(each)) <= MOST_BYTES)


def smaller(picture: P) -> Iterator[P]:
    """The picture, then cut further and further, to the person alone."""
    kind = type(picture)
    yield picture
    cut = clipped_fields(picture.datum())
    yield kind.from_datum(cut)
    for name in PEOPLE:
        people = cut.get(name)
        while isinstance(people, list) and people:
            people.pop()
            yield kind.from_datum(cut)


def clipped_fields(record: Mapping[str, object]) -> dict[str, object]:
    """A record with its texts and lists clipped."""
    return {name: clipped(value, whole=name in PEOPLE) for name, value in record.items()}


def clipped(value: object, *, whole: bool = False) -> object:
    """No text longer than `MOST_LETTERS`, no list longer than `MOST_IN_A_LIST` unless it is kept whole."""
    match value:
        case str():
            return value[:MOST_LETTERS]
        case (str(), Mapping() as nested):  # an optional record is written beside its name
            return clipped_fields(nested)
        case list():
            return [clipped(each) for each in (value if whole else value[:MOST_IN_A_LIST])]
        case Mapping():
            return clipped_fields(value)
        case _:
            return value
