"""Checks of the files that a hub does not run without. Facts in, findings out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

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


def lists_heard_by(metrics: str | None, version: str | None) -> Iterator[Finding]:
    """A warning where the gateway that runs here leaves out what other lists do not know.

    Args:
        metrics: What its `/metrics` said; None = it did not answer.
        version: Of the lists here, by which `hub codes apply` decides; None = they cannot be read.
    """
    for family in text_string_to_metric_families(metrics or ""):
        for sample in family.samples:
            if sample.name == "hub_carer_codes" and version is not None:
                heard = sample.labels["version"]
                if heard != version:
                    says = f"the gateway hears by version {heard} of the lists, and here is version {version}"
                    do = "start every role again, then hub codes apply"
                    yield Finding("code lists of the gateway", State.WARNING, says, do)


def code_lists(version: str | None) -> Finding:
    """Whether the lists of who is a carer are there.

    Args:
        version: Of the lists; None = they cannot be read.
    """
    if version is None:
        says = "schemas/codes/carers.yaml cannot be read"
        return Finding("code lists", State.FAILED, says, SET_UP)
    return Finding("code lists", State.OK, f"version {version}")
