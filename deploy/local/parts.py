"""Kafka and PostgreSQL together: started as one, stopped as one, never twice on the same data."""

import errno
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from deploy.local.errors import CannotStart
from deploy.local.folders import PASSABLE, PRIVATE, Folders, make_own
from deploy.local.jars import kafka_jars
from deploy.local.kafka import HEAP_MEGABYTES, LocalKafka
from deploy.local.postgres import LocalPostgres
from deploy.local.progress import Progress, silent


class LocalParts:
    """The real parts of one hub on one machine, in a `with` block or between `start` and `stop`.

    Both run on when the hub is killed, and the next start goes on with them. A stop takes less than
    ten seconds, leaves no process and keeps the data.

    Args:
        folders: Where the fetched and the kept things lie.
        tell: Hears what takes long; also from a second thread.
        heap_megabytes: Kafka's Java heap.
    """

    def __init__(
        self, folders: Folders, *, tell: Progress = silent, heap_megabytes: int = HEAP_MEGABYTES
    ) -> None:
        self._state = folders.state
        self._lock = StateLock(folders.state)
        self.kafka = LocalKafka(
            folders.state / "kafka",
            lambda: kafka_jars(folders.cache, tell),
            heap_megabytes=heap_megabytes,
            tell=tell,
        )
        self.postgres = LocalPostgres(folders.state, tell=tell)

    def __enter__(self) -> Self:
        """Start both."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop both."""
        self.stop()

    def start(self) -> None:
        """Return when both answer; if one cannot, neither is left running.

        Raises:
            CannotStart: Another hub uses the folder, or a part does not run here.
            hub.errors.Unavailable: Kafka's jars are not here yet and cannot be fetched now.
        """
        try:
            self._lock.take()
            with ThreadPoolExecutor(1) as second:
                starting = second.submit(self.postgres.start)
                self.kafka.start()
                starting.result()
        except OSError as error:
            self.stop()
            raise CannotStart(
                f"The local parts cannot use {error.filename or self._state}: {error.strerror}."
            ) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both at the same time; harmless when they are stopped."""
        try:
            with ThreadPoolExecutor(1) as second:
                stopping = second.submit(self.postgres.stop)
                self.kafka.stop()
                stopping.result()
        finally:
            self._lock.give_back()


class StateLock:
    """Held by the one hub that uses a state folder. The system gives it back when that hub dies."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._file: int | None = None

    def take(self) -> None:
        """Take it, or go on holding it.

        Raises:
            CannotStart: Another hub holds it.
        """
        if self._file is not None:
            return
        make_own(self._state, PASSABLE if os.geteuid() == 0 else PRIVATE)
        self._file = os.open(self._state / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.give_back()
            if error.errno != errno.EWOULDBLOCK:
                raise
            raise CannotStart(
                f"Another hub is running on {self._state}: stop it, or choose another HUB_STATE."
            ) from error

    def give_back(self) -> None:
        """Let another hub in."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
