"""What the sender prefers, by the header `Prefer`."""

from typing import Final, Literal, TypeAlias

from connectors.fhir_api.media import Headers

Return: TypeAlias = Literal["minimal", "representation", "OperationOutcome"]
RETURNS: Final[tuple[Return, ...]] = ("minimal", "representation", "OperationOutcome")


def wanted_back(headers: Headers) -> Return:
    """What the sender prefers to get back: `Prefer: return=…`, else an OperationOutcome with the ids of the events."""
    said = wishes(headers)
    found = (each for each in RETURNS if f"return={each.lower()}" in said)
    return next(found, "OperationOutcome")


def wants_no_body(headers: Headers) -> bool:
    """Whether the sender says `Prefer: return=minimal`."""
    return wanted_back(headers) == "minimal"


def wants_to_hear_of_unknowns(headers: Headers) -> bool:
    """Whether the sender says `Prefer: handling=strict`: what is not known is then refused and not ignored."""
    return "handling=strict" in wishes(headers)


def wishes(headers: Headers) -> list[str]:
    """What the sender prefers."""
    said = headers.get("prefer", "").lower().replace(";", ",").split(",")
    return [wish.strip() for wish in said]
