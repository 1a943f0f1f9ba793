"""What an organisation put and cannot be used is kept before it is refused, and so is what the hub failed on."""

from uuid import UUID

from connectors.fhir_api import outcome
from connectors.fhir_api.answering import SOURCE
from hub.errors import Rejected
from hub.ports import Refused


class KeptDefect(Exception):
    """A fault of ours whose bytes are safe.

    Args:
        letter: The dead letter that holds them.
    """

    def __init__(self, letter: UUID) -> None:
        super().__init__(str(letter))
        self.letter = letter


def refused_put(error: Rejected, region: int, body: bytes) -> Refused:
    """The dead letter of a resource that can never be an answer."""
    return Refused.because(error, SOURCE, region, body)


def failed_put(defect: Exception, region: int, body: bytes) -> Refused:
    """The dead letter of a resource on which the hub failed."""
    return Refused.by_defect(defect, outcome.DEFECT, SOURCE, region, body)
