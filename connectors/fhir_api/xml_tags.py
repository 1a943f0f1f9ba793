"""XML that costs too much is refused before a parser sees it: expat reads all attributes of a tag before it tells any.

A start tag begins with `<`, and no `<` stands in an attribute, so what stands between two of them holds one tag whole.
"""

import re
from typing import Final

from hub.errors import InvalidResource
from hub.fhir.body import MOST_PARTS

MOST_ATTRIBUTES: Final = 64
"""Of one tag, with namespace declarations. FHIR has three; a tag of narrative has a dozen."""

MOST_TAGS: Final = 4 * MOST_PARTS
"""Each element has two tags, and as many comments may stand between them."""

_CROWDED: Final = re.compile(
    rb"""[^\s<>/!?]++(?:\s++[^\s=<>]++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+')){%d}"""
    % (MOST_ATTRIBUTES + 1)
)
"""A name and so many attributes, as XML 1.0 writes them. Whatever looks otherwise is no XML; expat soon says so."""


def refuse_crowded(body: bytes) -> None:
    """Refuse XML of more tags, or of more attributes in one tag, than anything that is read.

    Raises:
        InvalidResource: It is so.
    """
    if body.count(b"<") > MOST_TAGS:
        raise InvalidResource(
            f"At most {MOST_PARTS} parts are read: send several bodies.",
            expression="Resource",
            code="too-many",
        )
    for piece in body.split(b"<"):
        if piece.count(b"=") > MOST_ATTRIBUTES and _CROWDED.match(piece):
            raise InvalidResource(
                f"A tag has more than {MOST_ATTRIBUTES} attributes.",
                expression="Resource",
                code="too-many",
            )
