"""Original or enhanced acknowledgement: which answer, if any, the message asks for.

Source: HL7 v2.5.1 chapter 2.9.2 and 2.9.3, tables 0008 and 0155.
"""

from typing import Final

from hub.hl7v2.acknowledgement import AcknowledgementCode, Problem, acknowledgement_under
from hub.hl7v2.header import header_or_what_is_left
from hub.hl7v2.segment import Header

_COMMIT: Final = {
    AcknowledgementCode.AA: AcknowledgementCode.CA,
    AcknowledgementCode.AE: AcknowledgementCode.CE,
    AcknowledgementCode.AR: AcknowledgementCode.CR,
}


def answer(frame: bytes, code: AcknowledgementCode, problem: Problem | None = None) -> bytes | None:
    """The acknowledgement in the mode that the message asks for; `None` when it wants none."""
    header = header_or_what_is_left(frame)
    wanted = _code_under(header, code)
    return None if wanted is None else acknowledgement_under(header, wanted, problem)


def answer_code(frame: bytes, code: AcknowledgementCode) -> AcknowledgementCode | None:
    """The code in the mode that MSH-15 and MSH-16 ask for; `None` when no answer is wanted.

    Both fields empty is original mode: `code` (AA, AE or AR) is the answer. Else it is enhanced
    mode: the commit answer where MSH-15 wants one, else the application's where MSH-16 does. One
    frame has one answer; the hub's word is that the message is kept, so commit goes first.
    """
    return _code_under(header_or_what_is_left(frame), code)


def _code_under(header: Header, code: AcknowledgementCode) -> AcknowledgementCode | None:
    accept, application = header.text("MSH-15"), header.text("MSH-16")
    if accept is None and application is None:
        return code
    if _wanted(accept, code):
        return _COMMIT.get(code, code)
    return code if _wanted(application, code) else None


def _wanted(condition: str | None, code: AcknowledgementCode) -> bool:
    """Table 0155. A word that is not in the table is read as `AL`: an answer too many is safe."""
    match condition:
        case None | "NE":
            return False
        case "ER":
            return code is not AcknowledgementCode.AA
        case "SU":
            return code is AcknowledgementCode.AA
        case _:
            return True
