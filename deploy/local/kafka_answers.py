"""Ask a port whether a Kafka broker serves there, with one request of Kafka's own protocol.

Only `hub.runtime` may know a Kafka client, and a start needs no more than this.
"""

import socket
import struct

from deploy.local.ports import LOOPBACK

ANSWERS_WITHIN_SECONDS = 2.0
CORRELATION = 7
# Size; then api key 3 (Metadata), version 2, correlation id, no client id, no topics.
REQUEST = struct.pack("!ihhihi", 14, 3, 2, CORRELATION, -1, 0)


def cluster_at(port: int) -> str | None:
    """The id of the cluster whose broker serves on this port; None while there is none.

    A broker is listed only once it is let in, so this says more than that the port is open.
    """
    try:
        with socket.create_connection(
            (LOOPBACK, port), timeout=ANSWERS_WITHIN_SECONDS
        ) as connection:
            connection.sendall(REQUEST)
            answer = Reader(connection)
            return cluster_in(answer, port)
    except (OSError, UnicodeDecodeError, struct.error):
        return None


class Reader:
    """Reads Kafka's plain types one after the other."""

    def __init__(self, connection: socket.socket) -> None:
        self._file = connection.makefile("rb")

    def int32(self) -> int:
        """Four bytes, signed."""
        return int(struct.unpack("!i", self._file.read(4))[0])

    def string(self) -> str | None:
        """Two bytes of length, then UTF-8; length -1 is null."""
        (length,) = struct.unpack("!h", self._file.read(2))
        return self._file.read(length).decode() if length >= 0 else None


def cluster_in(answer: Reader, port: int) -> str | None:
    """Read the brokers, then the cluster id; None if no listed broker has this port."""
    answer.int32()
    if answer.int32() != CORRELATION:
        return None
    ports = []
    for _ in range(answer.int32()):
        answer.int32()
        answer.string()
        ports.append(answer.int32())
        answer.string()
    cluster = answer.string()
    return cluster if port in ports else None
