"""A sender for tests and trials: one connection, one message at a time, waiting for each answer."""

import socket
import ssl
from types import TracebackType
from typing import Final, Self

START: Final = b"\x0b"
END: Final = b"\x1c\r"


class MllpClient:
    """A sender over MLLP. It knows nothing of the hub's own framing code, so that each checks the other."""

    def __init__(
        self,
        host: str,
        port: int,
        timeout_seconds: float = 15.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._socket = socket.create_connection((host, port), timeout_seconds)
        if tls is not None:
            self._socket = tls.wrap_socket(self._socket, server_hostname=host)
        self._left = b""

    def send(self, message: bytes) -> bytes:
        """Send a message and wait for its acknowledgement.

        Raises:
            ConnectionError: The other side closed.
            TimeoutError: It did not answer.
        """
        self._socket.sendall(START + message + END)
        return self._answer()

    def _answer(self) -> bytes:
        while END not in self._left:
            received = self._socket.recv(65_536)
            if not received:
                raise ConnectionError("closed before an answer")
            self._left += received
        answer, _, self._left = self._left.partition(END)
        return answer.removeprefix(START)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        self.close()
