"""The HTTP server of a role."""

import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from deploy.configuration.servers import Listener

GRACE_SECONDS: Final = 5


class RoleServer(uvicorn.Server):
    """A server that leaves signals to its role."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture nothing: the role stops the server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server`, which ends the process without a word where it cannot listen."""
        try:
            await super().startup(sockets=sockets)
        except SystemExit as error:
            raise SystemExit(cannot_listen(self.config.host, self.config.port)) from error


def cannot_listen(host: str, port: int) -> str:
    """What to say of an address that cannot be listened on."""
    return f"It cannot listen on port {port} of {host}: `hub doctor` says what is in the way."


def http_server(section: Listener, app: ASGIApp, port: int | None = None) -> RoleServer:
    """A server on the address of a section. It writes no access log: addresses may name people."""
    client_ca = section.tls.client_ca if section.tls else None
    return RoleServer(
        uvicorn.Config(
            app,
            host=section.host,
            port=section.port if port is None else port,
            ssl_certfile=section.tls.cert if section.tls else None,
            ssl_keyfile=section.tls.key if section.tls else None,
            ssl_ca_certs=str(client_ca) if client_ca else None,
            ssl_cert_reqs=ssl.CERT_REQUIRED if client_ca else ssl.CERT_NONE,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            lifespan="off",
        )
    )
