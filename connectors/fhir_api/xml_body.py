"""XML of FHIR, written as the JSON that says the same, so that one reader follows.

The parser is expat of Python itself: a document type declaration is refused where it begins, so no entity is ever
declared, expanded or fetched, whatever the document says further on. What the published schema repeats becomes a
list; what it does not know goes on without its content, for the schema to refuse by place. Narrative is left out.

Source: FHIR R4, XML and JSON representations of resources.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias
from xml.parsers import expat

import orjson

from connectors.fhir_api.xml_tags import refuse_crowded
from hub.errors import HubError, InvalidResource, Undecodable
from hub.fhir.body import MOST_DEPTH, MOST_PARTS, SHOWN_DEPTH

FHIR: Final = "http://hl7.org/fhir"
NARRATIVE: Final = "Narrative"
RESOURCE: Final = "ResourceList"
"""The name that the published schema gives to "any resource"."""
NOWHERE: Final = "Resource"

_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL: Final = re.compile(
    r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,17})?(?:[eE][+-]?[0-9]{1,2})?", re.ASCII
)
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}", re.ASCII)
_NOT_AN_ELEMENT: Final = "resourceType"
_BETWEEN: Final = " "
"""Stands between a namespace and a name; no namespace of a document holds it."""

Value: TypeAlias = Literal["text", "number", "truth"]


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a type.

    Attributes:
        kind: The type of what stands there.
        repeats: Whether it is a list in JSON.
        value: How JSON writes a primitive; None = an object.
    """

    kind: str
    repeats: bool
    value: Value | None


ROOT: Final = Part(RESOURCE, repeats=False, value=None)
"""What a document is: a resource, whose id is an element, so that it has no attributes of FHIR."""


class Structures(Protocol):
    """What stands in each type, as published."""

    def knows(self, resource_type: str) -> bool:
        """Whether FHIR R4 has a resource type of that name."""
        ...

    def part(self, kind: str, name: str) -> Part | None:
        """An element of a type; None when it has none of that name."""
        ...


@dataclass(slots=True)
class Open:
    """An element that has begun.

    Attributes:
        name: In the element around it.
        part: What the schema says of it; None = it does not know it.
        place: FHIRPath.
        said: What stands in it so far, as JSON.
        value: Of a primitive, as JSON.
        lists: Names of lists of primitives in `said`, whose extensions stand in a list beside them.
    """

    name: str
    part: Part | None
    place: str
    said: dict[str, object] = field(default_factory=dict)
    value: object = None
    lists: set[str] = field(default_factory=set)

    @property
    def is_read(self) -> bool:
        """Whether what stands inside is read: what is not known and narrative are passed over."""
        return self.part is not None and self.part.kind != NARRATIVE


def json_from_xml(body: bytes, structures: Structures) -> bytes:
    """The JSON that says what this XML says.

    Raises:
        Undecodable: It is not well-formed, not of FHIR's namespace, or has a document type declaration.
        InvalidResource: It is larger or deeper than anything that is read, or says in XML what FHIR does not.
    """
    refuse_crowded(body)
    reader = _Reader(structures)
    parser = expat.ParserCreate("utf-8", _BETWEEN)
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise Undecodable(
            f"The body is not XML: it breaks off at line {error.lineno}, column {error.offset + 1}.",
            expression=NOWHERE,
            code="not-xml",
        ) from None
    except HubError as refusal:
        raise _placed(refusal, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1) from None
    return orjson.dumps(reader.resource)


def _placed(refusal: HubError, line: int, column: int) -> HubError:
    """The refusal, saying also where in the document it stands."""
    if not isinstance(refusal, InvalidResource | Undecodable):
        return refusal
    return type(refusal)(
        f"{refusal.reason.removesuffix('.')} (line {line}, column {column}).",
        expression=refusal.expression,
        code=refusal.code,
    )


class _Reader:
    """Builds the JSON while expat reads."""

    def __init__(self, structures: Structures) -> None:
        self.resource: dict[str, object] = {}
        self._structures = structures
        self._open: list[Open] = []
        self._passed = 0  # how deep inside something that is not read
        self._elements = 0

    def refuse_doctype(self, *_: object) -> None:
        raise Undecodable(
            "A document type declaration is never read: leave it out.",
            expression=NOWHERE,
            code="doctype",
        )

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1 + len(attributes)
        if self._elements > MOST_PARTS:
            raise InvalidResource(
                f"At most {MOST_PARTS} parts are read: send several bodies.",
                expression=NOWHERE,
                code="too-many",
            )
        if self._passed or (self._open and not self._open[-1].is_read):
            self._passed += 1
        if len(self._open) + self._passed >= MOST_DEPTH:
            raise InvalidResource(
                f"At most {MOST_DEPTH} levels are read.", expression=self._place(), code="too-deep"
            )
        if not self._passed:
            self._open.append(self._opened(self._local(name), attributes))

    def end(self, _: str) -> None:
        if self._passed:
            self._passed -= 1
            return
        closed = self._open.pop()
        for name in closed.lists:
            _leave_out_empty(closed.said, name)
        if not self._open:
            self.resource = closed.said
        elif closed.is_read or closed.part is None:
            self._put(self._open[-1], closed)

    def text(self, text: str) -> None:
        if not self._passed and not text.isspace() and self._open[-1].is_read:
            raise InvalidResource(
                "Text stands between elements: FHIR has values in the attribute value.",
                expression=self._place(),
                code="structure",
            )

    def _place(self) -> str:
        return self._open[-1].place if self._open else NOWHERE

    def _local(self, name: str) -> str:
        """The name of an element of FHIR."""
        namespace, _, local = name.rpartition(_BETWEEN)
        if namespace != FHIR or _NAME.fullmatch(local) is None or local == _NOT_AN_ELEMENT:
            raise Undecodable(
                f"Elements are those of the namespace {FHIR}.",
                expression=self._place(),
                code="namespace",
            )
        return local

    def _opened(self, name: str, attributes: dict[str, str]) -> Open:
        if not self._open:
            opened = self._resource(name, name)
            self._attributes(opened, ROOT, attributes)
            return opened
        around = self._open[-1]
        if around.part is not None and around.part.kind == RESOURCE:
            if around.said:
                raise _twice(around.place)
            return self._resource(name, around.place)
        part = None if around.part is None else self._structures.part(around.part.kind, name)
        is_shown = (
            part is not None and len(self._open) < SHOWN_DEPTH
        )  # an unknown name may be anything
        opened = Open(name, part, _place_of(around, name, part) if is_shown else around.place)
        if part is not None and opened.is_read:
            self._attributes(opened, part, attributes)
        return opened

    def _resource(self, kind: str, place: str) -> Open:
        """A resource; one that R4 does not have goes on by its type, for that is what is wrong with it."""
        part = Part(kind, repeats=False, value=None) if self._structures.knows(kind) else None
        return Open("", part, place, said={"resourceType": kind})

    def _attributes(self, opened: Open, part: Part, attributes: dict[str, str]) -> None:
        """What stands in attributes: the value of a primitive, the id of an element, the url of an extension."""
        for name, text in attributes.items():
            if (
                name == "value" and part is not ROOT
            ):  # beside an object it is what older versions had there
                opened.value = _value_from(text, part.value or "text")
            elif (name == "id" and part is not ROOT) or (
                name == "url" and part.kind == "Extension"
            ):
                opened.said[name] = text
            elif _BETWEEN not in name:  # what has a namespace speaks to XML tools
                raise InvalidResource(
                    "FHIR has no such attribute here: only value, id, and the url of an extension.",
                    expression=opened.place,
                    code="unknown",
                )

    def _put(self, around: Open, closed: Open) -> None:
        """Put what has ended into what stands around it."""
        part, name = closed.part, closed.name
        if not name:
            around.said = closed.said
        elif part is None:
            around.said.setdefault(name, closed.said)
        elif part.value is not None or closed.value is not None:
            _put_primitive(around, closed, repeats=part.repeats)
        elif part.repeats:
            _list_at(around.said, name, closed.place).append(closed.said)
        elif name in around.said:
            raise _twice(closed.place)
        else:
            around.said[name] = closed.said


def _place_of(around: Open, name: str, part: Part | None) -> str:
    if part is None or not part.repeats:
        return f"{around.place}.{name}"
    before = around.said.get(name)
    return f"{around.place}.{name}[{len(before) if isinstance(before, list) else 0}]"


def _put_primitive(around: Open, closed: Open, *, repeats: bool) -> None:
    name, beside = closed.name, f"_{closed.name}"
    if repeats:
        around.lists.add(name)
        _list_at(around.said, name, closed.place).append(closed.value)
        _list_at(around.said, beside, closed.place).append(closed.said or None)
        return
    if name in around.said or beside in around.said:
        raise _twice(closed.place)
    if closed.value is not None:
        around.said[name] = closed.value
    if closed.said:
        around.said[beside] = closed.said


def _leave_out_empty(said: dict[str, object], name: str) -> None:
    """Of a list of primitives and the list of their extensions, leave out the one that says nothing."""
    for each in (name, f"_{name}"):
        items = said.get(each)
        if isinstance(items, list) and all(item is None for item in items):
            del said[each]


def _list_at(said: dict[str, object], name: str, place: str) -> list[object]:
    items = said.setdefault(name, [])
    if not isinstance(items, list):
        raise _twice(place)
    return items


def _value_from(text: str, value: Value) -> object:
    """A value as JSON writes it; what is none stays text, for the schema to refuse."""
    if value == "truth" and text in ("true", "false"):
        return text == "true"
    if value == "number" and _INTEGER.fullmatch(text):
        return int(text)
    if value == "number" and _DECIMAL.fullmatch(text):
        return float(text)
    return text


def _twice(place: str) -> InvalidResource:
    return InvalidResource("This stands here twice.", expression=place, code="duplicate")
