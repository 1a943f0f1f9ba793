"""How one message is written: what its parts need in order to be read."""

from dataclasses import dataclass

from hub.hl7v2.charset import Charset
from hub.hl7v2.delimiters import Delimiters


@dataclass(frozen=True, slots=True)
class Notation:
    """The delimiters that split a message and the character set of its hexadecimal escapes."""

    delimiters: Delimiters
    charset: Charset
