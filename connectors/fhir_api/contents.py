"""What a body holds, and whether it is of any use here."""

from typing import Final

from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, bundle_entries, single_entry
from hub.fhir.conformance import NotSupported, Shapes, refuse_malformed
from hub.fhir.older import refuse_older
from hub.fhir.reading import Element, code_at, element_at
from hub.fhir.statement import STATEMENTS

ALONE: Final = ("Patient", "Flag", "Condition", "Observation", "RelatedPerson", "Consent")
"""Resource types that may be sent alone, each to its own address."""

SPOKEN_OF: Final = frozenset({*ALONE, "Encounter"})
"""Resource types that mean something here; others may come along."""

FLAGS: Final = frozenset({*STATEMENTS, "RelatedPerson"})
"""What makes a body a carer flag, whatever else is in it."""

BUNDLES: Final = frozenset({"transaction", "batch", "message", "collection"})
ANSWERED_BY_ENTRIES: Final = frozenset({"transaction", "batch"})
METHODS: Final = frozenset({"POST", "PUT"})
"""What an entry of a transaction or batch may ask for: nothing is ever read back or deleted here."""


def entries_of(resource: Element, resource_type: str | None) -> Entries:
    """The entries of a Bundle, or the one resource that was sent to its own address."""
    kind = resource.get("resourceType")
    if resource_type is not None and kind != resource_type:
        raise InvalidResource(
            "The resource is not of the type in the address.",
            expression="Resource.resourceType",
            code="value",
        )
    if kind == "Bundle":
        return entries_of_bundle(resource)
    if not isinstance(kind, str) or kind not in SPOKEN_OF:
        raise of_no_use("Resource.resourceType")
    return single_entry(resource)


def entries_of_bundle(bundle: Element) -> Entries:
    """The entries of a Bundle that says something, and asks for nothing that is not done here."""
    entries = bundle_entries(bundle)
    if entries.type not in BUNDLES:
        raise InvalidResource(
            "Send a Bundle of type transaction, batch, message or collection.",
            expression="Bundle.type",
            code="value",
        )
    if entries.type in ANSWERED_BY_ENTRIES:
        for number, entry in enumerate(bundle.get("entry") or ()):
            request = element_at(entry, "request", f"Bundle.entry[{number}]") or {}
            code_at(request, "method", f"Bundle.entry[{number}].request", METHODS)
    if not any(entry.type in SPOKEN_OF for entry in entries):
        raise of_no_use("Bundle.entry")
    return entries


def refuse_other_shapes(resource: object, shapes: Shapes) -> None:
    """Hold a body against what R4 publishes; what is of an older version is refused by that name.

    Raises:
        OlderVersion: It is FHIR before R4.
        InvalidResource: It is not as published, at this place.
    """
    try:
        refuse_malformed(resource, shapes)
    except InvalidResource:
        refuse_older(resource)
        raise


class OfNoUse(NotSupported):
    """Nothing here means anything to the hub, so nothing of it is kept."""

    keeps_bytes = False


def of_no_use(place: str) -> OfNoUse:
    """The refusal of what means nothing here."""
    return OfNoUse(
        f"Nothing here is of use: send one of {', '.join(sorted(SPOKEN_OF))}.",
        expression=place,
        code="not-supported",
    )
