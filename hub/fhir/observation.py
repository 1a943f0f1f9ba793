"""What an Observation with a carer code says: GP systems write "is a carer" as a finding as often as as a flag."""

from dataclasses import replace
from typing import Final

from hub.errors import InvalidResource
from hub.fhir.codings import codings_at, codings_in, identifier_from
from hub.fhir.flag import ACTIVE, ENTERED_IN_ERROR, INACTIVE, FlagNews
from hub.fhir.reading import Element, boolean_at, code_at, elements_at, required, resource_from
from hub.fhir.recorded import contained_provenance, last_updated
from hub.fhir.reference import reference_at, references_at
from hub.fhir.systems import SNOMED_CT
from hub.fhir.times import Period, moment_at, period_at
from hub.records import Coding, Identifier

STATUSES: Final = {
    "final": ACTIVE,
    "amended": ACTIVE,
    "corrected": ACTIVE,
    "preliminary": ACTIVE,
    "registered": ACTIVE,
    "unknown": ACTIVE,
    "cancelled": ENTERED_IN_ERROR,
    "entered-in-error": ENTERED_IN_ERROR,
}
"""Observation.status -> whether what it says stands."""

NO: Final = frozenset({f"{SNOMED_CT}|373067005", f"{SNOMED_CT}|373068000"})
"""Answers to a question: No, and Undetermined. Neither says that somebody is a carer."""
YES: Final = frozenset({f"{SNOMED_CT}|373066001"})


def observation_news_from(resource: object, path: str) -> FlagNews:
    """Read an Observation as a statement about its subject.

    The code alone says it, or the code asks and `value` answers: with a code of its own, with true or false, or
    with SNOMED CT's Yes or No. What has no answer (`dataAbsentReason`) says nothing: it then has no codings.

    Raises:
        InvalidResource: It has no status, code or subject, or something is against the standard.
    """
    observation = resource_from(resource, "Observation", path)
    subject = reference_at(observation, "subject", path)
    if subject is None:
        raise InvalidResource(
            "A subject is required.", expression=f"{path}.subject", code="required"
        )
    status = required(code_at(observation, "status", path, frozenset(STATUSES)), "status", path)
    period = _holds(observation, path)
    is_active = STATUSES[status] == ACTIVE
    issued = moment_at(observation, "issued", path)
    said = contained_provenance(observation, path)
    performers = references_at(observation, "performer", path)
    news = FlagNews(
        status=STATUSES[status],
        codings=_asked(observation, path),
        categories=codings_in(observation, "category", path),
        subject=subject,
        identifier=_identifier(observation, path),
        starts_at=period.starts_at,
        ends_at=None
        if is_active
        else period.ends_at,  # it says when it was seen, not until when it is so
        author=performers[0] if performers else said.who,
        recorded_at=said.recorded_at
        or (None if issued is None else issued.at)
        or last_updated(observation, path),
    )
    return _answered(news, observation, path)


def _asked(observation: Element, path: str) -> tuple[Coding, ...]:
    codings = codings_at(observation, "code", path)
    if not codings:
        raise InvalidResource("A code is required.", expression=f"{path}.code", code="required")
    return codings


def _answered(news: FlagNews, observation: Element, path: str) -> FlagNews:
    """The statement with its answer, where there is one."""
    answers = codings_at(observation, "valueCodeableConcept", path)
    told = {f"{each.system}|{each.code}" for each in answers}
    if observation.get("dataAbsentReason") is not None:
        return replace(news, codings=())
    if boolean_at(observation, "valueBoolean", path) is False or told & NO:
        return replace(news, status=INACTIVE if news.status == ACTIVE else news.status)
    return news if told & YES else replace(news, codings=(*news.codings, *answers))


def _holds(observation: Element, path: str) -> Period:
    """From when, and up to when, it holds."""
    moment = moment_at(observation, "effectiveDateTime", path) or moment_at(
        observation, "effectiveInstant", path
    )
    return period_at(observation, "effectivePeriod", path) if moment is None else Period(moment.at)


def _identifier(observation: Element, path: str) -> Identifier | None:
    for place, item in elements_at(observation, "identifier", path):
        identifier = identifier_from(item, place)
        if identifier is not None:
            return identifier
    return None
