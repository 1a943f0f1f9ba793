"""What became of a message, and the word for it: AA, AE or AR.

Source: decision on MLLP verdicts in `deploy/adr`.
"""

from enum import Enum, StrEnum, auto

from hub.hl7v2.acknowledgement import AcknowledgementCode


class Verdict(Enum):
    """What became of a message by the time it is answered."""

    UNDERSTOOD = auto()
    """Its event is on the log."""
    IGNORED = auto()
    """Well-formed, of no concern to the hub; kept with the reason."""
    REJECTED = auto()
    """Never right; kept as a dead letter."""
    DEFECT = auto()
    """The hub failed on it; kept as a dead letter, and somebody is called."""
    NOT_KEPT = auto()
    """Nothing could be made durable: the sender must keep it and send it again."""


class OnReject(StrEnum):
    """How a sender wants to hear that a message can never be right (its settings say)."""

    AR = "ar"
    AA = "aa"  # for engines whose queue stops at an AR


def code_for(verdict: Verdict, on_reject: OnReject = OnReject.AR) -> AcknowledgementCode:
    """The answer in original mode. Whatever is durable is never asked for again."""
    match verdict:
        case Verdict.UNDERSTOOD | Verdict.IGNORED | Verdict.DEFECT:
            return AcknowledgementCode.AA
        case Verdict.REJECTED if on_reject is OnReject.AA:
            return AcknowledgementCode.AA
        case Verdict.REJECTED:
            return AcknowledgementCode.AR
        case Verdict.NOT_KEPT:
            return AcknowledgementCode.AE
