"""The agreements among the Consents of a body: those under the hub's code that were decided."""

from typing import TypeAlias

from connectors.fhir_api.contents import OfNoUse
from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, Entry
from hub.fhir.consent import CARER_REFERRAL, ConsentNews, consent_news_from
from hub.fhir.systems import CONSENT_CODE

Agreement: TypeAlias = tuple[Entry, ConsentNews]


def agreements_in(entries: Entries) -> tuple[Agreement, ...]:
    """The Consents under the hub's code that were given, refused or withdrawn.

    Raises:
        InvalidResource: There are several, and not each has an identifier to be known by.
    """
    found = tuple(
        (entry, news)
        for entry in entries.of_type("Consent")
        if (news := consent_news_from(entry.resource, entry.path)).agreement is not None
    )
    for entry, news in found:
        if news.identifier is None and len(found) > 1:
            raise InvalidResource(
                "Of several agreements each needs an identifier.",
                expression=f"{entry.path}.identifier",
                code="required",
            )
    return found


def no_agreement(entries: Entries) -> OfNoUse:
    """The refusal of what holds nothing but Consents that are no agreement."""
    return OfNoUse(
        f"Of Consents only those with the code {CARER_REFERRAL} of {CONSENT_CODE} are of use, once decided.",
        expression=entries.of_type("Consent")[0].path,
        code="not-supported",
    )
