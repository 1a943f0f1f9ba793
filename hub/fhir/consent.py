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
CARER_LINK: Final = "carer-link"
"""The hub's code: somebody may be linked with whom they look after and who looks after them, or may not."""
OURS: Final = frozenset({CARER_REFERRAL, CARER_LINK})
"""The hub's codes."""

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
        patient: Whose consent it is; for `carer-referral` that is the carer, for `carer-link` either of the two.
        identifier: The source's id of the consent, which names the agreement.
        said_at: When it was given or changed, UTC.
        provision: `permit` or `deny`, if it was said.
        starts_at: From when it holds, UTC.
        ends_at: Up to when, UTC.
        performers: Who gave it.
        recorded_at: When it was written down, UTC; None when only the Bundle can tell.
        about: Which of the hub's codes it is under; None for any other consent.
        agreement: For the hub's codes alone: `yes`, or `no` when it was refused, withdrawn or never meant; None for
            any other consent and for one not yet decided.
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
    about: str | None
    agreement: Agreement | None


def consent_news_from(resource: object, path: str) -> ConsentNews:
    """Read a Consent.

    Raises:
        InvalidResource: It has no status or patient, or something is against the standard; or it is under both of the
            hub's codes, or about being linked and does not plainly say yes or no from now on.
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
    about = _about((*scope, *categories), path)
    if about == CARER_LINK and status not in _UNDECIDED:
        _refuse_unclear(status, kind, period.ends_at, path)
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
        about=about,
        agreement=None if about is None else _agreement(status, kind),
    )


def _about(codings: tuple[Coding, ...], path: str) -> str | None:
    """The one code of the hub that it is under."""
    ours = {each.code for each in codings if each.system == CONSENT_CODE and each.code in OURS}
    if len(ours) > 1:
        raise InvalidResource(
            f"Of {CARER_REFERRAL} and {CARER_LINK} a Consent is about one: send two.",
            expression=path,
            code="value",
        )
    return next(iter(ours), None)


def _agreement(status: str, kind: str | None) -> Agreement | None:
    if status in _UNDECIDED:
        return None
    return "yes" if status == _ACTIVE and kind != "deny" else "no"


def _refuse_unclear(status: str, kind: str | None, ends_at: datetime | None, path: str) -> None:
    """Of a word on being linked nothing is guessed, for a wrong guess tells somebody.

    An objection that is no longer active may have been taken back, replaced by another, or never meant: only a permit
    says that there is none.
    """
    if kind is None:
        raise InvalidResource(
            "Say permit, or deny where they do not want to be linked.",
            expression=f"{path}.provision.type",
            code="required",
        )
    if kind == "deny" and status != _ACTIVE:
        raise InvalidResource(
            "An objection to being linked ends by an active Consent that permits it: send that.",
            expression=f"{path}.status",
            code="not-supported",
        )
    if ends_at is not None and status == _ACTIVE:
        raise InvalidResource(
            "A word on being linked holds until the next one: leave out its end.",
            expression=f"{path}.provision.period.end",
            code="not-supported",
        )


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
