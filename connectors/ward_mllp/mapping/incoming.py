"""An ADT message with what its header says, read once."""

from dataclasses import dataclass

from connectors.ward_mllp.mapping.fields import Fields
from connectors.ward_mllp.mapping.ignored import Ignored
from connectors.ward_mllp.mapping.triggers import (
    IGNORED,
    MAYBE_OF_A_STAY,
    NEEDS_VISIT,
    OF_A_PERSON,
    STATUS,
)
from hub.errors import InvalidResource
from hub.hl7v2 import Message


@dataclass(frozen=True, slots=True)
class Incoming:
    """One ADT message that is of concern.

    Attributes:
        message: The message.
        header: Its MSH.
        trigger: MSH-9.2, never EVN-1.
        control_id: MSH-10, the sender's id of the message.
    """

    message: Message
    header: Fields
    trigger: str
    control_id: str

    @property
    def is_of_a_stay(self) -> bool:
        """Whether it speaks of a stay, and not only of a person."""
        if self.trigger in MAYBE_OF_A_STAY:
            return self.message.text("PV1-19") is not None
        return self.trigger not in OF_A_PERSON


def incoming_from(message: Message) -> Incoming:
    """Read the header of a message.

    Raises:
        Ignored: It is no ADT message, or its event changes nothing here.
        InvalidResource: It does not say what it is, or has no control id to answer to.
    """
    header = Fields(message.segments("MSH")[0])
    kind, trigger = header.first(9)[:2]
    if kind is None:
        raise _missing("The message type is missing.", "MSH-9.1")
    if kind != "ADT":
        raise Ignored("Only ADT messages are read.")
    if trigger is None:
        raise _missing("The trigger event is missing.", "MSH-9.2")
    if trigger not in STATUS:
        raise Ignored("This is no ADT event of HL7 v2.")
    if trigger in IGNORED:
        raise Ignored(IGNORED[trigger])
    if trigger in NEEDS_VISIT and not any(pv1.text("PV1-19") for pv1 in message.segments("PV1")):
        raise Ignored(NEEDS_VISIT[trigger])
    control_id = header.text(10)
    if control_id is None:
        raise _missing("The message control id is missing.", "MSH-10")
    return Incoming(message, header, trigger, control_id)


def _missing(reason: str, place: str) -> InvalidResource:
    return InvalidResource(reason, expression=place, code="required")
