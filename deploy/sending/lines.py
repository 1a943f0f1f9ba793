"""What is said of each message that was sent, or was not."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLine:
    """One message.

    Attributes:
        answer: AA, AR, … or an HTTP status; `not-sent` and `no-answer` are ours.
        attempts: How often it was sent.
        expression: The place that the answer names.
        reason: The words of the answer, or why it was not sent.
    """

    file: str
    index: int
    control_id: str = ""
    event: str = ""
    answer: str
    accepted: bool
    attempts: int = 1
    expression: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return asdict(self)

    def __str__(self) -> str:
        """For people."""
        again = f" after {self.attempts} attempts" if self.attempts > 1 else ""
        place = f" at {self.expression}" if self.expression else ""
        why = f": {self.reason}{place}" if self.reason else place
        event = f" {self.event}" if self.event else ""
        return f"{self.file} [{self.index}]{event} {self.answer}{again}{why}"


def not_sent(file: str, index: int, what: str) -> SentLine:
    """What the target has no use for."""
    return SentLine(
        file=file,
        index=index,
        answer="not-sent",
        accepted=False,
        attempts=0,
        reason=f"This is {what}.",
    )
