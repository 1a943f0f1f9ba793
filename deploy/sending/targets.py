"""Where messages may go without a second thought: to this machine, and nowhere else."""

import ipaddress
import socket
import ssl
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from deploy.exit_codes import ExitCode, Stopped
from hub.errors import Unavailable


def host_and_port(target: str) -> tuple[str, int]:
    """The parts of `host:port`; an IPv6 address stands in brackets.

    Raises:
        Stopped: It is none.
    """
    parts = parts_of(f"//{target}")
    whole = parts is not None and parts.netloc == target and "@" not in target
    port = port_of(parts) if parts is not None and whole else None
    if parts is None or not parts.hostname or not port:
        raise Stopped(ExitCode.USAGE, "Name the target as HOST:PORT, such as 127.0.0.1:2575.")
    return parts.hostname, port


def http_host(url: str) -> str:
    """The host of a web address.

    Raises:
        Stopped: It is none, or holds a password or a query.
    """
    parts = parts_of(url)
    if parts is None or not parts.hostname or parts.scheme not in ("http", "https"):
        raise Stopped(
            ExitCode.USAGE, "Name the target as a URL, such as http://127.0.0.1:8480/fhir/R4."
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise Stopped(ExitCode.USAGE, "The URL may hold no password, no query and no fragment.")
    return parts.hostname


def parts_of(address: str) -> SplitResult | None:
    """The parts of an address; None when it has none."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def port_of(parts: SplitResult) -> int | None:
    """The port, if it is one."""
    try:
        return parts.port
    except ValueError:
        return None


def refuse_elsewhere(host: str, *, really: bool) -> None:
    """Let nothing leave this machine unless that was said.

    Raises:
        Stopped: The host is another machine.
        Unavailable: Nobody knows the host.
    """
    if not really and not is_this_machine(host):
        raise Stopped(
            ExitCode.USAGE,
            f"{host} is another machine. Messages hold personal data, which may go there unencrypted: say --really "
            "if that is what you want.",
        )


def is_this_machine(host: str) -> bool:
    """Whether every address of a host is a loopback address.

    Raises:
        Unavailable: It has none.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unavailable(f"{host} is not known.") from None
    return all(ipaddress.ip_address(str(address[0])).is_loopback for *_, address in found)


def tls_for(ca: Path | None, cert: Path | None, key: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or later to a hub that is checked, showing a certificate where one is given.

    Raises:
        Stopped: A file holds no certificate, or not its key.
    """
    if cert is None and key is not None:
        raise Stopped(ExitCode.USAGE, "--key is the key of a certificate: say --cert too.")
    try:
        context = ssl.create_default_context(cafile=ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if cert is not None:
            context.load_cert_chain(cert, key)
    except OSError as error:
        why = error.strerror or "no certificate, or not its key"
        raise Stopped(ExitCode.USAGE, f"--ca, --cert or --key cannot be used: {why}.") from error
    return context
