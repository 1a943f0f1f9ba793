"""Resources of FHIR before R4, told by what they have and R4 has not, so that a refusal can say it by name.

Only signs that no R4 resource of the right shape can show. Asked once a resource is not as R4 has it, so that
nobody who sends R4 pays for it.

Source: the lists of changes "from R3" of HL7 FHIR R4, and those "from R2" of STU3, by resource.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hub.fhir.conformance import NotSupported
from hub.fhir.reading import Element

DSTU2: Final = "DSTU2"
STU3: Final = "STU3"
EITHER: Final = frozenset({DSTU2, STU3})
_DSTU2: Final = frozenset({DSTU2})
_STU3: Final = frozenset({STU3})

VERSIONS: Final = MappingProxyType(
    {"0.0": "DSTU1", "1.0": DSTU2, "3.0": STU3, "4.3": "R4B", "5.0": "R5", "6.0": "R6"}
)
"""The parameter `fhirVersion` of a media type -> the name that people use."""

PROFILES_OF_STU3: Final = "/STU3/"
"""Part of the address of every profile of Care Connect and NHS Digital for STU3."""

MOST_RESOURCES: Final = 50
"""Of one Bundle that are looked at."""


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_there(value: object) -> bool:
    return value is not None


Sign = tuple[str, Callable[[object], bool], frozenset[str]]

SIGNS: Final[Mapping[str, tuple[Sign, ...]]] = MappingProxyType(
    {
        "Condition": (
            ("assertedDate", _is_there, _STU3),
            ("context", _is_there, _STU3),
            ("dateRecorded", _is_there, _DSTU2),
            ("patient", _is_there, _DSTU2),
            ("clinicalStatus", _is_text, EITHER),
            ("verificationStatus", _is_text, EITHER),
        ),
        "Consent": (
            ("consentingParty", _is_there, _STU3),
            ("except", _is_there, _STU3),
            ("policyRule", _is_text, _STU3),
        ),
        "Encounter": (
            ("class", _is_text, _DSTU2),
            ("indication", _is_there, _DSTU2),
            ("patient", _is_there, _DSTU2),
            ("reason", _is_there, EITHER),
            ("incomingReferral", _is_there, EITHER),
        ),
        "Flag": (("category", _is_object, EITHER),),
        "MessageHeader": (
            ("data", _is_there, _DSTU2),
            ("event", _is_object, EITHER),
            ("timestamp", _is_there, EITHER),
        ),
        "Observation": (
            ("comments", _is_there, _DSTU2),
            ("category", _is_object, _DSTU2),
            ("comment", _is_there, _STU3),
            ("context", _is_there, _STU3),
            ("related", _is_there, EITHER),
        ),
        "Patient": (("careProvider", _is_there, _DSTU2), ("animal", _is_there, EITHER)),
        "RelatedPerson": (("relationship", _is_object, EITHER),),
    }
)
"""Resource type -> elements, how they look, and the versions in which they look so."""

TYPES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "Conformance": _DSTU2,
        "DiagnosticOrder": _DSTU2,
        "MedicationOrder": _DSTU2,
        "Order": _DSTU2,
        "OrderResponse": _DSTU2,
        "EligibilityRequest": EITHER,
        "EligibilityResponse": EITHER,
        "ProcedureRequest": EITHER,
        "ReferralRequest": EITHER,
        "Sequence": _STU3,
    }
)
"""Resource types that R4 does not have."""


class OlderVersion(NotSupported):
    """FHIR of a version before R4."""


def refuse_older(body: object) -> None:
    """Refuse a body that R4 does not know by the name of its version, where that can be told.

    Raises:
        OlderVersion: It is STU3 or DSTU2, by the place that says so.
    """
    for path, resource in _resources(body):
        for place, versions in _signs_in(resource, path):
            raise OlderVersion(
                f"This is FHIR {' or '.join(sorted(versions))}: send R4 (4.0).",
                expression=place,
                code="fhir-version",
            )


def version_named(parameter: str) -> str:
    """How people call a version of FHIR, from `fhirVersion`: `3.0` or `3.0.2` is STU3."""
    return VERSIONS.get(".".join(parameter.split(".")[:2]), "another version")


def _signs_in(resource: Element, path: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Places that say an older version; the sharpest sign first."""
    kind = resource.get("resourceType")
    if not isinstance(kind, str):
        return
    if kind in TYPES:
        yield f"{path}.resourceType", TYPES[kind]
        return
    if _names_stu3(resource):
        yield f"{path}.meta.profile", _STU3
    found = [
        (f"{path}.{name}", versions)
        for name, looks_so, versions in SIGNS.get(kind, ())
        if looks_so(resource.get(name))
    ]
    yield from sorted(found, key=lambda sign: len(sign[1]))


def _names_stu3(resource: Element) -> bool:
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    return isinstance(profiles, list) and any(
        isinstance(each, str) and PROFILES_OF_STU3 in each for each in profiles
    )


def _resources(body: object) -> Iterator[tuple[str, Element]]:
    """A resource, and those of its entries if it is a Bundle."""
    if not isinstance(body, dict):
        return
    kind = body.get("resourceType")
    is_named = isinstance(kind, str) and (kind in SIGNS or kind in TYPES)
    yield (str(kind) if is_named else "Resource"), body
    entries = body.get("entry")
    if kind != "Bundle" or not isinstance(entries, list):
        return
    for number, entry in enumerate(entries[:MOST_RESOURCES]):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield f"Bundle.entry[{number}].resource", resource
