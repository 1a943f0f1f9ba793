"""Codings, CodeableConcepts and Identifiers of FHIR, each with its system as the system's owner writes it."""

from hub.fhir.reading import Element, element_at, elements_at, text_at
from hub.fhir.systems import canonical
from hub.records import Coding, Identifier


def codings_at(element: Element, name: str, path: str) -> tuple[Coding, ...]:
    """The codings of the CodeableConcept at `name`."""
    concept = element_at(element, name, path)
    return () if concept is None else codings_from(concept, f"{path}.{name}")


def codings_in(element: Element, name: str, path: str) -> tuple[Coding, ...]:
    """The codings of all CodeableConcepts of the list at `name`."""
    return tuple(
        [
            coding
            for place, concept in elements_at(element, name, path)
            for coding in codings_from(concept, place)
        ]
    )


def codings_from(concept: Element, path: str) -> tuple[Coding, ...]:
    """The codings of a CodeableConcept; one without a code carries its text as display."""
    codings = [
        coding
        for place, item in elements_at(concept, "coding", path)
        if (coding := coding_from(item, place)) is not None
    ]
    if not codings and (text := text_at(concept, "text", path)) is not None:
        return (Coding(system="", code="", display=text),)
    return tuple(codings)


def first_code_at(element: Element, name: str, path: str) -> str | None:
    """The first code of the CodeableConcept at `name`, whatever its system."""
    concept = element_at(element, name, path)
    if concept is None:
        return None
    for place, item in elements_at(concept, "coding", f"{path}.{name}"):
        code = text_at(item, "code", place)
        if code is not None:
            return code
    return None


def coding_from(element: Element, path: str) -> Coding | None:
    """A Coding, its system as the system's owner writes it; None without a code."""
    code = text_at(element, "code", path)
    if code is None:
        return None
    return Coding(
        system=system_at(element, path),
        code=code,
        display=text_at(element, "display", path),
    )


def system_at(element: Element, path: str) -> str:
    """The system of a Coding or Identifier, as its owner writes it; empty when there is none."""
    system = text_at(element, "system", path)
    return "" if system is None else canonical(system)


def best_of(codings: tuple[Coding, ...], systems: frozenset[str]) -> Coding | None:
    """The first coding of a known system, else the first."""
    for coding in codings:
        if coding.system in systems:
            return coding
    return codings[0] if codings else None


def identifier_from(element: Element, path: str) -> Identifier | None:
    """An Identifier with the code of its type; None without a value."""
    value = text_at(element, "value", path)
    if value is None:
        return None
    return Identifier(
        system=system_at(element, path),
        value=value,
        type=first_code_at(element, "type", path),
    )
