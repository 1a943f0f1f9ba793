"""Write what follows from `schemas/` (registry versions, `hub/records`, `hub/topics.py`), and tables from the code.

python -m deploy.generate            write
python -m deploy.generate --check    write nothing, name every file that differs; exit 1 if any does
python -m deploy.generate --amend    replace the newest version (for work that has not landed yet)
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from deploy.generating.adt_table import README as WARD_README
from deploy.generating.adt_table import with_table
from deploy.generating.python_records import FOLDER as RECORDS
from deploy.generating.python_records import init_module, record_modules, registry_module
from deploy.generating.registry import FOLDER as REGISTRY
from deploy.generating.registry import LANDED, grown, landed_text, registry_from
from deploy.generating.schema_files import schemas_from
from deploy.generating.schemas import ContractBroken
from deploy.generating.topics import topic_faults, topics_from, topics_module

ROOT: Final = Path(__file__).parents[1]
AVRO: Final = "schemas/avro"
TOPICS: Final = "schemas/topics"
META_SCHEMA: Final = "schemas/topics.schema.json"
TOPICS_MODULE: Final = "hub/topics.py"


def generate(check: bool, *, amend: bool = False, root: Path = ROOT) -> list[str]:
    """Bring everything generated in step with `schemas/`, or only say what is not.

    Returns:
        One line for each file that differed, was missing or was left over.

    Raises:
        ContractBroken: The schemas break a rule; nothing was written.
    """
    wanted = _formatted(_wanted(root, amend=amend))
    present = {path: (root / path).read_text() for path in _present(root)}
    differences = _differences(wanted, present)
    if not check:
        for path in present.keys() - wanted.keys():
            (root / path).unlink()
        for path, text in wanted.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
    return differences


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 0 = done or in step, 1 = not in step or a rule is broken."""
    parser = argparse.ArgumentParser(prog="python -m deploy.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, name what differs")
    parser.add_argument("--amend", action="store_true", help="replace the newest versions")
    given = parser.parse_args(arguments)
    try:
        differences = generate(given.check, amend=given.amend)
    except ContractBroken as broken:
        sys.stderr.write(f"{broken}\n")
        return 1
    sys.stdout.write("".join(f"{each}\n" for each in differences))
    return 1 if given.check and differences else 0


def _wanted(root: Path, *, amend: bool) -> dict[str, str]:
    """Every generated file by path, not yet formatted."""
    schemas = schemas_from(_texts(root / AVRO, "*.avsc"))
    topics = topics_from(_texts(root / TOPICS, "*.yaml"), (root / META_SCHEMA).read_text())
    if faults := topic_faults(topics, schemas):
        raise ContractBroken(faults)
    landed = root / LANDED
    before = registry_from(
        _texts(root / REGISTRY, "*/*.avsc"), landed.read_text() if landed.exists() else ""
    )
    registry = grown(before, schemas, amend=amend)
    readme = root / WARD_README
    return {
        **({WARD_README: with_table(readme.read_text())} if readme.exists() else {}),
        **{f"{REGISTRY}/{each.path}": each.text for each in registry},
        LANDED: landed_text(registry),
        **record_modules(schemas),
        f"{RECORDS}/__init__.py": init_module(schemas),
        f"{RECORDS}/registry.py": registry_module(registry),
        TOPICS_MODULE: topics_module(topics),
    }


def _texts(folder: Path, pattern: str) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.glob(pattern)}


def _present(root: Path) -> list[str]:
    found = [*(root / REGISTRY).glob("*/*"), *(root / RECORDS).glob("*.py*")]
    found += [
        each for each in (root / LANDED, root / TOPICS_MODULE, root / WARD_README) if each.exists()
    ]
    return [each.relative_to(root).as_posix() for each in found]


def _formatted(files: Mapping[str, str]) -> dict[str, str]:
    """The Python among the files as ruff writes it, whatever the configuration around it."""
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(files.values()):
            (Path(folder) / f"{number}.py").write_text(text)
        python = [f"{number}.py" for number, path in enumerate(files) if path.endswith(".py")]
        options = [
            "--isolated",
            "--line-length=100",
            "--target-version=py311",
            "--quiet",
            "--no-cache",
        ]
        command = [sys.executable, "-m", "ruff", "format", *options, *python]
        subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - our own words, no shell
        return {path: (Path(folder) / f"{n}.py").read_text() for n, path in enumerate(files)}


def _differences(wanted: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    missing = [f"missing: {path}{_source(path, wanted)}" for path in wanted.keys() - present.keys()]
    left_over = [f"left over: {path}" for path in present.keys() - wanted.keys()]
    both = [path for path in wanted.keys() & present.keys() if wanted[path] != present[path]]
    return sorted(
        missing + left_over + [f"differs: {path}{_source(path, wanted)}" for path in both]
    )


def _source(path: str, wanted: Mapping[str, str]) -> str:
    """Where a person has to look: the file that a generated file follows from."""
    if version := re.fullmatch(rf"{REGISTRY}/(\w+)/\d+\.avsc", path):
        return f" (from {AVRO}/{version[1]}.avsc)"
    generated = re.match(r"# Generated from (.+); do not edit", wanted[path])
    return f" (from {generated[1]})" if generated else ""


if __name__ == "__main__":
    sys.exit(main())
