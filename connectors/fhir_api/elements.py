"""The elements that are read here, type by type: what else a resource says is taken out before anything is kept.

An Encounter may say why somebody is in hospital, a carer's Condition may carry a note about the patient, an extension
may tell somebody's religion. None of it is needed.

Source: UK GDPR article 5(1)(c), data minimisation.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.fhir import systems
from hub.fhir.reading import Element

ALWAYS: Final = frozenset(
    {
        "resourceType",
        "id",
        "meta",
        "implicitRules",
        "language",
        "contained",
        "extension",
        "modifierExtension",
    }
)
"""Of every resource. What would turn its meaning round stays, because it is refused for that."""
PERSON: Final = frozenset(
    {
        "identifier",
        "active",
        "name",
        "telecom",
        "gender",
        "birthDate",
        "deceasedBoolean",
        "deceasedDateTime",
        "address",
        "communication",
    }
)
READ: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "Patient": PERSON | {"generalPractitioner", "link"},
        "RelatedPerson": PERSON | {"patient", "relationship", "period"},
        "Encounter": frozenset(
            {
                "identifier",
                "status",
                "class",
                "subject",
                "period",
                "hospitalization",
                "location",
                "serviceProvider",
            }
        ),
        "Flag": frozenset(
            {"identifier", "status", "category", "code", "subject", "period", "author"}
        ),
        "Condition": frozenset(
            {
                "identifier",
                "clinicalStatus",
                "verificationStatus",
                "category",
                "code",
                "subject",
                "onsetDateTime",
                "abatementDateTime",
                "abatementPeriod",
                "abatementAge",
                "abatementRange",
                "abatementString",
                "recordedDate",
                "recorder",
                "asserter",
            }
        ),
        "Observation": frozenset(
            {
                "identifier",
                "status",
                "category",
                "code",
                "subject",
                "effectiveDateTime",
                "effectiveInstant",
                "effectivePeriod",
                "issued",
                "performer",
                "valueBoolean",
                "valueCodeableConcept",
                "dataAbsentReason",
            }
        ),
        "Consent": frozenset(
            {
                "identifier",
                "status",
                "scope",
                "category",
                "patient",
                "dateTime",
                "performer",
                "provision",
            }
        ),
        "Provenance": frozenset({"target", "recorded", "agent"}),
        "Location": frozenset({"identifier", "status", "name", "physicalType", "partOf"}),
        "MessageHeader": frozenset({"eventCoding", "eventUri", "source", "focus"}),
        "Device": frozenset({"identifier"}),
        "HealthcareService": frozenset({"identifier", "providedBy"}),
        "Organization": frozenset({"identifier", "name", "partOf"}),
        "Practitioner": frozenset({"identifier", "name"}),
        "PractitionerRole": frozenset({"identifier", "practitioner", "organization"}),
    }
)
"""Resource type -> the elements that are read, or say who said it."""

CODED: Final = frozenset({"coding", "extension"})
"""Of the codes of a statement: its text is free."""
STATEMENT: Final = dict.fromkeys(
    [
        "category",
        "code",
        "clinicalStatus",
        "verificationStatus",
        "valueCodeableConcept",
        "dataAbsentReason",
    ],
    CODED,
)
WITHIN: Final[Mapping[str, Mapping[str, frozenset[str]]]] = MappingProxyType(
    {
        "Condition": STATEMENT,
        "Consent": {
            "provision": frozenset(
                {"type", "period", "code", "purpose", "extension", "modifierExtension"}
            )
        },
        "Encounter": {
            "hospitalization": frozenset({"dischargeDisposition", "extension"}),
            "location": frozenset(
                {"location", "status", "period", "physicalType", "extension", "modifierExtension"}
            ),
        },
        "Flag": STATEMENT,
        "Observation": STATEMENT,
        "Provenance": {"agent": frozenset({"who", "extension", "modifierExtension"})},
    }
)
"""Resource type -> element -> what is read inside it, where that is not all."""

META: Final = frozenset({"extension", "lastUpdated", "profile", "security", "versionId"})
"""Of `meta`; labels of security are read of people alone, and may name what somebody has."""
LABELLED: Final = frozenset({"Patient", "RelatedPerson"})

EXTENSIONS: Final = (
    systems.ADMISSION_METHOD_EXTENSIONS
    | systems.COMMUNICATION_EXTENSIONS
    | systems.CONTACT_PREFERENCE_EXTENSIONS
    | systems.DEATH_STATUS_EXTENSIONS
    | systems.DISCHARGE_METHOD_EXTENSIONS
    | systems.NO_LONGER_LISTED_EXTENSIONS
    | systems.VERIFICATION_STATUS_EXTENSIONS
    | {
        systems.CONTACTS,
        systems.CONTACT_NOTE,
        systems.DATA_ABSENT_REASON,
        systems.DISCHARGE_READY,
        systems.INTERPRETER_REQUIRED,
        systems.PLANNED_END,
        systems.REPLACES_VISIT,
    }
)
"""The extensions that are read, whatever they stand on."""


BUNDLE: Final = ALWAYS | {"entry", "identifier", "timestamp", "type"}
ENTRY: Final = frozenset({"fullUrl", "request", "resource"})
REQUEST: Final = frozenset({"method", "url"})
"""Of a Bundle and its entries: no signature, and no address that somebody searched by."""


def shell_of(bundle: Element) -> Element:
    """A Bundle without what is not read of it; what its entries hold is another matter."""
    left = _put_inside(_named(bundle, BUNDLE), "meta", META - {"security"})
    entries = bundle.get("entry")
    if isinstance(entries, list):
        pared_ones = [_put_inside(_named(each, ENTRY), "request", REQUEST) for each in entries]
        if any(new is not old for new, old in zip(pared_ones, entries, strict=True)):
            left = {**left, "entry": pared_ones}
    return left


def pared(resource: Element) -> Element:
    """A resource of one of these types without what is not read; the very one that was given where nothing goes."""
    kind = str(resource["resourceType"])
    meta = META if kind in LABELLED else META - {"security"}
    left = _named(resource, ALWAYS | READ[kind])
    for name, names in {**WITHIN.get(kind, {}), "meta": meta}.items():
        left = _put_inside(left, name, names)
    return left


def _put_inside(element: Element, name: str, names: frozenset[str]) -> Element:
    """The element with what is read inside one of its parts, if it has that."""
    return _put(element, name, _inside(element[name], names)) if name in element else element


def _inside(value: object, names: frozenset[str]) -> object:
    """What is read inside an element, which may be a list; None when that is nothing."""
    match value:
        case dict():
            return _named(value, names) or None
        case list():
            found = [_inside(each, names) for each in value]
            if all(new is old for new, old in zip(found, value, strict=True)):
                return value
            return [each for each in found if each is not None] or None
        case _:
            return value


def _named(element: Element, names: frozenset[str]) -> Element:
    """The parts of these names, and of extensions those that are read."""
    left: Element = {
        name: value for name, value in element.items() if name.removeprefix("_") in names
    }
    if len(left) == len(element):
        left = element
    extensions = left.get("extension")
    if not isinstance(extensions, list) or all(map(is_read, extensions)):
        return left
    return _put(left, "extension", [each for each in extensions if is_read(each)] or None)


def _put(element: Element, name: str, value: object) -> Element:
    """The element with another value under a name, or without it."""
    if element.get(name) is value:
        return element
    rest = {each: said for each, said in element.items() if each != name}
    return rest if value is None else {**element, name: value}


def is_read(extension: object) -> bool:
    """Whether anybody here reads an extension. What is none is left to be refused."""
    url = extension.get("url") if isinstance(extension, dict) else None
    return not isinstance(url, str) or systems.canonical(url) in EXTENSIONS
