"""Every room says what it is; every link and decision cited exists; logs say what they may."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import get_args

import pytest

from hub.catalogue.logs import FIELDS
from hub.catalogue.metrics import MEANINGS, MetricName

ROOT = Path(__file__).parents[2]
TOP = ("hub", "connectors", "processors", "schemas", "deploy", "tests")
ADR = ROOT / "deploy/adr"
NOT_OURS = {"__pycache__", "build", "node_modules"}
TEXTS = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".avsc", ".txt", ".cfg", ".sh", ".sql"}
MACHINE_PATH = re.compile(
    r"(?<![\w.~>}/-])/(?:(?:home|Users)/\w{3,}|(?:root|work)/\w)|[A-Z]:\\+Users\\+\w"
)

MADE_UP_HOMES = {"tests/unit/test_local_folders.py"}
"""Tests of where folders lie: the homes in them belong to nobody."""

LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
SET_BY_THE_SHELL = {"event", "level", "timestamp", "logger"}
"""Fields that a call does not give: its first argument, and what the set-up of the logs adds."""


def files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or (path.name.startswith(".") and path.name != ".ci"):
            continue
        if path.is_dir():
            yield from files_below(path)
        else:
            yield path


def rooms() -> list[Path]:
    """The six rooms and each folder right below them."""
    below = (each for top in TOP for each in sorted((ROOT / top).iterdir()) if each.is_dir())
    return [ROOT / top for top in TOP] + [each for each in below if each.name not in NOT_OURS]


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


FILES = list(files_below(ROOT))
PROJECT_TEXTS = [each for each in FILES if each.suffix in TEXTS or each.parent.name == ".ci"]
DOCUMENTS = [each for each in FILES if each.suffix == ".md"]
MODULES = [each for each in FILES if each.suffix == ".py" and place(each).split("/")[0] != "tests"]


SPEAKING = [each for each in MODULES if re.search(r"\blog\b", each.read_text())]
"""Only these are parsed for what they log, which takes seconds for all."""


# Rooms and their READMEs


def test_every_room_says_what_it_is():
    for room in rooms():
        text = (room / "README.md").read_text()
        assert re.match(r"# \S", text), place(room)
        assert len(text.split()) >= 30, (
            f"{place(room)}: what it is, what may be touched, what its tests hold"
        )


def test_an_empty_room_says_so_and_no_other_does():
    for room in rooms():
        holds = {each.name for each in files_below(room)} - {"README.md", "__init__.py"}
        says = "**Not built yet.**" in (room / "README.md").read_text()
        assert says == (not holds), place(room)


def faults_by_place(
    files: Iterable[Path], found: Callable[[Path], list[str]]
) -> dict[str, list[str]]:
    """Each file that has faults, with all of them: one test for many files tells of them at once."""
    return {place(each): faults for each in files if (faults := found(each))}


def test_every_link_leads_somewhere():
    assert len(DOCUMENTS) > 50
    assert faults_by_place(DOCUMENTS, lambda each: dead_links(each.read_text(), each.parent)) == {}


def dead_links(text: str, folder: Path) -> list[str]:
    """Relative links of a document to files or headings that are not there."""
    targets = re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", without_code(text))
    ours = [each for each in targets if not re.match(r"[a-z][a-z0-9+.-]*:", each)]
    return [each for each in ours if not leads_somewhere(each, text, folder)]


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def leads_somewhere(target: str, text: str, folder: Path) -> bool:
    path, _, heading = target.partition("#")
    if path and not (folder / path).exists():
        return False
    if not heading:
        return True
    return heading in headings((folder / path).read_text() if path else text)


def headings(text: str) -> set[str]:
    """The names that links may use for the headings of a document."""
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in found}


def test_a_dead_link_is_found(tmp_path):
    (tmp_path / "there.md").write_text("# Here and there\n")
    text = "[a](there.md) [b](there.md#here-and-there) [c](https://example.org) `[d](no.md)`"
    assert dead_links(text, tmp_path) == []
    assert dead_links("[a](gone.md) [b](there.md#gone)", tmp_path) == [
        "gone.md",
        "there.md#gone",
    ]


def test_every_path_that_a_document_names_exists():
    def not_there(document: Path) -> list[str]:
        named = re.findall(rf"`((?:{'|'.join(TOP)})/[\w./-]+)`", document.read_text())
        return [each for each in named if not (ROOT / each).exists()]

    assert faults_by_place(DOCUMENTS, not_there) == {}


# Decisions


def test_every_decision_that_is_cited_is_written_down():
    cited = {
        (place(path), number)
        for path in PROJECT_TEXTS
        for number in re.findall(r"\bADR-(\d{4})\b", path.read_text())
    }
    assert ("processors/discharge_involvement/policy.py", "0007") in cited
    assert [each for each in sorted(cited) if not list(ADR.glob(f"{each[1]}-*.md"))] == []


def test_the_index_names_every_decision_once():
    index = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (ADR / "README.md").read_text())
    assert sorted(index) == index
    assert index == sorted(each.name for each in ADR.glob("[0-9]*.md"))


def test_every_decision_says_what_why_price_and_when_to_look_again():
    for path in sorted(ADR.glob("[0-9]*.md")):
        text = path.read_text()
        assert re.match(rf"# ADR-{path.name[:4]}: \S", text), place(path)
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts == ["What", "Why", "Price", "When to look again"], place(path)
        assert len(text.splitlines()) <= 60, f"{place(path)}: one page"


# What may not stand in a text


def test_no_text_names_a_place_on_somebodys_machine():
    texts = [each for each in PROJECT_TEXTS if place(each) not in MADE_UP_HOMES]
    assert len(texts) > 500
    assert faults_by_place(texts, lambda each: MACHINE_PATH.findall(each.read_text())) == {}


@pytest.mark.parametrize(
    "text", ["see /" + "home/anna/hub", '"/' + "root/x", "in C:" + "\\Users\\anna", "(/" + "work/a"]
)
def test_a_place_on_a_machine_is_found(text):
    assert MACHINE_PATH.search(text)


# Logs


def log_faults(source: str) -> list[str]:
    """Calls of a logger that name a field the catalogue does not know, or no plain event."""
    return [
        fault for node in ast.walk(ast.parse(source)) for fault in faults_of(node) if is_log(node)
    ]


def is_log(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=attribute)):
            return attribute in LEVELS | {"bind"}
        case _:
            return False


def faults_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(attr="bind"), args=[]):
            pass
        case ast.Call(args=[ast.Constant(value=str(event))]):
            if not re.fullmatch(r"[a-z]+(-[a-z]+)*", event):
                yield f"event {event!r}"
        case ast.Call():
            yield f"line {node.lineno}: no plain event"
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg not in FIELDS - SET_BY_THE_SHELL:
                yield f"field {keyword.arg}"


def test_a_log_line_holds_fields_of_the_catalogue_only():
    assert faults_by_place(SPEAKING, lambda each: log_faults(each.read_text())) == {}


def test_every_logger_goes_by_the_same_name():
    for path in MODULES:
        made = re.findall(r"^(.*)structlog\.get_logger\(", path.read_text(), re.MULTILINE)
        assert set(made) <= {"log = "}, place(path)


def test_some_lines_are_looked_at():
    calls = (is_log(node) for path in SPEAKING for node in ast.walk(ast.parse(path.read_text())))
    assert sum(calls) > 10


@pytest.mark.parametrize(
    "source",
    [
        "log.info('seen', name='Ada')",
        "log.info('seen', **fields)",
        "log.info(f'seen {name}')",
        "log.warning('Seen a patient')",
        "log.error('seen %s', name)",
        "log.bind(nhs_number='9990000018')",
        "log.info('seen', event='other')",
    ],
)
def test_a_line_that_says_too_much_is_found(source):
    assert log_faults(source)


@pytest.mark.parametrize("source", ["log.info('role-started', pid=1)", "other.info('Ada')"])
def test_a_line_that_says_what_it_may_is_none(source):
    assert log_faults(source) == []


# Metrics


def test_every_metric_has_a_meaning_and_is_shown():
    assert set(get_args(MetricName)) == set(MEANINGS)
    elsewhere = [path.read_text() for path in MODULES if "hub/catalogue" not in place(path)]
    assert [name for name in MEANINGS if not any(f'"{name}"' in text for text in elsewhere)] == []
