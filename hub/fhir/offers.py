"""The offer of a referral inside an alert: that this carer could be referred to a service, if they agree (ADR-0024)."""

from typing import Final

from hub.fhir.reading import Element
from hub.fhir.systems import ODS_ORGANISATION
from hub.records import CarerToInvolve, ServiceOffer

PROPOSAL: Final = "urn:carers-hub:code:proposal"
OFFER: Final = "offer-referral"
"""Code of such a Task in `PROPOSAL`, and of the Task.input of the alert that names it."""


def offer_of(each: CarerToInvolve) -> ServiceOffer | None:
    """The service that a carer could be asked about; None where there is none."""
    return each.offer if each.offer is not None and each.offer.service_ods else None


def offer_from(offer: ServiceOffer) -> Element:
    """A Task, intent proposal: ask them, for the service in `input`. Nobody has been referred."""
    display = {"display": offer.service_name} if offer.service_name else {}
    identifier = {"system": ODS_ORGANISATION, "value": offer.service_ods}
    name = offer.service_name or "a carers' service"
    return {
        "resourceType": "Task",
        "status": "requested",
        "intent": "proposal",
        "code": {"coding": [{"system": PROPOSAL, "code": OFFER}]},
        "description": f"Ask whether they want support from {name}, and record an agreement if they do.",
        "input": [
            {
                "type": {"coding": [{"system": PROPOSAL, "code": "service"}]},
                "valueReference": {"identifier": identifier, **display},
            }
        ],
    }


def contained_offers(carers: tuple[CarerToInvolve, ...]) -> list[Element]:
    """The offers of an alert, each `for` its carer: `#offer-1` is that of `#carer-1`."""
    return [
        {**offer_from(offer), "id": f"offer-{number}", "for": {"reference": f"#carer-{number}"}}
        for number, each in enumerate(carers, start=1)
        if (offer := offer_of(each)) is not None
    ]


def input_of(offer: Element) -> Element:
    """The entry of Task.input by which an alert names an offer that it contains."""
    return {
        "type": {"coding": [{"system": PROPOSAL, "code": OFFER}]},
        "valueReference": {"reference": f"#{offer['id']}"},
    }
