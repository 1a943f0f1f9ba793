"""HL7's JSON schema of FHIR R4, where set-up laid it, or where a setting says."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.local.errors import CannotStart

VARIABLE: Final = "HUB_FHIR_SCHEMA"
LAID: Final = Path(sys.prefix, "share", "carers-hub", "fhir.schema.json")
SOURCE: Final = Path(__file__).with_suffix(".sha256")


def fhir_schema_place(environment: Mapping[str, str]) -> Path:
    """Where the schema is; an empty variable is an absent one."""
    return Path(environment.get(VARIABLE) or LAID)


def wanted_sha256() -> str:
    """SHA-256 of the schema that the hub is tested with, as hexadecimal digits."""
    return SOURCE.read_text(encoding="ascii").splitlines()[-1].split()[0]


def fhir_schema(place: Path) -> bytes:
    """The schema's bytes.

    Raises:
        CannotStart: It is not there.
    """
    try:
        return place.read_bytes()
    except OSError as error:
        raise CannotStart(
            f"The FHIR schema {place} cannot be read ({error.strerror}): `make setup` lays it "
            f"into the environment, and {VARIABLE} names another place."
        ) from error
