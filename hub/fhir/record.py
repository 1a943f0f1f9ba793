"""Ids of the records that resources speak of: the same whether the door or the region asks."""

import hashlib
from datetime import UTC
from uuid import UUID

from hub.errors import InvalidResource
from hub.fhir.news import EncounterFacts
from hub.fhir.nhs_number import Unusable, nhs_number_from
from hub.fhir.reference import Reference
from hub.fhir.systems import NHS_NUMBER, authority_in, visit_authority_in
from hub.identity import derived, source_record_id, stay_id, unnumbered_stay_id
from hub.records import Identifier, PersonFacts

_KNOWN_BY_STAY = "urn:carers-hub:stay"


def person_record_id(
    source: str, facts: PersonFacts, path: str, known_by_stay: UUID | None = None
) -> UUID:
    """The record of one source about one person: by hospital number, else by a usable NHS number.

    A patient of whom only an unusable number is known is a record of that one stay: a placeholder
    such as 9999999999 would make one person of all who share it.

    Raises:
        InvalidResource: There is neither a usable identifier nor a stay.
    """
    if facts.identifiers:
        number = facts.identifiers[0]
        return source_record_id(source, authority_in(number.system), number.value)
    if facts.nhs_number is not None:
        return source_record_id(source, NHS_NUMBER, facts.nhs_number)
    if known_by_stay is not None:
        return record_of_stay(source, known_by_stay)
    raise InvalidResource(
        "No identifier here names one person.", expression=path, code="no-identifier"
    )


def record_ids(source: str, facts: PersonFacts) -> list[UUID]:
    """The records of one source that any of these numbers means, the NHS number last."""
    numbers = [(authority_in(each.system), each.value) for each in facts.identifiers]
    if facts.nhs_number is not None:
        numbers.append((NHS_NUMBER, facts.nhs_number))
    return [source_record_id(source, authority, value) for authority, value in numbers]


def record_of_stay(source: str, stay: UUID) -> UUID:
    """The record of a patient of whom no message told more than the stay."""
    return source_record_id(source, _KNOWN_BY_STAY, str(stay))


def referred_record_id(source: str, reference: Reference) -> UUID | None:
    """The record of one source about the person whom a reference names by identifier; None when by none.

    Raises:
        InvalidResource: It is by an NHS number that names nobody: all who share it would be one person.
    """
    if reference.identifier is None:
        return None
    system, value = reference.identifier.system, reference.identifier.value
    if system != NHS_NUMBER:
        return source_record_id(source, authority_in(system), value)
    number = nhs_number_from(
        value, "accept"
    )  # whether those for tests are people is not asked here
    if isinstance(number, Unusable):
        raise InvalidResource(
            f"This NHS number names nobody ({number.value}): send the Patient in the same Bundle.",
            expression=f"{reference.path}.identifier.value",
            code="nhs-number",
        )
    return source_record_id(source, NHS_NUMBER, number)


def agreement_id(source: str, identifier: Identifier | None, canonical: bytes) -> UUID:
    """The agreement that a source's Consent names by its identifier, else by all that it says.

    It holds the source: nobody can withdraw what somebody else was told.
    """
    if identifier is None:
        return derived("agreement", source, hashlib.sha256(canonical).hexdigest())
    return derived("agreement", source, identifier.system, identifier.value)


def stay_ids(
    trust_ods: str, facts: EncounterFacts, hospital_number: str | None
) -> tuple[UUID, ...]:
    """The ids of a stay: by visit number, and by hospital number and admission to the minute.

    The first is the one to use; a feed without visit numbers and one with them meet in the second.
    Empty when nothing names the stay.
    """
    by_number = _numbered_stay(trust_ods, facts)
    by_admission = _stay_by_admission(trust_ods, facts, hospital_number)
    return tuple([stay for stay in (by_number, by_admission) if stay is not None])


def first_stay_id(
    trust_ods: str, facts: EncounterFacts, hospital_number: str | None
) -> UUID | None:
    """The first of `stay_ids`: the one to use."""
    return _numbered_stay(trust_ods, facts) or _stay_by_admission(trust_ods, facts, hospital_number)


def _numbered_stay(trust_ods: str, facts: EncounterFacts) -> UUID | None:
    if facts.visit is None:
        return None
    return stay_id(trust_ods, visit_authority_in(facts.visit.system), facts.visit.value)


def _stay_by_admission(
    trust_ods: str, facts: EncounterFacts, hospital_number: str | None
) -> UUID | None:
    if hospital_number is None or facts.admitted_at is None:
        return None
    minute = facts.admitted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return unnumbered_stay_id(trust_ods, hospital_number, minute)


def hospital_number_of(facts: PersonFacts) -> str | None:
    """The hospital number as sent, else the NHS number: what names an unnumbered stay's patient."""
    return facts.identifiers[0].value if facts.identifiers else facts.nhs_number
