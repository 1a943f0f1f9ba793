"""Ports on this machine, chosen once and kept from start to start."""

import secrets
import socket
import time
from pathlib import Path

from deploy.local.progress import Progress

LOOPBACK = "127.0.0.1"
LETS_GO_WITHIN_SECONDS = 2.0
LOOK_EVERY_SECONDS = 0.05
FIRST, LAST = 20_000, 32_000  # below what Linux and macOS hand out to outgoing connections


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def is_freed(port: int) -> bool:
    """Whether a server could listen there soon: a killed one takes a moment to let go."""
    until = time.monotonic() + LETS_GO_WITHIN_SECONDS
    while not is_free(port):
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_EVERY_SECONDS)
    return True


def free_ports(count: int) -> tuple[int, ...]:
    """Different free ports. Nothing holds them: another program may still come first."""
    found: set[int] = set()
    while len(found) < count:
        port = FIRST + secrets.randbelow(LAST - FIRST)
        if is_free(port):
            found.add(port)
    return tuple(found)


def ports_in(file: Path, count: int) -> tuple[int, ...]:
    """The ports written in the file, or none if it is missing or spoilt."""
    try:
        ports = tuple(int(line) for line in file.read_text(encoding="ascii").split())
    except (FileNotFoundError, ValueError):
        return ()
    return ports if len(ports) == count else ()


def kept_ports(file: Path, count: int, tell: Progress) -> tuple[int, ...]:
    """The ports in the file if all are free; otherwise new ones, written there and told."""
    ports = ports_in(file, count)
    if ports and all(is_freed(port) for port in ports):
        return ports
    chosen = free_ports(count)
    if ports:
        tell(
            f"Another program took one of the ports {listed(ports)}; from now on {listed(chosen)}."
        )
    fresh = file.with_suffix(".new")
    fresh.write_text("\n".join(map(str, chosen)) + "\n", encoding="ascii")
    fresh.replace(file)
    return chosen


def listed(ports: tuple[int, ...]) -> str:
    """The ports as people write them."""
    return ", ".join(map(str, ports))
