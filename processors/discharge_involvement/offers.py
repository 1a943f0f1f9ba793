"""Which service a carer could be referred to, if they agree: the offer that an alert holds (ADR-0024)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from hub.records import AgeBand, CarerOfStay, InvolvementAlert, OutcomeKind, ServiceOffer
from hub.services import Service, service_for

NO_CARER_HERE: Final = frozenset(
    {OutcomeKind.NOT_A_CARER, OutcomeKind.WRONG_PERSON, OutcomeKind.PATIENT_OBJECTS}
)
"""Outcomes after which nobody is to ask this person anything."""
NOTHING: Final = ServiceOffer(service_ods="")


def offer_to(
    carer: CarerOfStay, band: AgeBand, outcome: OutcomeKind | None, services: Iterable[Service]
) -> ServiceOffer | None:
    """The service to ask a carer about; `NOTHING` where there is none; None while the picture says nothing of areas.

    Whoever has agreed is referred and not asked again.
    """
    if carer.area is None:
        return None
    if carer.agreement_id is not None or outcome in NO_CARER_HERE:
        return NOTHING
    service = service_for(carer.area, band.value, services)
    if service is None:
        return NOTHING
    return ServiceOffer(service_ods=service.ods_code, service_name=service.name)


def by_code(offer: ServiceOffer | None) -> ServiceOffer | None:
    """An offer without the name of its service: another name of the same one is no news."""
    return offer and ServiceOffer(service_ods=offer.service_ods)


def as_far_as_worked_out(alert: InvolvementAlert, other: InvolvementAlert) -> InvolvementAlert:
    """The alert without the offers that the other says nothing of, because an older version of the hub told it.

    So an upgrade alone is no news: the offer comes with the next version that there is another reason for.
    """
    silent = {each.carer.link_id for each in other.carers if each.offer is None}
    carers = tuple(
        replace(each, offer=None) if each.carer.link_id in silent else each for each in alert.carers
    )
    return replace(alert, carers=carers)
