"""Make or remove the project's own Python environment. Runs on a bare Python 3.11, before anything is installed."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ENVIRONMENT = HERE / ".venv"
BIN = ENVIRONMENT / "bin"
LOCK = HERE / "deploy" / "lock" / "all.txt"
UV = "uv==0.13.9"


def run(*command: str) -> None:
    """Run one step, with the installer's cache inside the environment, so that an empty HOME is enough."""
    surroundings = {**os.environ, "UV_CACHE_DIR": str(ENVIRONMENT / "cache")}  # noqa: TID251 - handed on, not read
    subprocess.run(command, check=True, cwd=HERE, env=surroundings)  # noqa: S603 - fixed commands


def environment() -> None:
    """Create the virtual environment with the installer in it, unless it stands."""
    if not (BIN / "uv").exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        run(
            str(BIN / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            UV,
        )


def install() -> None:
    """Install exactly what the lock file names, each file checked against its hash, then the hub itself."""
    environment()
    uv, python = str(BIN / "uv"), str(BIN / "python")
    run(
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--require-hashes",
        "--requirement",
        str(LOCK),
    )
    run(
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--no-deps",
        "--no-build-isolation",
        "--editable",
        ".",
    )
    (ENVIRONMENT / "ready").touch()


def lock() -> None:
    """Write the lock file anew from pyproject.toml: versions and hashes, no addresses."""
    environment()
    run(
        str(BIN / "uv"),
        "pip",
        "compile",
        "pyproject.toml",
        "--all-extras",
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--custom-compile-command",
        "make lock",
        "--quiet",
        "--output-file",
        str(LOCK),
    )


def clean() -> None:
    """Remove the environment. Data folders of the hub are left alone."""
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)


if __name__ == "__main__":
    steps = {"install": install, "lock": lock, "clean": clean}
    if len(sys.argv) != 2 or sys.argv[1] not in steps:
        sys.exit(f"usage: set_up.py {'|'.join(steps)}")
    if sys.version_info < (3, 11):  # noqa: UP036 - said plainly to whoever starts it with an older one
        sys.exit("The hub needs Python 3.11 or later.")
    steps[sys.argv[1]]()
