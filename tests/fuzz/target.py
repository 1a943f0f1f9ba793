"""A reader that is fuzzed, and what every one of them promises of what it gives back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from hub.codec import decode, encode
from hub.errors import Rejected, Unavailable
from hub.records.registry import Record
from tests.fuzz.mutation import Mutate

Read: TypeAlias = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Target:
    """One reader.

    Attributes:
        name: What it is called on the command line.
        seeds: Good inputs.
        own: The mutation that knows their form.
        read: Reads an input, and says in a word or two what became of it.
        holds: What must be so besides and takes more than a reading; its time is not the reader's.
    """

    name: str
    seeds: Callable[[], Iterable[bytes]]
    own: Mutate
    read: Read
    holds: Callable[[bytes], None] = lambda _: None


def refusal(error: Rejected | Unavailable) -> str:
    """A refusal as a word: its kind, code and place without numbers."""
    place = "".join(each for each in getattr(error, "expression", "") if not each.isdigit())
    return f"{type(error).__name__} {getattr(error, 'code', '')} {place}"


def refuse_other_when_read(found: Record) -> None:
    """A record goes on the log and comes off it as the same one."""
    written = encode(found)
    assert encode(decode(written)) == written, "another record on the log"
