"""What a file holds: HL7 v2 messages, a FHIR body, an extract, national notices, or something that is no message."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import orjson

from connectors.fhir_api.xml_body import FHIR
from connectors.gp_csv.extract import COLUMNS
from connectors.national.mapping import is_notice, parts_of
from hub.errors import Rejected
from hub.hl7v2.batch import messages_from

Kind = Literal["hl7v2", "fhir", "fhir-xml", "csv", "notice", "other"]

LARGEST: Final = 64 * 1024 * 1024
FRAMING: Final = b"\x0b\x1c\r\n \t"
MARKS: Final = (b"\xef\xbb\xbf",)

XML_BEGINNING: Final = 4096
"""Bytes in which XML of FHIR names its namespace: after a declaration and comments it stands in the first tag."""

ENOUGH_COLUMNS: Final = 3
"""Columns of an extract that a first line names; words such as `code` stand in other tables too."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of a file.

    Attributes:
        file: As given on the command line, with the path below it.
        index: Counted from 0 within the file.
        what: For `other`: what it is, in words.
        refusal: Why a batch could not be split into its messages; the piece is then the whole batch.
    """

    file: str
    index: int
    kind: Kind
    content: bytes
    what: str = ""
    refusal: Rejected | None = None


def files_in(paths: list[Path]) -> Iterator[Path]:
    """Arguments in the order given; folders by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        else:
            yield path


def pieces_of(path: Path) -> Iterator[Piece]:
    """The messages of a file; at least one piece, whatever it holds."""
    name = str(path)
    try:
        if path.stat().st_size > LARGEST:
            yield Piece(name, 0, "other", b"", "a file larger than 64 MiB")
            return
        content = path.read_bytes()
    except OSError as error:
        yield Piece(name, 0, "other", b"", f"a file that cannot be read ({error.strerror})")
        return
    for mark in MARKS:
        content = content.removeprefix(mark)
    bare = content.strip(FRAMING)
    if bare[:3] in (b"MSH", b"FHS", b"BHS"):
        yield from hl7_pieces(name, content)
    elif bare[:1] in (b"{", b"["):
        yield from json_pieces(name, content)
    elif bare[:1] == b"<" and FHIR.encode() in bare[:XML_BEGINNING]:
        yield Piece(name, 0, "fhir-xml", content, "XML of FHIR")
    elif is_extract(bare):
        yield Piece(name, 0, "csv", content)
    else:
        yield Piece(name, 0, "other", content, what_else(path, bare))


def hl7_pieces(name: str, content: bytes) -> Iterator[Piece]:
    """Each message of a file or batch; one that cannot be split is one piece, with the reason."""
    frames = [
        frame
        for frame in content.replace(b"\x1c\r", b"\x1c").strip(b"\x0b\x1c").split(b"\x1c\x0b")
        if frame.strip()
    ]
    found: list[tuple[bytes, Rejected | None]] = []
    for frame in frames:
        try:
            found.extend((message, None) for message in messages_from(frame))
        except Rejected as refusal:
            found.append((frame, refusal))
    for index, (message, refused) in enumerate(found or [(content, None)]):
        yield Piece(name, index, "hl7v2", message, refusal=refused)


def json_pieces(name: str, content: bytes) -> Iterator[Piece]:
    """A FHIR body, or each notice of a file. JSON that is neither says so; what is no JSON is tried, and refused."""
    try:
        parts = [part for _, part in parts_of(content)]
        bodies = [orjson.loads(part) for part in parts]
    except (Rejected, orjson.JSONDecodeError):
        yield Piece(name, 0, "fhir", content)
        return
    if bodies and all(map(is_notice, bodies)):
        for index, part in enumerate(parts):
            yield Piece(name, index, "notice", part)
    elif len(bodies) == 1 and isinstance(resource_type_of(bodies[0]), str):
        yield Piece(name, 0, "fhir", content)
    else:
        yield Piece(name, 0, "other", content, "JSON that is no FHIR resource and no CloudEvent")


def resource_type_of(body: object) -> object:
    """What a body says it is."""
    return body.get("resourceType") if isinstance(body, dict) else None


def is_extract(bare: bytes) -> bool:
    """Whether the first line is meant as the header of an extract, so that a reason for refusing it is of use."""
    first = bare.split(b"\n", 1)[0].decode("ascii", "replace")
    cells = first.replace('"', "").strip().split(",")
    return sum(cell in COLUMNS for cell in cells) >= ENOUGH_COLUMNS


def what_else(path: Path, bare: bytes) -> str:
    """What a file is that holds no message, by its first bytes, else by its name."""
    if not bare:
        return "an empty file"
    if bare[:1] == b"<":
        return "XML, which is not read"
    words = {
        ".csv": "a CSV file with none of the columns that are read",
        ".md": "a text about the files",
        ".yaml": "a YAML file",
        ".pdf": "a PDF",
    }
    return words.get(path.suffix.lower(), "no message of any kind that is read")
