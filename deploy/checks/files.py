"""Checks of the files that a hub does not run without. Facts in, findings out."""

from pathlib import Path
from typing import Final

from deploy.checks.finding import Finding, State

SET_UP: Final = "run make setup in the hub's folder"


def fhir_schema(place: Path, sha256: str | None, wanted: str) -> Finding:
    """Whether HL7's schema of FHIR R4 is where the gateway will look for it.

    Args:
        place: Where it is looked for.
        sha256: Of the file, as hexadecimal digits; None = it cannot be read.
        wanted: Of the one that the hub is tested with.
    """
    if sha256 is None:
        do = f"{SET_UP}, or let HUB_FHIR_SCHEMA name the file: no role starts without it"
        return Finding("fhir schema", State.FAILED, f"{place} cannot be read", do)
    if sha256 != wanted:
        says = f"{place} is not the one that this hub is tested with"
        return Finding("fhir schema", State.WARNING, says, SET_UP)
    return Finding("fhir schema", State.OK, f"{place}")


def code_lists(version: str | None) -> Finding:
    """Whether the lists of who is a carer are there.

    Args:
        version: Of the lists; None = they cannot be read.
    """
    if version is None:
        says = "schemas/codes/carers.yaml cannot be read"
        return Finding("code lists", State.FAILED, says, SET_UP)
    return Finding("code lists", State.OK, f"version {version}")
