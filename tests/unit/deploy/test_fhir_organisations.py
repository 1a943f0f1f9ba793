"""Who reads and answers over FHIR: an organisation with the channel `fhir`, by its own tokens."""

from datetime import date

from deploy.composition import fhir_organisations
from deploy.configuration.area import Token
from deploy.configuration.load import DEMO, load
from hub.keys import Key

SHA256 = "0" * 64
TOKEN = Token(sha256=SHA256, expires_on=date(2099, 12, 31))


def test_only_the_channel_lets_an_organisation_read_and_its_own_tokens_open_it():
    configuration = load(DEMO, {})
    given = configuration.model_copy(
        update={
            "organisations": tuple(
                each.model_copy(update={"tokens": (TOKEN,)}) for each in configuration.organisations
            )
        }
    )
    with_channel = {each.ods_code for each in given.organisations if "fhir" in each.channels}
    assert 0 < len(with_channel) < len(given.organisations)
    found = {each.ods_code: each.keys for each in fhir_organisations(given)}
    assert found == dict.fromkeys(with_channel, (Key(SHA256, date(2099, 12, 31)),))
