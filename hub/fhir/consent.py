"""What a Consent says: whether somebody agrees, to what, and until when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from hub.errors import InvalidResource
from hub.fhir.codings import coding_from, codings_at, codings_in, identifier_from
from hub.fhir.reading import (
    Element,
    code_at,
    element_at,
    elements_at,
    required,
    resource_from,
    unmodified,
)
from hub.fhir.recorded import last_updated
from hub.fhir.reference import Reference, reference_at, references_at
from hub.fhir.systems import CONSENT_CODE
from hub.fhir.times import moment_at, period_at
from hub.records import Coding, Identifier

CARER_REFERRAL: Final = "carer-referral"
"""The hub's code: a carer agrees to be referred to a carers' support service."""

Agreement: TypeAlias = Literal["yes", "no"]

_STATUSES: Final = frozenset(
    {"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"}
)
_UNDECIDED: Final = frozenset({"draft", "proposed"})
_ACTIVE: Final = "active"
_TYPES: Final = frozenset({"permit", "deny"})


@dataclass(frozen=True, slots=True)
class ConsentNews:
    """One consent as it stands now.

    Attributes:
        status: FHIR Consent.status.
        scope: The area that it is about.
        categories: What is consented to, with the codes of the provision.
        patient: Whose consent it is; for `carer-referral` that is the carer.
        identifier: The source's id of the consent, which names the agreement.
        said_at: When it was given or changed, UTC.
        provision: `permit` or `deny`, if it was said.
        starts_at: From when it holds, UTC.
        ends_at: Up to when, UTC.
        performers: Who gave it.
        recorded_at: When it was written down, UTC; None when only the Bundle can tell.
        agreement: For the hub's code `carer-referral` alone: `yes`, or `no` when it was refused,
            withdrawn or never meant; None for any other consent and for one not yet decided.
    """

    status: str
    scope: tuple[Coding, ...]
    categories: tuple[Coding, ...]
    patient: Reference
    identifier: Identifier | None
    said_at: datetime | None
    provision: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    performers: tuple[Reference, ...]
    recorded_at: datetime | None
    agreement: Agreement | None


def consent_news_from(resource: object, path: str) -> ConsentNews:
    """Read a Consent.

    Raises:
        InvalidResource: It has no status or patient, or something is against the standard.
    """
    consent = resource_from(resource, "Consent", path)
    status = required(code_at(consent, "status", path, _STATUSES), "status", path)
    patient = reference_at(consent, "patient", path)
    if patient is None:
        raise InvalidResource(
            "Say whose consent it is.", expression=f"{path}.patient", code="required"
        )
    said = moment_at(consent, "dateTime", path)
    provision = unmodified(element_at(consent, "provision", path) or {}, f"{path}.provision")
    period = period_at(provision, "period", f"{path}.provision")
    kind = code_at(provision, "type", f"{path}.provision", _TYPES)
    scope = codings_at(consent, "scope", path)
    categories = (*codings_in(consent, "category", path), *_provided(provision, path))
    return ConsentNews(
        status=status,
        scope=scope,
        categories=categories,
        patient=patient,
        identifier=_identifier(consent, path),
        said_at=None if said is None else said.at,
        provision=kind,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        performers=references_at(consent, "performer", path),
        recorded_at=last_updated(consent, path),
        agreement=_agreement((*scope, *categories), status, kind),
    )


def _agreement(codings: tuple[Coding, ...], status: str, kind: str | None) -> Agreement | None:
    ours = any(
        coding.system == CONSENT_CODE and coding.code == CARER_REFERRAL for coding in codings
    )
    if not ours or status in _UNDECIDED:
        return None
    return "yes" if status == _ACTIVE and kind != "deny" else "no"


def _provided(provision: Element, path: str) -> Iterator[Coding]:
    """The codes and purposes of the provision itself; provisions inside it are exceptions."""
    yield from codings_in(provision, "code", f"{path}.provision")
    for place, item in elements_at(provision, "purpose", f"{path}.provision"):
        coding = coding_from(item, place)
        if coding is not None:
            yield coding


def _identifier(consent: Element, path: str) -> Identifier | None:
    for place, item in elements_at(consent, "identifier", path):
        identifier = identifier_from(item, place)
        if identifier is not None:
            return identifier
    return None
