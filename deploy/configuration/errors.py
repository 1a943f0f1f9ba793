"""What is raised when the configuration cannot be used."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, as one line: where it stands and what to do.

    Attributes:
        file: The file as it was named.
        line: Counted from 1; 0 when it concerns the file as a whole.
        key: The place in the file, such as `senders[1].regions`; empty for the whole file.
        text: What is wrong and what to do. Never a value that could be a secret.
    """

    file: str
    line: int
    key: str
    text: str

    def __str__(self) -> str:
        """As it is shown: `hub.yaml:12: senders[1].regions: ...`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.text}" if self.key else f"{place}: {self.text}"


class ConfigurationError(Exception):
    """The configuration cannot be used as it stands; trying again changes nothing.

    Args:
        problems: Every problem found, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
