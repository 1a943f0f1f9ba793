"""The resource types that say of their subject whether somebody is a carer, read alike."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, Entry
from hub.fhir.codings import codings_at
from hub.fhir.flag import FlagNews, flag_news_from
from hub.fhir.observation import observation_news_from
from hub.records import Coding

READERS: Final[Mapping[str, Callable[[object, str], FlagNews]]] = MappingProxyType(
    {
        "Condition": flag_news_from,
        "Flag": flag_news_from,
        "Observation": observation_news_from,
    }
)
STATEMENTS: Final = frozenset(READERS)


def statement_from(entry: Entry) -> FlagNews:
    """What an entry of one of these types says.

    Raises:
        InvalidResource: It has no status, code or subject, or something is against the standard.
    """
    return READERS[entry.type](entry.resource, entry.path)


def codes_of(entry: Entry) -> tuple[Coding, ...]:
    """The codes by which an entry of one of these types says what it is about, and nothing else of it.

    Empty where they cannot be read: what is wrong elsewhere in it is no reason to look further.
    """
    resource, path = entry.resource, entry.path
    if resource.get("dataAbsentReason") is not None:
        return ()
    try:
        said = codings_at(resource, "code", path)
        answered = entry.type == "Observation"
        return (*said, *(codings_at(resource, "valueCodeableConcept", path) if answered else ()))
    except InvalidResource:
        return ()


def statements_in(entries: Entries) -> tuple[Entry, ...]:
    """The entries that say something of a subject.

    R4 lets an Observation go without a subject: beside others it is then passed by, alone it will be refused.
    """
    found = tuple(entry for entry in entries if entry.type in STATEMENTS)
    of_somebody = tuple(
        entry for entry in found if entry.type != "Observation" or entry.resource.get("subject")
    )
    return of_somebody if of_somebody or len(entries) > 1 else found
