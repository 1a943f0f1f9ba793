"""A carer's contacts and needs as pages show them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from connectors.portal import languages, relationships
from connectors.portal.jsonb import each_at, is_true_at, text_at
from hub.projection import Json

DIALLED: Final = re.compile(r"\+?[0-9]{5,15}")
BETWEEN_DIGITS: Final = re.compile(r"[\s().-]")
PHONES: Final = frozenset({"phone", "sms"})
OLD: Final = "old"
USES: Final = {"home": "home", "work": "work", "mobile": "mobile"}


@dataclass(frozen=True, slots=True)
class ContactShown:
    """A way to reach somebody.

    Attributes:
        text: As it was given.
        dial: What a telephone dials; empty for anything but a number.
        use: Home, work or mobile; else empty.
        note: When it is safe, in the giver's words; else empty.
    """

    text: str
    dial: str
    use: str
    note: str


def contacts_from(contacts: Iterable[Json]) -> tuple[ContactShown, ...]:
    """Everything that is still in use."""
    return tuple(
        ContactShown(
            text=text_at(each, "value"),
            dial=dialled(text_at(each, "value")) if text_at(each, "system") in PHONES else "",
            use=USES.get(text_at(each, "use"), ""),
            note=text_at(each, "note"),
        )
        for each in contacts
        if text_at(each, "use") != OLD and text_at(each, "value")
    )


def dialled(number: str) -> str:
    """The digits of a number; empty when it holds anything else, such as words or an extension."""
    digits = BETWEEN_DIGITS.sub("", number.replace("(0)", "") if "+" in number else number)
    return digits if DIALLED.fullmatch(digits) else ""


def needs_in_words(needs: Json) -> tuple[str, ...]:
    """What somebody needs so that they can be spoken with; nothing for English without an interpreter."""
    language = text_at(needs, "language")
    interpreter = is_true_at(needs, "interpreter")
    name = "" if languages.is_ours(language) else languages.in_words(language)
    spoken = f"{name} interpreter".strip() if interpreter else f"speaks {name}" if name else ""
    formats = (each for each in each_at(needs, "formats") if isinstance(each, str))
    return tuple(filter(None, [spoken, *formats]))


def relationship_in_words(roles: Iterable[Json]) -> str:
    """What somebody is to the patient; empty when nobody said."""
    return relationships.in_words(
        (text_at(role, "system"), text_at(role, "code"), text_at(role, "display")) for role in roles
    )
