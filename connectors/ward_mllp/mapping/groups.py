"""The groups of a message that speaks of several patients or visits, each as a message of its own.

Source: HL7 v2.4 chapter 3: ADT_A17 (two patients), ADT_A39 and ADT_A30 (PID with its MRG, repeated),
ADT_A45 (one PID, MRG and PV1 repeated).
"""

from typing import Final

from connectors.ward_mllp.mapping.incoming import Incoming
from connectors.ward_mllp.mapping.triggers import REPEATS
from hub.errors import InvalidResource
from hub.hl7v2 import Message, Segment

MOST_GROUPS: Final = 100
"""Of one message. More is refused: a swap has two, and each group costs what a message of its own does."""


def groups_of(incoming: Incoming) -> list[Message]:
    """The message as it is, or cut before each PID and before each further MRG of the same patient.

    One without a PID is left as it is, to be refused where it is read.

    Raises:
        InvalidResource: There are more than `MOST_GROUPS`, at the segment that begins the first too many.
    """
    message = incoming.message
    if incoming.trigger not in REPEATS or not _are_several(message):
        return [message]
    shared: list[Segment] = []
    found: list[list[Segment]] = []
    person: list[Segment] = []
    for segment in message.segments()[1:]:
        match segment.name:
            case "PID":
                person = [segment]
                found.append([*shared, segment])
            case "PD1" if found:
                person.append(segment)
                found[-1].append(segment)
            case "MRG" if found and _holds(found[-1], "MRG"):
                found.append([*shared, *person, segment])
            case _:
                (found[-1] if found else shared).append(segment)
        if len(found) > MOST_GROUPS:
            raise InvalidResource(
                f"At most {MOST_GROUPS} patients or visits are read of one message.",
                expression=str(segment.place),
                code="too-many",
            )
    return [message.only(segments) for segments in found] or [message]


def _are_several(message: Message) -> bool:
    return len(message.segments("PID")) > 1 or len(message.segments("MRG")) > 1


def _holds(segments: list[Segment], name: str) -> bool:
    return any(segment.name == name for segment in segments)
