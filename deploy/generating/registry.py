"""The registry: every wire schema ever landed, append-only, each with an id of its own."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from deploy.generating.compatibility import breaks, explain
from deploy.generating.schemas import ContractBroken, Schemas
from deploy.generating.wire import Wire, text_of, wire_of

FOLDER: Final = "schemas/registry"
LANDED: Final = f"{FOLDER}/landed.txt"
ID: Final = "hub_schema_id"
VERSION_PATH: Final = re.compile(r"([A-Z][A-Za-z0-9]*)/([1-9][0-9]*)\.avsc")
RULE: Final = "versions are append-only: add a new one"


@dataclass(frozen=True)
class Version:
    """One landed wire schema of one record."""

    record: str
    number: int
    wire: Wire
    text: str

    @property
    def schema_id(self) -> int:
        """The four bytes in front of every value that was written with it."""
        return int(self.wire[ID])

    @property
    def path(self) -> str:
        """Its place below `schemas/registry`."""
        return f"{self.record}/{self.number}.avsc"

    def plain(self) -> Wire:
        """The schema alone, without its id."""
        return {name: value for name, value in self.wire.items() if name != ID}


Registry = tuple[Version, ...]


def registry_from(files: Mapping[str, str], landed: str) -> Registry:
    """Read the registry and hold it against its list of hashes.

    Raises:
        ContractBroken: A version was changed, taken away or slipped in, or an id is used twice.
    """
    listed = {
        path: digest for digest, _, path in (line.partition("  ") for line in landed.splitlines())
    }
    faults = [f"{FOLDER}/{path} differs from landed.txt: {RULE}" for path, text in files.items()
              if path in listed and listed[path] != sha256(text)]  # fmt: skip
    faults += [
        f"{FOLDER}/{path} is not in landed.txt: {RULE}" for path in files.keys() - listed.keys()
    ]
    faults += [
        f"{FOLDER}/{path} was landed and is missing: {RULE}"
        for path in listed.keys() - files.keys()
    ]
    faults += [
        f"{FOLDER}/{path} is no version" for path in files if not VERSION_PATH.fullmatch(path)
    ]
    if faults:
        raise ContractBroken(sorted(faults))
    registry = tuple(
        sorted((_version_from(path, text) for path, text in files.items()), key=_order)
    )
    _check_numbers(registry)
    return registry


def grown(registry: Registry, schemas: Schemas, *, amend: bool = False) -> Registry:
    """The registry with a new version for each record whose wire schema changed.

    With `amend` the newest version is replaced, and records that are gone are forgotten.

    Raises:
        ContractBroken: A change breaks what was landed, or a landed record is gone.
    """
    faults = []
    gone = {each.record for each in registry} - set(schemas.records)
    if gone and not amend:
        faults += [
            f"{FOLDER}/{name}: landed, but schemas/avro/{name}.avsc is gone" for name in gone
        ]
    kept = [each for each in registry if each.record not in gone]
    for name in schemas.records:
        wire = wire_of(name, schemas)
        versions = [each for each in kept if each.record == name]
        if versions and versions[-1].plain() == wire:
            continue
        replaced = versions.pop() if amend and versions else None
        if found := breaks(wire, [(each.number, each.plain()) for each in versions]):
            faults.append(
                explain(name, wire, {each.number: each.plain() for each in versions}, found)
            )
            continue
        kept = [each for each in kept if each is not replaced]
        schema_id = replaced.schema_id if replaced else _next_id(kept)
        kept.append(_new_version(wire, versions[-1].number + 1 if versions else 1, schema_id))
    if faults:
        raise ContractBroken(sorted(faults))
    return tuple(sorted(kept, key=_order))


def current(registry: Registry) -> dict[str, Version]:
    """The newest version of each record."""
    return {each.record: each for each in registry}


def landed_text(registry: Registry) -> str:
    """The list of hashes, readable by `sha256sum --check`."""
    return "".join(f"{sha256(each.text)}  {each.path}\n" for each in registry)


def sha256(text: str) -> str:
    """The hash that stands in `landed.txt`."""
    return hashlib.sha256(text.encode()).hexdigest()


def _order(version: Version) -> tuple[str, int]:
    return version.record, version.number


def _next_id(registry: list[Version]) -> int:
    return max((each.schema_id for each in registry), default=0) + 1


def _new_version(wire: Wire, number: int, schema_id: int) -> Version:
    fields = wire["fields"]
    head = {name: value for name, value in wire.items() if name != "fields"}
    whole = {**head, ID: schema_id, "fields": fields}
    return Version(wire["name"], number, whole, text_of(whole))


def _version_from(path: str, text: str) -> Version:
    record, number = path.removesuffix(".avsc").split("/")
    return Version(record, int(number), json.loads(text), text)


def _check_numbers(registry: Registry) -> None:
    faults = []
    owners: dict[int, str] = {}
    for each in registry:
        if each.wire["name"] != each.record:
            faults.append(f"{FOLDER}/{each.path} holds {each.wire['name']}")
        if each.schema_id in owners:
            faults.append(f"{FOLDER}/{each.path} has the {ID} of {owners[each.schema_id]}")
        owners[each.schema_id] = each.path
    for name, newest in current(registry).items():
        if [each.number for each in registry if each.record == name] != list(
            range(1, newest.number + 1)
        ):
            faults.append(f"{FOLDER}/{name}: its versions do not count 1 to {newest.number}")
    if faults:
        raise ContractBroken(faults)
