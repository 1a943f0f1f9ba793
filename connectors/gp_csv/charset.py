"""Whether a file is in the character set that the configuration says: what both readers of files ask."""

from typing import Final

from connectors.gp_csv.settings import Encoding
from hub.errors import Undecodable

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
PYTHON_NAMES: Final = {Encoding.UTF_8: "utf-8", Encoding.WINDOWS_1252: "cp1252"}


def is_utf_8(content: bytes) -> bool:
    """Whether bytes beyond ASCII make sense as UTF-8: text in windows-1252 practically never does."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def really_utf_8() -> Undecodable:
    """The refusal of a file that the configuration says is windows-1252."""
    return Undecodable(
        "The file is UTF-8, and the configuration says windows-1252.",
        expression="file",
        code="charset",
    )


def another_charset(charset: Encoding, at: str) -> Undecodable:
    """The refusal of a character that is none of its set; `at`: its row, in words."""
    return Undecodable(
        f"A character here is not {charset.value}, which the configuration says the file is.",
        expression=at,
        code="charset",
    )
