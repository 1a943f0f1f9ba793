"""What Patient and RelatedPerson say in the same words: names, numbers, birth, addresses, needs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from hub.fhir.codings import coding_from, codings_at
from hub.fhir.identifiers import identifiers_at
from hub.fhir.news import PersonNews
from hub.fhir.nhs_number import TestNumbers
from hub.fhir.once import PEOPLE, once
from hub.fhir.reading import (
    Element,
    boolean_at,
    code_at,
    element_at,
    elements_at,
    extensions_at,
    is_cleared,
    text_at,
    texts_at,
    unmodified,
)
from hub.fhir.reference import references_at
from hub.fhir.systems import (
    COMMUNICATION_EXTENSIONS,
    CONFIDENTIALITY,
    CONTACT_METHOD,
    CONTACT_NOTE,
    CONTACT_PREFERENCE_EXTENSIONS,
    INTERPRETER_REQUIRED,
    ODS_ORGANISATION,
    WRITTEN_FORMAT,
)
from hub.fhir.times import day_at, moment_at
from hub.records import Address, HumanName, Needs, PersonFacts, Precision, Telecom

GENDERS: Final = frozenset({"male", "female", "other", "unknown"})

_NAME_USES: Final = frozenset(
    {"usual", "official", "temp", "nickname", "anonymous", "old", "maiden"}
)
_ADDRESS_USES: Final = frozenset({"home", "work", "temp", "old", "billing"})
_TELECOM_USES: Final = frozenset({"home", "work", "temp", "old", "mobile"})
_TELECOM_SYSTEMS: Final = frozenset({"phone", "fax", "email", "pager", "url", "sms", "other"})
_SPOKEN_TELECOMS: Final = frozenset({"phone", "email", "sms"})

_LATER: Final = {"temp": 1, "nickname": 2, "anonymous": 3, "billing": 3, "maiden": 4, "old": 5}
"""How far down the list a use stands; what is not here is current."""

FORMATS: Final = {
    (WRITTEN_FORMAT, "11"): "large print",
    (WRITTEN_FORMAT, "12"): "Braille",
    (WRITTEN_FORMAT, "13"): "audio tape",
    (CONTACT_METHOD, "5"): "Minicom (textphone)",
    (CONTACT_METHOD, "6"): "telephone through somebody else",
    (CONTACT_METHOD, "7"): "sign language",
}
"""System and code of UK Core -> what somebody needs, in words; it has no other codes for it."""

PREFERENCES: Final = {
    WRITTEN_FORMAT: "PreferredWrittenCommunicationFormat",
    CONTACT_METHOD: "PreferredContactMethod",
}
"""System -> the part of the extension ContactPreference that holds its codes."""

_INTERPRETER: Final = frozenset({INTERPRETER_REQUIRED})
_NOTE: Final = frozenset({CONTACT_NOTE})
_KNOWN_TO_THE_DAY: Final = frozenset({Precision.DAY, Precision.MINUTE})
_RESTRICTED: Final = frozenset({"R", "V"})
_CLEARED_AT: Final = (
    ("names", "name"),
    ("birth", "birthDate"),
    ("gender", "gender"),
    ("addresses", "address"),
    ("telecoms", "telecom"),
    ("death", "deceasedBoolean"),
    ("death", "deceasedDateTime"),
    ("practice", "generalPractitioner"),
)


@once(PEOPLE)
def person_news(resource: Element, path: str, test_numbers: TestNumbers) -> PersonNews:
    """Everything that a Patient or RelatedPerson says of its person."""
    numbers = identifiers_at(resource, path, test_numbers)
    birth = day_at(resource, "birthDate", path)
    deceased, died_at = _death(resource, path)
    facts = PersonFacts(
        names=names_at(resource, path),
        nhs_number=numbers.nhs_number,
        nhs_number_status=numbers.status,
        unusable_nhs_number=None if numbers.unusable is None else numbers.unusable.value,
        identifiers=numbers.others,
        birth_on=None if birth is None else birth.on,
        birth_precision=Precision.UNKNOWN if birth is None else birth.precision,
        gender=gender_at(resource, path),
        addresses=addresses_at(resource, path),
        telecoms=telecoms_at(resource, path),
        deceased=deceased,
        died_at=died_at,
        practice_ods=_practice(resource, path),
        needs=needs_at(resource, path),
        shielded=_shielded(resource, path),
    )
    spoken = _said_in(facts)
    spoken.update(numbers.cleared, _cleared_in(resource))
    return PersonNews(facts, frozenset(spoken))


def names_at(element: Element, path: str) -> tuple[HumanName, ...]:
    """All names, the current one first."""
    found: list[tuple[int, HumanName]] = []
    for place, item in elements_at(element, "name", path):
        name = HumanName(
            family=text_at(item, "family", place),
            given=texts_at(item, "given", place),
            prefix=texts_at(item, "prefix", place),
            use=code_at(item, "use", place, _NAME_USES),
            text=text_at(item, "text", place),
        )
        if name.family or name.given or name.text:
            found.append((_rank(name.use, item), name))
    return tuple([name for _, name in sorted(found, key=_by_rank)])


def addresses_at(element: Element, path: str) -> tuple[Address, ...]:
    """All addresses, the current one first."""
    found: list[tuple[int, Address]] = []
    for place, item in elements_at(element, "address", path):
        address = Address(
            lines=texts_at(item, "line", place),
            city=text_at(item, "city", place),
            postcode=text_at(item, "postalCode", place),
            use=code_at(item, "use", place, _ADDRESS_USES),
        )
        if not address.lines and (text := text_at(item, "text", place)) is not None:
            address = Address(
                lines=(text,), city=address.city, postcode=address.postcode, use=address.use
            )
        if address.lines or address.city or address.postcode:
            found.append((_rank(address.use, item), address))
    return tuple([address for _, address in sorted(found, key=_by_rank)])


def telecoms_at(element: Element, path: str) -> tuple[Telecom, ...]:
    """All ways to reach them, in the order in which they were sent."""
    found: list[Telecom] = []
    for place, item in elements_at(element, "telecom", path):
        value = text_at(item, "value", place)
        if value is None:
            continue
        system = code_at(item, "system", place, _TELECOM_SYSTEMS)
        found.append(
            Telecom(
                system=system if system in _SPOKEN_TELECOMS else "other",
                value=value,
                use=code_at(item, "use", place, _TELECOM_USES),
                note=_note_of(item, place),
            )
        )
    return tuple(found)


def gender_at(element: Element, path: str) -> str | None:
    """Administrative gender."""
    return code_at(element, "gender", path, GENDERS)


def needs_at(element: Element, path: str) -> Needs | None:
    """Language, interpreter and formats, from `communication` and the UK's extensions."""
    language: str | None = None
    interpreter: bool | None = None
    for language_said, interpreter_said in _spoken_needs(element, path):
        language = language or language_said
        interpreter = interpreter if interpreter is not None else interpreter_said
    formats = tuple(_formats(element, path))
    if language is None and interpreter is None and not formats:
        return None
    return Needs(language=language, interpreter=interpreter, formats=formats)


def _spoken_needs(element: Element, path: str) -> Iterator[tuple[str | None, bool | None]]:
    """Languages, the preferred one first, each with what is said of an interpreter."""
    spoken = [
        (
            boolean_at(item, "preferred", place) is not True,
            _word_at(unmodified(item, place), "language", place),
        )
        for place, item in elements_at(element, "communication", path)
    ]
    for _, language in sorted(spoken, key=_by_preference):
        yield language, None
    for place, extension in extensions_at(element, COMMUNICATION_EXTENSIONS, path):
        yield from _communication(extension, place)
    for place, extension in extensions_at(element, _INTERPRETER, path):
        yield None, boolean_at(extension, "valueBoolean", place)


def _communication(extension: Element, path: str) -> Iterator[tuple[str | None, bool | None]]:
    """The UK extension NHSCommunication: its parts are named by their url."""
    for place, part in elements_at(extension, "extension", path):
        if part.get("url") == "language":
            yield _word_at(part, "valueCodeableConcept", place), None
        elif part.get("url") == "interpreterRequired":
            yield None, boolean_at(part, "valueBoolean", place)


def _formats(element: Element, path: str) -> Iterator[str]:
    for place, extension in extensions_at(element, CONTACT_PREFERENCE_EXTENSIONS, path):
        for within, part in elements_at(extension, "extension", place):
            if part.get("url") in PREFERENCES.values():
                for coding in codings_at(part, "valueCodeableConcept", within):
                    if (words := FORMATS.get((coding.system, coding.code))) is not None:
                        yield words


def _word_at(element: Element, name: str, path: str) -> str | None:
    """The code of a CodeableConcept, else its text."""
    codings = codings_at(element, name, path)
    return (codings[0].code or codings[0].display) if codings else None


def _note_of(element: Element, path: str) -> str | None:
    for place, extension in extensions_at(element, _NOTE, path):
        return text_at(extension, "valueString", place)
    return None


def _rank(use: str | None, element: Element) -> int:
    """Current uses first; among the same, what has no end first."""
    period = element.get("period")
    ended = isinstance(period, dict) and period.get("end") is not None
    return 2 * _LATER.get(use or "", 0) + ended


def _by_rank(item: tuple[int, object]) -> int:
    return item[0]


def _by_preference(item: tuple[bool, object]) -> bool:
    return item[0]


def _said_in(facts: PersonFacts) -> set[str]:
    """The registers that hold something."""
    said = {
        "names": bool(facts.names),
        "nhs_number": facts.nhs_number is not None or facts.unusable_nhs_number is not None,
        "identifiers": bool(facts.identifiers),
        "birth": facts.birth_on is not None,
        "gender": facts.gender is not None,
        "addresses": bool(facts.addresses),
        "telecoms": bool(facts.telecoms),
        "death": facts.deceased is not None,
        "practice": facts.practice_ods is not None,
        "needs": facts.needs is not None,
        "shielded": facts.shielded is not None,
    }
    return {register for register, is_said in said.items() if is_said}


def _cleared_in(resource: Element) -> Iterator[str]:
    """The registers that are cleared; beside something real a cleared element says no more."""
    for register, name in _CLEARED_AT:
        if is_cleared(resource, name):
            yield register
    communication = resource.get("communication")
    for item in communication if isinstance(communication, list) else ():
        if isinstance(item, dict) and is_cleared(item, "language"):
            yield "needs"
    meta = resource.get("meta")
    if isinstance(meta, dict) and is_cleared(meta, "security"):
        yield "shielded"


def _death(resource: Element, path: str) -> tuple[bool | None, datetime | None]:
    died = moment_at(resource, "deceasedDateTime", path)
    if died is None:
        return boolean_at(resource, "deceasedBoolean", path), None
    return True, died.at if died.precision in _KNOWN_TO_THE_DAY else None


def _practice(resource: Element, path: str) -> str | None:
    """The practice, as a logical reference: the practitioner beside it is not a practice."""
    for reference in references_at(resource, "generalPractitioner", path):
        if reference.identifier is not None and reference.identifier.system == ODS_ORGANISATION:
            return reference.identifier.value.upper()
    return None


def _shielded(resource: Element, path: str) -> bool | None:
    """PDS marks a sensitive record by its confidentiality: R or V, and U for everybody else."""
    meta = element_at(resource, "meta", path)
    if meta is None:
        return None
    said: bool | None = None
    for place, item in elements_at(meta, "security", f"{path}.meta"):
        coding = coding_from(item, place)
        if coding is not None and coding.system == CONFIDENTIALITY:
            said = said or coding.code in _RESTRICTED
    return said
