"""The configuration of such a hub: an area as it is written down, with ports and keys of this run."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeAlias

import yaml

from deploy.local.ports import LOOPBACK, free_ports
from hub.keys import digest_of

GOOD_FOR: Final = timedelta(days=2)
TOKEN_BYTES: Final = 32

Document: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where one gateway listens on this machine."""

    mllp_port: int
    http_port: int

    @property
    def host(self) -> str:
        """The address of both."""
        return LOOPBACK

    @property
    def base_url(self) -> str:
        """Of its HTTP door."""
        return f"http://{self.host}:{self.http_port}"

    @property
    def fhir_url(self) -> str:
        """Of its FHIR door."""
        return f"{self.base_url}/fhir/R4"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the roles of a run listen."""

    gateways: tuple[Gateway, ...]
    workers: tuple[int, ...]
    projections: int


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a run, in memory alone.

    Attributes:
        senders: By the name of a FHIR sender.
        organisations: By ODS code.
    """

    senders: Mapping[str, str] = field(repr=False)
    organisations: Mapping[str, str] = field(repr=False)


def ports_for(gateways: int, workers: int) -> Ports:
    """Free ports for so many roles."""
    found = iter(free_ports(2 * gateways + workers + 1))
    doors = tuple(Gateway(next(found), next(found)) for _ in range(gateways))
    return Ports(doors, tuple(next(found) for _ in range(workers)), next(found))


def area_in(file: Path, changes: Mapping[str, object]) -> Document:
    """An area as written down; a section in `changes` stands in place of its own."""
    return {**yaml.safe_load(file.read_text(encoding="utf-8")), **changes}


def section(area: Document, name: str) -> Document:
    """A section of an area as written down; empty when it says nothing."""
    found = area.get(name)
    return found if isinstance(found, dict) else {}


def keys_for(area: Document) -> Keys:
    """A new key for each FHIR sender and each organisation."""
    senders = [each["name"] for each in listed(area, "senders") if each["connector"] == "fhir_api"]
    organisations = [each["ods_code"] for each in listed(area, "organisations")]
    return Keys(new_keys(senders), new_keys(organisations))


def new_keys(names: Sequence[object]) -> Mapping[str, str]:
    """A random key for each name."""
    return {str(name): secrets.token_urlsafe(TOKEN_BYTES) for name in names}


def with_keys(area: Document, keys: Keys, today: date) -> Document:
    """The area in which these keys, and no others, are good."""
    senders = [
        with_key(each, keys.senders.get(str(each["name"])), today)
        for each in listed(area, "senders")
    ]
    organisations = [
        with_key(each, keys.organisations.get(str(each["ods_code"])), today)
        for each in listed(area, "organisations")
    ]
    return {**area, "senders": senders, "organisations": organisations}


def with_key(entry: Document, key: str | None, today: date) -> Document:
    """An entry of the configuration with the SHA-256 of its key, if it has one."""
    if key is None:
        return entry
    return {**entry, "tokens": [{"sha256": digest_of(key), "expires_on": today + GOOD_FOR}]}


def listening(area: Document, ports: Ports, gateway: Gateway) -> Document:
    """The area as the roles of one gateway read it. Workers and projections may read any of them."""
    return {
        **area,
        "http": {"host": gateway.host, "port": gateway.http_port},
        "mllp": {"host": gateway.host, "port": gateway.mllp_port},
        "worker": {**section(area, "worker"), "host": LOOPBACK, "port": ports.workers[0]},
        "projections": {"host": LOOPBACK, "port": ports.projections},
    }


def listed(area: Document, section: str) -> list[Document]:
    """The entries of a list in the configuration."""
    entries = area.get(section, [])
    return [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []


def write(area: Document, file: Path) -> Path:
    """Write a configuration file."""
    file.write_text(yaml.safe_dump(area, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file
