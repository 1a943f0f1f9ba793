"""What a dry run is made of: the configured chain, the configured senders, and one of each that takes anything."""

from dataclasses import replace

from connectors.fhir_api.settings import FhirSender
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from deploy.composition import chain_from, ward_senders
from deploy.configuration.model import Configuration
from deploy.trying.trial import Trial
from hub.testing.memory_hub import MemoryHub


def trial_for(configuration: Configuration) -> Trial:
    """A dry run under a configuration. Test numbers count, because files to try are made up more often than not."""
    trying = configuration.model_copy(update={"test_numbers": "accept"})
    trust = next(
        (each.ods_code for each in trying.organisations if each.kind == "trust"),
        trying.organisations[0].ods_code,
    )
    anybody = KnownSender(
        settings=SenderSettings(name="try-ward", region=0, trust_ods=trust, test_numbers="accept")
    )
    known = tuple(
        replace(each, settings=replace(each.settings, region=0)) for each in ward_senders(trying)
    )
    practice = FhirSender(
        name="try-fhir", ods_code=trust, is_trust=True, regions=(0,), test_numbers="accept"
    )
    return Trial(MemoryHub(chain_from(trying)), (*known, anybody), practice)
