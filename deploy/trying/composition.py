"""What a dry run is made of: the configured chain, the configured senders, and one of each that takes anything."""

from dataclasses import dataclass, replace
from pathlib import Path

from connectors.fhir_api.settings import FhirSender
from connectors.gp_csv.settings import CsvSettings
from connectors.national.settings import NationalSender
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from deploy.composition import (
    chain_from,
    fhir_shapes,
    fhir_structures,
    known_codes,
    matcher_from,
    ward_senders,
)
from deploy.configuration.model import Configuration
from deploy.fhir_schema import LAID
from deploy.trying.trial import Trial
from hub.testing.memory_hub import MemoryHub


@dataclass(frozen=True, slots=True)
class Tried:
    """A configuration to try things under, and the organisation that stands for unknown senders.

    Test numbers count, because files to try are made up more often than not.
    """

    configuration: Configuration
    ods_code: str


def tried(configuration: Configuration) -> Tried:
    """The configuration as it is tried; its first trust stands for unknown senders."""
    trust = next(
        (each.ods_code for each in configuration.organisations if each.kind == "trust"),
        configuration.organisations[0].ods_code,
    )
    return Tried(configuration.model_copy(update={"test_numbers": "accept"}), trust)


def wards_for(configuration: Configuration) -> tuple[KnownSender, ...]:
    """The configured senders of HL7 v2, and last one that takes any message."""
    trying = tried(configuration)
    anybody = KnownSender(
        settings=SenderSettings(
            name="try-ward", region=0, trust_ods=trying.ods_code, test_numbers="accept"
        )
    )
    known = tuple(
        replace(each, settings=replace(each.settings, region=0))
        for each in ward_senders(trying.configuration)
    )
    return (*known, anybody)


def trial_for(configuration: Configuration, schema: Path = LAID) -> Trial:
    """A dry run under a configuration."""
    trying = tried(configuration)
    practice = FhirSender(
        name="try-fhir",
        ods_code=trying.ods_code,
        is_trust=True,
        regions=(0,),
        knows=known_codes(trying.configuration),
        test_numbers="accept",
    )
    extracts = CsvSettings(
        name="try-csv", ods_code=trying.ods_code, regions=(0,), test_numbers="accept"
    )
    national = NationalSender(name="try-national", regions=(0,), test_numbers="accept")
    hub = MemoryHub(chain_from(trying.configuration), matcher=matcher_from(trying.configuration))
    return Trial(
        hub,
        wards_for(configuration),
        practice,
        extracts,
        national,
        fhir_shapes(schema),
        fhir_structures(configuration, schema),
        alerts=configuration.policy.discharge_involvement.policy(),
    )
