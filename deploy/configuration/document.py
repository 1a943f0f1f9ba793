"""A YAML file as plain values, with the line of every key, and nothing of YAML that could hurt.

Values are those of YAML 1.2: `yes`, `on`, `10:00` and `2027-01-31` are text. Refused are anchors,
aliases, merge keys, tags, keys given twice, more than one document, and files too large or too deep
to be a configuration.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from yaml.composer import Composer
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import AliasEvent, NodeEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from deploy.configuration.errors import ConfigurationError, Problem

LARGEST_BYTES: Final = 1_000_000  # a region with 500 practices needs about 150,000
DEEPEST: Final = 12  # the model is six levels deep
WIDEST_NUMBER: Final = 18  # digits that fit into 64 bits

Path = tuple[str | int, ...]
Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]

_TAG: Final = "tag:yaml.org,2002:"
_PLAIN: Final = (
    ("null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    ("bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")),
    ("int", re.compile(rf"^[-+]?[0-9]{{1,{WIDEST_NUMBER}}}$"), list("-+0123456789")),
    (
        "float",
        re.compile(rf"^[-+]?[0-9]{{1,{WIDEST_NUMBER}}}\.[0-9]{{1,{WIDEST_NUMBER}}}$"),
        list("-+0123456789"),
    ),
)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says.

    Attributes:
        name: The file as it was named.
        value: Its content.
        lines: The line of each key and list item, counted from 1.
    """

    name: str
    value: dict[str, Value]
    lines: Mapping[Path, int]

    def problem(self, path: Path, text: str) -> Problem:
        """A problem at `path`, on the line of the nearest part of it that stands in the file."""
        prefixes = (path[:length] for length in range(len(path), 0, -1))
        line = next((self.lines[each] for each in prefixes if each in self.lines), 1)
        return Problem(self.name, line, key_of(path), text)


def key_of(path: Path) -> str:
    """A path as people write it: `senders[1].regions`, counted from 0."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


class _Refused(Exception):
    """Something of YAML that a configuration does not need."""

    def __init__(self, line: int, path: Path, text: str) -> None:
        self.line = line
        self.path = path
        self.text = text


class _Resolver(BaseResolver):
    """Which unquoted words are more than text: those of the JSON schema of YAML 1.2."""


for _name, _pattern, _first in _PLAIN:
    _Resolver.add_implicit_resolver(f"{_TAG}{_name}", _pattern, _first)


class _Loader(Reader, Scanner, Parser, Composer, _Resolver):
    """PyYAML's reader up to nodes; nothing is ever constructed from them."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        _Resolver.__init__(self)
        self._depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """One node, unless it is an alias, an anchor, or too deep."""
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML has no types here
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise _Refused(line, (), "anchors and aliases are not used here; write the value out")
        if self._depth > DEEPEST:
            raise _Refused(line, (), f"is nested more than {DEEPEST} levels deep")
        self._depth += 1
        node: Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


def document_from(content: bytes, name: str) -> Document:
    """Read a file's bytes.

    Raises:
        ConfigurationError: It is not YAML, not UTF-8, or uses what is refused above.
    """
    if len(content) > LARGEST_BYTES:
        text = f"is larger than {LARGEST_BYTES} bytes: is this the right file?"
        raise ConfigurationError([Problem(name, 0, "", text)])
    try:
        node = _Loader(content.decode("utf-8-sig")).get_single_node()
        lines: dict[Path, int] = {}
        value = dict(_pairs(_top(node), (), lines))
    except _Refused as refused:
        problem = Problem(name, refused.line, key_of(refused.path), refused.text)
        raise ConfigurationError([problem]) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = "is not UTF-8; save the file as UTF-8"
        raise ConfigurationError([Problem(name, line, "", text)]) from None
    except YAMLError as error:
        raise ConfigurationError([_yaml_problem(error, name, content)]) from None
    return Document(name, value, lines)


def _yaml_problem(error: YAMLError, name: str, content: bytes) -> Problem:
    match error:
        case MarkedYAMLError(problem_mark=mark) if mark is not None:
            return Problem(name, mark.line + 1, "", f"is not YAML here: {error.problem}")
        case ReaderError():
            line = content.decode("utf-8-sig")[: error.position].count("\n") + 1
            return Problem(name, line, "", "holds a control character; remove it")
        case _:
            return Problem(name, 0, "", "is not YAML")


def _top(node: Node | None) -> MappingNode:
    if not isinstance(node, MappingNode):
        raise _Refused(1, (), "must hold keys and values, such as `regions:`")
    return node


def _value(node: Node, path: Path, lines: dict[Path, int]) -> Value:
    match node:
        case MappingNode(tag="tag:yaml.org,2002:map"):
            return dict(_pairs(node, path, lines))
        case SequenceNode(tag="tag:yaml.org,2002:seq"):
            return list(_items(node, path, lines))
        case ScalarNode(value=str(text), tag=str(tag)):
            return _scalar(text, tag.removeprefix(_TAG), node, path)
        case _:
            raise _tagged(node, path)


def _scalar(text: str, kind: str, node: Node, path: Path) -> Value:
    match kind:
        case "str":
            return text
        case "null":
            return None
        case "bool" if text.lower() in ("true", "false"):
            return text.lower() == "true"
        case "int" if re.fullmatch(_PLAIN[2][1], text):
            return int(text)
        case "float" if re.fullmatch(_PLAIN[3][1], text):
            return float(text)
        case _:
            raise _tagged(node, path)


def _tagged(node: Node, path: Path) -> _Refused:
    return _Refused(
        node.start_mark.line + 1, path, "tags (`!...`) are not used here; write the plain value"
    )


def _items(node: SequenceNode, path: Path, lines: dict[Path, int]) -> Iterator[Value]:
    for number, item in enumerate(node.value):
        here: Path = (*path, number)
        lines[here] = item.start_mark.line + 1
        yield _value(item, here, lines)


def _pairs(node: MappingNode, path: Path, lines: dict[Path, int]) -> Iterator[tuple[str, Value]]:
    for key, item in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode) or key.tag != f"{_TAG}str":
            raise _Refused(line, path, "a key must be a plain word")
        here: Path = (*path, key.value)
        if here in lines:
            raise _Refused(line, here, f"is given twice, first on line {lines[here]}; remove one")
        lines[here] = line
        yield key.value, _value(item, here, lines)
