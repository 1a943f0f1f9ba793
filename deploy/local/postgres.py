"""One real PostgreSQL server on this machine."""

import secrets
import shutil
import signal
import time
from pathlib import Path

import psycopg

from deploy.local.errors import CannotStart
from deploy.local.ports import LOOPBACK, kept_ports, ports_in
from deploy.local.postgres_place import Place, place_for
from deploy.local.postgres_programs import programs_for
from deploy.local.process import LOOK_EVERY_SECONDS, ServerProcess, adding_to, process, run_to_end
from deploy.local.progress import Progress, silent

NAME = "hub"  # of the role and of its database
ANSWERS_WITHIN_SECONDS = 60.0
FOUND_ANSWERS_WITHIN_SECONDS = 15.0
STOPPING = (
    (signal.SIGINT, 5.0),
    (signal.SIGQUIT, 2.0),
)  # PostgreSQL's fast, then its immediate shutdown
LOG_KEPT_BYTES = 16_000_000
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC"}
STILL_HELD = (
    "pre-existing shared memory block"  # said while processes of a killed server are leaving
)

LAY_OUT = (
    "--username=postgres",
    "--auth=reject",  # nobody comes in as the superuser
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
)
LET_IN = f"host all {NAME} {LOOPBACK}/32 scram-sha-256"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class LocalPostgres:
    """PostgreSQL on 127.0.0.1, entered as one role that is no superuser, by password.

    Port, password and data stay the same from start to start. What was committed outlives any kill,
    and a power cut as far as the disk is honest about what it has written.

    Args:
        state: The hub's state folder, with the data in `postgres` (for root see `postgres_place`).
        tell: Hears what takes long.
    """

    def __init__(self, state: Path, *, tell: Progress = silent) -> None:
        self._state = state.resolve()
        self._tell = tell
        self._port_file = self._state / "postgres.port"
        self._password_file = self._state / "postgres.password"
        self._log = self._state / "postgres.log"
        self._process: ServerProcess | None = None

    @property
    def url(self) -> str:
        """For psycopg, with the password: not for logs. Known from the first start on.

        Raises:
            CannotStart: It was never started on this folder.
        """
        ports = ports_in(self._port_file, 1)
        if not ports or not self._password_file.exists():
            raise CannotStart(f"PostgreSQL was never started on {self._state}.")
        password = self._password_file.read_text(encoding="ascii")
        return f"postgresql://{NAME}:{password}@{LOOPBACK}:{ports[0]}/{NAME}"

    @property
    def pid(self) -> int | None:
        """The number of the server's first process while it lives."""
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        """Whether the server's first process runs; it may not answer yet."""
        return self._process is not None and self._process.alive()

    def start(self) -> None:
        """Return once it answers: the server found running, or a new one on the same port and data.

        Raises:
            CannotStart: It stopped or stayed silent, or cannot run from this account.
        """
        if self.alive():
            return
        place = place_for(self._state, self._tell)
        server = self._process = ServerProcess("postgres", f"-D {place.data} ", place.account)
        if self._adopted(server):
            return
        programs = programs_for(place.account, place.folder, self._tell)
        self._lay_out_once(programs, place)
        self._remove_stale_pid_file(place)
        try:
            self._launch(server, programs, place)
        except BaseException:
            server.end(())
            raise

    def stop(self) -> None:
        """Stop within seconds, breaking off what is open; killed if deaf. The data stays."""
        if self._process:
            self._process.end(STOPPING)

    def kill(self) -> None:
        """SIGKILL the first process, for fault tests; the others notice and leave soon after."""
        if self._process:
            self._process.end(())

    def _adopted(self, server: ServerProcess) -> bool:
        """Go on with the server that an earlier hub left, if it answers; end it otherwise."""
        left = server.find()
        if left is None:
            return False
        usable = self._password_file.exists()
        if usable and self._answers_within(server, FOUND_ANSWERS_WITHIN_SECONDS):
            self._tell(f"PostgreSQL was still running (process {left.pid}).")
            return True
        self._tell(f"PostgreSQL was left in a state of no use (process {left.pid}): ending it.")
        server.end(STOPPING)
        return False

    def _lay_out_once(self, programs: Path, place: Place) -> None:
        """Make data with the hub's role and database, which appears complete or not at all."""
        if place.data.is_dir():
            if not self._password_file.exists():
                renewal = f"ALTER ROLE {NAME} PASSWORD '{self._new_password()}'"
                self._run_alone(programs, place, place.data, renewal)
            return
        self._tell("PostgreSQL: a new data folder.")
        fresh = place.folder / "new"
        shutil.rmtree(fresh, ignore_errors=True)
        place.make_for_account(fresh)
        self._run((str(programs / "initdb"), *LAY_OUT, "-D", str(fresh)), place)
        self._run_alone(
            programs,
            place,
            fresh,
            f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{self._new_password()}'",
            f"CREATE DATABASE {NAME} OWNER {NAME}",
            f"COPY (SELECT '{LET_IN}') TO {literal(fresh / 'pg_hba.conf')}",
        )
        fresh.rename(place.data)

    def _new_password(self) -> str:
        password = secrets.token_urlsafe(24)
        fresh = self._password_file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with adding_to(fresh) as file:
            file.write(password.encode())
        fresh.replace(self._password_file)
        return password

    def _run_alone(self, programs: Path, place: Place, data: Path, *statements: str) -> None:
        """Run statements as the superuser, in single-user mode, on data that no server holds."""
        text = "\n".join(statements) + "\n"
        command = (str(programs / "postgres"), "--single", "-D", str(data), "postgres")
        self._run(command, place, text)

    def _run(self, command: tuple[str, ...], place: Place, text: str = "") -> None:
        if not run_to_end(
            command,
            account=place.account,
            folder=place.folder,
            log=self._log,
            environment=ENVIRONMENT,
            text=text,
        ):
            raise CannotStart(
                f"PostgreSQL's data folder could not be laid out; its log: {self._log}"
            )

    def _remove_stale_pid_file(self, place: Place) -> None:
        """Remove a pid file that PostgreSQL would stop at: spoilt, or naming some other process."""
        file = place.data / "postmaster.pid"
        try:
            first = file.read_text(encoding="utf-8").split("\n", 1)[0]
            pid = abs(int(first))  # negative in single-user mode
            stale = pid == 0 or process(pid) is not None
        except FileNotFoundError:
            return
        except ValueError:
            stale = True
        if stale:
            file.unlink()

    def _launch(self, server: ServerProcess, programs: Path, place: Place) -> None:
        """Start it, and again while the processes of a killed one still hold its memory."""
        self._turn_log()
        (port,) = kept_ports(self._port_file, 1, self._tell)
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = (str(programs / "postgres"), "-D", str(place.data), "-p", str(port), *settings)
        until = time.monotonic() + ANSWERS_WITHIN_SECONDS
        while time.monotonic() < until:
            said = self._log.stat().st_size if self._log.exists() else 0
            server.launch(command, folder=place.folder, log=self._log, environment=ENVIRONMENT)
            if self._answers_within(server, until - time.monotonic()):
                return
            if server.alive() or STILL_HELD not in self._log_from(said):
                break
            time.sleep(LOOK_EVERY_SECONDS)
        what = "gave no answer in time" if server.alive() else "stopped while starting"
        raise CannotStart(f"PostgreSQL {what}; its log: {self._log}")

    def _answers_within(self, server: ServerProcess, seconds: float) -> bool:
        """Wait until it answers a query; stop waiting when the process is gone."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and server.alive():
            try:
                with psycopg.connect(self.url, connect_timeout=2) as connection:
                    connection.execute("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(LOOK_EVERY_SECONDS)
            else:
                return True
        return False

    def _turn_log(self) -> None:
        if self._log.exists() and self._log.stat().st_size > LOG_KEPT_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))

    def _log_from(self, offset: int) -> str:
        with self._log.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace")


def literal(path: Path) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"
