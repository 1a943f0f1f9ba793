"""What a Flag or a Condition says: that somebody is a carer, or no longer is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.errors import InvalidResource
from hub.fhir.codings import codings_at, codings_in, identifier_from
from hub.fhir.reading import (
    Element,
    boolean_at,
    code_at,
    element_from,
    elements_at,
    extensions_at,
    required,
    resource_from,
)
from hub.fhir.recorded import contained_provenance, last_updated
from hub.fhir.reference import Reference, reference_at
from hub.fhir.systems import NO_LONGER_LISTED_EXTENSIONS
from hub.fhir.times import Period, end_at, moment_at, period_at
from hub.records import Coding, Identifier

ACTIVE: Final = "active"
INACTIVE: Final = "inactive"
ENTERED_IN_ERROR: Final = "entered-in-error"

_FLAG_STATUSES: Final = frozenset({ACTIVE, INACTIVE, ENTERED_IN_ERROR})
_ACTIVE_CONDITIONS: Final = frozenset({"active", "recurrence", "relapse"})
_REFUTED: Final = "refuted"
_ABATED_WITHOUT_A_TIME: Final = ("abatementAge", "abatementRange", "abatementString")
"""What has abated is not active. Source: FHIR R4, Condition, con-4."""


@dataclass(frozen=True, slots=True)
class FlagNews:
    """One coded statement about one person.

    Attributes:
        status: `active`, `inactive` or `entered-in-error`.
        codings: Its code, in every code system that it was sent in; systems as their owners write
            them, codes exactly as sent (Read codes differ by case alone).
        categories: What kind of flag it is.
        subject: Whom it is about.
        identifier: The source's id of the statement.
        starts_at: From when it holds, UTC.
        ends_at: Up to when, UTC.
        author: Who said it.
        recorded_at: When it was written down, UTC; None when only the Bundle can tell.
        listed: False when its source ceased to list it, and said nothing more.
    """

    status: str
    codings: tuple[Coding, ...]
    categories: tuple[Coding, ...]
    subject: Reference
    identifier: Identifier | None
    starts_at: datetime | None
    ends_at: datetime | None
    author: Reference | None
    recorded_at: datetime | None
    listed: bool = True


def flag_news_from(resource: object, path: str) -> FlagNews:
    """Read a Flag, or a Condition that is used as one.

    Raises:
        InvalidResource: It has no status, code or subject, or something is against the standard.
    """
    if element_from(resource, path).get("resourceType") == "Condition":
        return _from_condition(resource_from(resource, "Condition", path), path)
    return _from_flag(resource_from(resource, "Flag", path), path)


def _from_flag(flag: Element, path: str) -> FlagNews:
    period = period_at(flag, "period", path)
    said = contained_provenance(flag, path)
    return FlagNews(
        status=required(code_at(flag, "status", path, _FLAG_STATUSES), "status", path),
        codings=_code(flag, path),
        categories=_categories(flag, path),
        subject=_subject(flag, path),
        identifier=_identifier(flag, path),
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        author=reference_at(flag, "author", path) or said.who,
        recorded_at=said.recorded_at or last_updated(flag, path),
        listed=not any(
            boolean_at(extension, "valueBoolean", place)
            for place, extension in extensions_at(flag, NO_LONGER_LISTED_EXTENSIONS, path)
        ),
    )


def _from_condition(condition: Element, path: str) -> FlagNews:
    recorded = moment_at(condition, "recordedDate", path)
    period = _lasted(condition, path)
    said = contained_provenance(condition, path)
    return FlagNews(
        status=_condition_status(condition, path),
        codings=_code(condition, path),
        categories=_categories(condition, path),
        subject=_subject(condition, path),
        identifier=_identifier(condition, path),
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        author=reference_at(condition, "recorder", path)
        or reference_at(condition, "asserter", path)
        or said.who,
        recorded_at=said.recorded_at
        or (None if recorded is None else recorded.at)
        or last_updated(condition, path),
    )


def _condition_status(condition: Element, path: str) -> str:
    """A Condition without a clinical status is active, unless it abated: GP systems leave it out."""
    verification = {coding.code for coding in codings_at(condition, "verificationStatus", path)}
    clinical = {coding.code for coding in codings_at(condition, "clinicalStatus", path)}
    if ENTERED_IN_ERROR in verification:
        return ENTERED_IN_ERROR
    if _REFUTED in verification or (clinical and not clinical & _ACTIVE_CONDITIONS):
        return INACTIVE
    if not clinical and any(name in condition for name in _ABATED_WITHOUT_A_TIME):
        return INACTIVE
    return ACTIVE


def _lasted(condition: Element, path: str) -> Period:
    onset = moment_at(condition, "onsetDateTime", path)
    abated = end_at(condition, "abatementDateTime", path)
    ends_at = abated or period_at(condition, "abatementPeriod", path).ends_at
    return Period(None if onset is None else onset.at, ends_at)


def _code(resource: Element, path: str) -> tuple[Coding, ...]:
    codings = codings_at(resource, "code", path)
    if not codings:
        raise InvalidResource("A code is required.", expression=f"{path}.code", code="required")
    return codings


def _categories(resource: Element, path: str) -> tuple[Coding, ...]:
    """R4 sends a list; STU3, which is still about, sent one."""
    if isinstance(resource.get("category"), dict):
        return codings_at(resource, "category", path)
    return codings_in(resource, "category", path)


def _subject(resource: Element, path: str) -> Reference:
    subject = reference_at(resource, "subject", path)
    if subject is None:
        raise InvalidResource(
            "A subject is required.", expression=f"{path}.subject", code="required"
        )
    return subject


def _identifier(resource: Element, path: str) -> Identifier | None:
    for place, item in elements_at(resource, "identifier", path):
        identifier = identifier_from(item, place)
        if identifier is not None:
            return identifier
    return None
