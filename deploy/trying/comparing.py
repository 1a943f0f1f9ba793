"""Two readings of one message held against each other: where they differ, as FHIRPaths.

What is the same thing in both is found by what it is, not by where it stands: an entry by its type and its patient, a
place by its kind. So a place that is left out moves no other.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final, TypeAlias

import orjson

from hub.records import EncounterEvent

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

_OF_THE_EVENT: Final = ("event", "source", "trust_ods", "occurred_at", "recorded_at", "sequence")


def comparable(event: EncounterEvent) -> Json:
    """What a message comes to, without what only names this message: addresses say what they are of."""
    text = event.resource
    for address, name in names_of(orjson.loads(text)["entry"]).items():
        text = text.replace(address.encode(), name.encode())
    return {
        "Bundle": orjson.loads(text),
        "EncounterEvent": {name: str(getattr(event, name)) for name in _OF_THE_EVENT},
    }


def names_of(entries: list[dict[str, dict[str, Json]]]) -> dict[str, str]:
    """Address -> type, kind of place, and the how-manieth patient of the message it belongs to.

    Contacts of one patient share a name: nothing points at them, and they are told apart by what they say.
    """
    found: dict[str, str] = {}
    patient = 0
    for entry in entries:
        resource = entry["resource"]
        patient += resource["resourceType"] == "Patient"
        found[str(entry["fullUrl"])] = f"{resource['resourceType']}{kind_of(resource)} {patient}"
    return found


def kind_of(resource: dict[str, Json]) -> str:
    """Site, ward or bed, by its code; empty of anything but a place."""
    match resource.get("physicalType"):
        case {"coding": [{"code": str(code)}, *_]}:
            return f" {code}"
        case _:
            return ""


def differences(one: Json, other: Json, path: str) -> Iterator[str]:
    """The places of what differs, down to single values; of a list, of its items that are not in the other."""
    if one == other:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for name in {**one, **other}:
            yield from differences(one.get(name), other.get(name), f"{path}.{name}".strip("."))
    elif isinstance(one, list) and isinstance(other, list):
        yield from of_lists(one, other, path)
    elif isinstance(one, (dict, list)) and other is None:
        yield from differences(one, type(one)(), path)
    else:
        yield path


def of_lists(one: list[Json], other: list[Json], path: str) -> Iterator[str]:
    """Items are held against those that they stand for, however many were put in or left out before them."""
    names = dict.fromkeys([*map(name_of, one), *map(name_of, other)])
    for name in names:
        here = [position for position, item in enumerate(one) if name_of(item) == name]
        there = [item for item in other if name_of(item) == name]
        if name and not there:  # the whole of it is gone
            yield from (f"{path}[{position}]" for position in here)
        else:
            yield from of_alike(one, here, there, path)


def of_alike(one: list[Json], positions: list[int], there: list[Json], path: str) -> Iterator[str]:
    """Items of one name, each held against the one in its place once those that are equal are set aside."""
    matcher = SequenceMatcher(
        None,
        [orjson.dumps(one[position]) for position in positions],
        [orjson.dumps(item) for item in there],
        autojunk=False,
    )
    for kind, start, end, start_there, end_there in matcher.get_opcodes():
        if kind == "equal":
            continue
        beside = [*there[start_there:end_there], *[None] * (end - start)]
        for position, item in zip(positions[start:end], beside, strict=False):
            yield from differences(one[position], item, f"{path}[{position}]")
        if start == end:
            yield path


def name_of(item: Json) -> str:
    """What an item of a list is known by wherever it stands; empty = by nothing but what it says."""
    match item:
        case {"fullUrl": str(name)} | {"location": {"reference": str(name)}}:
            return name
        case {"reference": str(name)} | {"url": str(name)}:
            return name
        case _:
            return ""
