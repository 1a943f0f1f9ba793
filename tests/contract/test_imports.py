"""The import contracts bind: each breaks, by name, on what it forbids, and no room is left out."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("hub", "connectors", "processors", "deploy")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in SETTINGS["contracts"]}
LAYERS = [re.split(r"\s*\|\s*", layer) for layer in CONTRACTS["Rooms, top to bottom"]["layers"]]

NOT_CORE = {"hub.asking", "hub.waiting", "hub.ports", "hub.runtime", "hub.store", "hub.testing"}
"""Rooms of the kernel that touch the world, or describe what does; all others are the core."""

VIOLATIONS = [
    ("Rooms, top to bottom", "hub/errors.py", "hub.identity"),
    ("Rooms, top to bottom", "hub/fhir/systems.py", "hub.hl7v2.limits"),
    ("Rooms, top to bottom", "hub/runtime/clock.py", "hub.store.tables"),
    ("Rooms, top to bottom", "hub/store/tables.py", "connectors.ward_mllp.verdict"),
    ("The core is pure", "hub/matching/names.py", "httpx"),
    ("The core is pure", "processors/carer_matching/triggers.py", "random"),
    ("The core is pure", "connectors/ward_mllp/mapping/codes.py", "asyncio"),
    ("The core is pure", "connectors/ward_mllp/settings.py", "os"),  # reached through a chain
    ("Only the runtime knows Kafka", "connectors/fhir_api/inbound.py", "aiokafka"),
    ("Only the runtime knows Kafka", "deploy/doctor.py", "kafka"),
    ("Only the runtime knows Kafka", "hub/store/engine.py", "faust"),
    ("SQL stays in the store", "hub/runtime/worker.py", "sqlalchemy"),
    ("SQL stays in the store", "deploy/doctor.py", "psycopg"),
    ("Edges and rules know ports only", "connectors/fhir_api/inbound.py", "hub.store.door"),
    ("Edges and rules know ports only", "connectors/ward_mllp/inbound.py", "hub.runtime.clock"),
    ("No circles", "hub/fhir/systems.py", "hub.fhir.reading"),
    ("No circles", "deploy/settings.py", "deploy.here"),
    (
        "Processors do not know each other",
        "processors/carer_matching/triggers.py",
        "processors.discharge_involvement.policy",
    ),
    (
        "Connectors do not know each other",
        "connectors/fhir_api/outcome.py",
        "connectors.ward_mllp.verdict",
    ),
    ("The demonstration's truth shares no code", "deploy/demo/world/truth.py", "hub.fhir.systems"),
    ("The demonstration's truth shares no code", "deploy/demo/script.py", "hub.matching.words"),
]


def named(layer: str) -> str:
    return layer.strip("()")


def modules_of_hub() -> set[str]:
    found = (ROOT / "hub").iterdir()
    return {
        f"hub.{each.stem}"
        for each in found
        if (each / "__init__.py").exists() or (each.suffix == ".py" and each.stem != "__init__")
    }


# Every module has its place


def test_every_module_of_hub_stands_in_exactly_one_layer():
    listed = [named(room) for layer in LAYERS for room in layer if named(room).startswith("hub.")]
    assert len(listed) == len(set(listed))
    standing = [
        room for layer in LAYERS for room in layer if room.startswith("hub.")
    ]  # without brackets
    assert set(standing) == modules_of_hub()


def test_brackets_are_for_what_is_not_built_yet():
    bracketed = {named(room) for layer in LAYERS for room in layer if room.startswith("(")}
    assert not bracketed & modules_of_hub()


def test_whatever_is_no_shell_is_core():
    core = set(CONTRACTS["The core is pure"]["source_modules"])
    assert {room for room in core if room.startswith("hub.")} == modules_of_hub() - NOT_CORE


@pytest.mark.parametrize(
    ("contract", "home"),
    [("Only the runtime knows Kafka", "hub.runtime"), ("SQL stays in the store", "hub.store")],
)
def test_a_contract_of_one_room_binds_all_others(contract, home):
    others = (modules_of_hub() | {"deploy", "connectors", "processors"}) - {home}
    assert set(CONTRACTS[contract]["source_modules"]) == others


# Every contract breaks


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    root = tmp_path_factory.mktemp("rooms")
    for room in ROOMS:
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def broken_in(root):
    """The names of the contracts that do not hold."""
    done = subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": "", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = re.findall(r"^(.+?) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE)
    assert [name for name, _ in verdicts] == list(CONTRACTS), done.stdout + done.stderr
    broken = {name for name, verdict in verdicts if verdict == "BROKEN"}
    assert done.returncode == (1 if broken else 0)
    return broken


def test_every_contract_has_a_violation():
    assert {contract for contract, _, _ in VIOLATIONS} == set(CONTRACTS)


def test_all_contracts_hold(copy):
    assert broken_in(copy) == set()


@pytest.mark.parametrize(("contract", "path", "imported"), VIOLATIONS)
def test_a_forbidden_import_breaks_its_contract_by_name(copy, contract, path, imported):
    module = copy / path
    text = module.read_text()
    module.write_text(f"{text}\nimport {imported}\n")
    try:
        assert contract in broken_in(copy)
    finally:
        module.write_text(text)
