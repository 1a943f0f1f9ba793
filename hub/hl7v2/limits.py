"""How large a message may be before it is refused unread."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one message. The defaults are several times the largest real ADT message.

    Attributes:
        frame_bytes: The whole message, without the MLLP block bytes.
        segment_bytes: One segment, without its terminator.
        segments: The number of segments, all names together.
        repetitions: The repetitions of one field.
        all_repetitions: Those of all fields together: each costs the reader ten times what its bytes do.
    """

    frame_bytes: int = 1024 * 1024
    segment_bytes: int = 64 * 1024
    segments: int = 2_000
    repetitions: int = 500
    all_repetitions: int = 2_000


DEFAULT_LIMITS: Final = Limits()
