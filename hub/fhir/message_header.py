"""What a MessageHeader says: which event the message tells, and what its contacts mean."""

from dataclasses import dataclass
from typing import Final, Literal

from hub.fhir.codings import coding_from
from hub.fhir.once import WORDS, once, without
from hub.fhir.reading import Element, code_at, element_at, extensions_at, resource_from, text_at
from hub.fhir.systems import CONTACTS
from hub.records import Coding

REPLACE: Final = "replace"
ADD: Final = "add"
_RULES: Final = frozenset({REPLACE, ADD})
_CONTACTS: Final = frozenset({CONTACTS})


@dataclass(frozen=True, slots=True)
class HeaderNews:
    """The head of a message.

    Attributes:
        event: What happened; for a message that was HL7 v2, its trigger.
        endpoint: Where the message comes from.
        contacts: `replace` when the RelatedPersons are now all contacts that this sender knows of
            the patient, `add` when there may be others. `add` unless it was said.
    """

    event: Coding | None
    endpoint: str | None
    contacts: Literal["replace", "add"]


def header_news_from(resource: object, path: str) -> HeaderNews:
    """Read a MessageHeader."""
    header = resource_from(resource, "MessageHeader", path)
    return _header_news(without(header, "focus"), path)


@once(WORDS)
def _header_news(header: Element, path: str) -> HeaderNews:
    event = element_at(header, "eventCoding", path)
    source = element_at(header, "source", path) or {}
    rule: str | None = None
    for place, extension in extensions_at(header, _CONTACTS, path):
        rule = code_at(extension, "valueCode", place, _RULES)
    return HeaderNews(
        event=None if event is None else coding_from(event, f"{path}.eventCoding"),
        endpoint=text_at(source, "endpoint", f"{path}.source"),
        contacts="replace" if rule == REPLACE else "add",
    )
