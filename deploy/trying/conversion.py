"""One HL7 v2 message as a FHIR R4 message Bundle, or the reason why not."""

from collections.abc import Sequence
from dataclasses import replace

import orjson

from connectors.ward_mllp.senders import KnownSender
from deploy.trying.explaining import explained
from deploy.trying.files import Piece
from deploy.trying.lines import MessageLine
from deploy.trying.trial import no_message, read_message


def converted(
    piece: Piece, wards: Sequence[KnownSender], *, explain: bool = False
) -> dict[str, object]:
    """The line of one piece: with its Bundle when it is accepted, else with code, place and reason."""
    if piece.kind != "hl7v2":
        return as_line(not_converted(piece))
    line, event = read_message(piece, wards)
    if event is None:
        return as_line(line)
    return {
        **beginning(line),
        "bundle": orjson.loads(event.resource),
        **({"explained": explained(piece, wards, event)} if explain else {}),
    }


def not_converted(piece: Piece) -> MessageLine:
    """What is no HL7 v2."""
    what = {"fhir": "JSON", "fhir-xml": "XML", "csv": "CSV", "notice": "a CloudEvent"}.get(
        piece.kind
    )
    return no_message(
        replace(piece, what=f"{what}, and only HL7 v2 is converted") if what else piece
    )


def beginning(line: MessageLine) -> dict[str, object]:
    """What every line has."""
    return {
        "file": line.file,
        "index": line.index,
        "control_id": line.control_id,
        "event": line.event,
        "outcome": line.outcome,
    }


def as_line(line: MessageLine) -> dict[str, object]:
    """A line without a Bundle."""
    return {
        **beginning(line),
        "code": line.code,
        "expression": line.expression,
        "reason": line.reason,
    }
