"""The groups of a message that speaks of several patients or visits, each as a message of its own.

Source: HL7 v2.4 chapter 3: ADT_A17 (two patients), ADT_A39 and ADT_A30 (PID with its MRG, repeated),
ADT_A45 (one PID, MRG and PV1 repeated).
"""

from connectors.ward_mllp.mapping.incoming import Incoming
from connectors.ward_mllp.mapping.triggers import REPEATS
from hub.hl7v2 import Message, Segment


def groups_of(incoming: Incoming) -> list[Message]:
    """The message as it is, or cut before each PID and before each further MRG of the same patient.

    One without a PID is left as it is, to be refused where it is read.
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
    return [message.only(segments) for segments in found] or [message]


def _are_several(message: Message) -> bool:
    return len(message.segments("PID")) > 1 or len(message.segments("MRG")) > 1


def _holds(segments: list[Segment], name: str) -> bool:
    return any(segment.name == name for segment in segments)
