"""HL7 table 0357, message error condition codes: what ERR-3 may say is wrong.

Source: HL7 v2.5.1 appendix A.
"""

from enum import Enum
from typing import Final

from hub.errors import HubError, InvalidResource, Rejected, Undecodable
from hub.hl7v2.place import Place

TABLE: Final = "HL70357"


class Condition(Enum):
    """One row of the table: the code and its text."""

    SEGMENT_SEQUENCE = ("100", "Segment sequence error")
    REQUIRED_MISSING = ("101", "Required field missing")
    DATA_TYPE = ("102", "Data type error")
    VALUE_NOT_IN_TABLE = ("103", "Table value not found")
    UNSUPPORTED_MESSAGE_TYPE = ("200", "Unsupported message type")
    UNSUPPORTED_EVENT = ("201", "Unsupported event code")
    UNSUPPORTED_PROCESSING = ("202", "Unsupported processing id")
    UNSUPPORTED_VERSION = ("203", "Unsupported version id")
    UNKNOWN_KEY = ("204", "Unknown key identifier")
    INTERNAL = ("207", "Application internal error")

    @property
    def code(self) -> str:
        """As ERR-3.1."""
        return self.value[0]

    @property
    def text(self) -> str:
        """As ERR-3.2."""
        return self.value[1]


_BY_PLACE: Final = {
    (3, 0): Condition.VALUE_NOT_IN_TABLE,  # of table 0361, which each site fills
    (4, 0): Condition.VALUE_NOT_IN_TABLE,  # of table 0362
    (9, 0): Condition.UNSUPPORTED_MESSAGE_TYPE,
    (9, 1): Condition.UNSUPPORTED_MESSAGE_TYPE,
    (9, 2): Condition.UNSUPPORTED_EVENT,
    (11, 0): Condition.UNSUPPORTED_PROCESSING,
    (11, 1): Condition.UNSUPPORTED_PROCESSING,
    (12, 0): Condition.UNSUPPORTED_VERSION,
    (12, 1): Condition.UNSUPPORTED_VERSION,
}
"""Of the MSH: field and component."""

_BY_CODE: Final = {
    "required": Condition.REQUIRED_MISSING,
    "value": Condition.VALUE_NOT_IN_TABLE,
    "not-found": Condition.UNKNOWN_KEY,
}
"""Of a refusal: the FHIR issue codes that have a row of their own."""


def condition_of(error: HubError, place: Place | None) -> Condition:
    """The row that fits a refusal: by its code, then by what the MSH declares, then by its kind."""
    if isinstance(error, Rejected) and error.code in _BY_CODE:
        return _BY_CODE[error.code]
    if not isinstance(error, Undecodable) and place is not None and place.segment == "MSH":
        declared = _BY_PLACE.get((place.field, place.component))
        if declared is not None:
            return declared
    if isinstance(error, Undecodable | InvalidResource):
        return Condition.DATA_TYPE
    return Condition.INTERNAL
