"""The core opens nothing, reads no clock and draws no lots: seen in the syntax, not the imports."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CORE = next(
    contract["source_modules"]
    for contract in SETTINGS["contracts"]
    if contract["name"] == "The core is pure"
)

FORBIDDEN = {
    "open",
    "input",
    "io.open",
    "io.FileIO",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "uuid.uuid1",
    "uuid.uuid4",
}
"""Calls that a pure function has no use for."""

FORBIDDEN_MODULES = {"random", "secrets", "time", "os"}
"""Modules of which nothing is used: `time.time`, `os.environ`, `os.urandom` and their like."""


def files_of(module: str) -> list[Path]:
    """The files of a module, or of all modules below a package; `*` stands for one name."""
    pattern = module.replace(".", "/")
    return sorted({*ROOT.glob(f"{pattern}.py"), *ROOT.glob(f"{pattern}/**/*.py")})


def faults_in(source: str) -> set[str]:
    """What a text uses of the forbidden, by full names, whatever it was imported as."""
    tree = ast.parse(source)
    known = imported_names(tree)
    used = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and (name := full_name(node, known))
    }
    return {
        name
        for name in used | set(known.values())
        if name in FORBIDDEN or name.partition(".")[0] in FORBIDDEN_MODULES
    }


def imported_names(tree: ast.AST) -> dict[str, str]:
    """Local name -> full name."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                first = each.name.partition(".")[0]
                known[each.asname or first] = each.name if each.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                known[each.asname or each.name] = f"{node.module}.{each.name}"
    return known


def full_name(node: ast.expr, known: dict[str, str]) -> str | None:
    """The dotted name of an expression, where it is one."""
    match node:
        case ast.Name(id=name):
            return known.get(name, name if name in FORBIDDEN else None)
        case ast.Attribute(value=value, attr=attribute):
            of = full_name(value, known)
            return f"{of}.{attribute}" if of else None
        case _:
            return None


def test_the_core_has_files():
    assert [module for module in CORE if not files_of(module)] == []


def test_the_core_touches_nothing():
    paths = {path for module in CORE for path in files_of(module)}
    found = {str(path.relative_to(ROOT)): faults_in(path.read_text()) for path in paths}
    assert {place: faults for place, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("def f(p):\n    with open(p) as file:\n        return file.read()", "open"),
        ("import io\nf = io.open('x')", "io.open"),
        ("x = input()", "input"),
        ("from datetime import datetime\nx = datetime.now()", "datetime.datetime.now"),
        ("import datetime\nx = datetime.datetime.now()", "datetime.datetime.now"),
        ("import datetime as dt\nx = dt.datetime.utcnow()", "datetime.datetime.utcnow"),
        ("from datetime import datetime as D\nf = D.today", "datetime.datetime.today"),
        ("from datetime import date\nx = date.today()", "datetime.date.today"),
        ("from uuid import uuid4\nx = uuid4()", "uuid.uuid4"),
        ("import uuid\nx = uuid.uuid1()", "uuid.uuid1"),
        ("import random\nx = random.choice([1])", "random.choice"),
        ("from random import Random\nx = Random(1)", "random.Random"),
        ("import secrets\nx = secrets.token_hex()", "secrets.token_hex"),
        ("import time\nx = time.time()", "time.time"),
        ("from time import monotonic as tick\nx = tick()", "time.monotonic"),
        ("import os\nx = os.environ['A']", "os.environ"),
        ("def f():\n    from os import getenv\n    return getenv('A')", "os.getenv"),
    ],
)
def test_a_violation_is_found(source, fault):
    assert fault in faults_in(source)


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import time\nx = time(10, 0)",  # a time of day, no clock
        "from uuid import uuid5, UUID\nx = uuid5(UUID(int=0), 'a')",
        "from datetime import datetime\nx = datetime.fromisoformat('2026-01-01')",
        "import io\nx = io.BytesIO(b'')",
        "def f(stay):\n    return stay.open",
    ],
)
def test_what_only_looks_alike_is_no_fault(source):
    assert faults_in(source) == set()
