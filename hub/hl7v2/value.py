"""What a place can hold: nothing, HL7 null, or text.

The three are different news (see README): absent says nothing, null clears what was known.
"""

from enum import Enum
from typing import Final, TypeAlias


class Null(Enum):
    """HL7 null: the sender clears what was known. It has one member, so that `is NULL` narrows."""

    NULL = '""'


NULL: Final = Null.NULL
NULL_TEXT: Final = '""'

Value: TypeAlias = str | Null | None
"""`None` is absent; `NULL` is two double quotes; a `str` is unescaped text, never empty."""
