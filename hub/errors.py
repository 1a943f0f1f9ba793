"""The two sentences the shell understands, and what each means to a sender.

HubError
├── Rejected             never right, whatever the retry
│   ├── Undecodable      the bytes are not what they say they are
│   ├── InvalidResource  well-formed, but against a rule, at a named place
│   └── NotPermitted     right, but not for this sender
└── Unavailable          right, but not now

Anything else that is raised is a defect of ours. A test walks this tree and fails when a class lacks a row
of the table that every public door reads: the FHIR issue code, the HTTP status and the HL7 acknowledgement.
"""

from typing import ClassVar


class HubError(Exception):
    """A refusal with a reason that may be shown: it carries no personal data and no payload."""

    issue_code: ClassVar[str]
    http_status: ClassVar[int]
    acknowledgement: ClassVar[str]


class Rejected(HubError):
    """Never right, whatever the retry: it ends as a dead letter.

    Args:
        reason: What is wrong and what to do, in one sentence without personal data.
        expression: The place, as HL7 (`PID-3.1`) or FHIRPath (`Encounter.period.end`).
        code: A short stable word for counting and searching, such as `no-identifier`.
    """

    issue_code: ClassVar[str] = "processing"
    http_status: ClassVar[int] = 422
    acknowledgement: ClassVar[str] = "AR"
    keeps_bytes: ClassVar[bool] = True
    """Whether its dead letter holds what was refused; False where that is nothing that the hub may keep."""

    def __init__(self, reason: str, *, expression: str = "", code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.expression = expression
        self.code = code or self.issue_code


class Undecodable(Rejected):
    """The bytes cannot be read as what they claim to be."""

    issue_code = "structure"
    http_status = 400


class InvalidResource(Rejected):
    """Well-formed, but it breaks a rule at `expression`."""

    issue_code = "invalid"


class NotPermitted(Rejected):
    """Readable and valid, but this sender may not say it. Rendered as 404 where existence must not show."""

    issue_code = "forbidden"
    http_status = 403


class Unavailable(HubError):
    """Right, but not now: the same again later. Never a dead letter."""

    issue_code: ClassVar[str] = "transient"
    http_status: ClassVar[int] = 503
    acknowledgement: ClassVar[str] = "AE"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
