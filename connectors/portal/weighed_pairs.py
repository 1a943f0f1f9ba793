"""Made-up pairs weighed as real questions are, so that nobody tells one by its having no weights."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from connectors.portal.jsonb import text_at
from connectors.portal.known_pairs import KnownPair
from connectors.portal.review_queue import score_from
from hub.decisions import NO_FRAME
from hub.matching.candidates import Matcher
from hub.matching.waterfall import NUMBER, grade_of, waterfall, weights_from
from hub.records import Address, HumanName, PersonFacts, Precision, ReviewItem, Telecom

PRECISIONS: Final[Mapping[int, Precision]] = {
    len("2026"): Precision.YEAR,
    len("2026-11"): Precision.MONTH,
    len("2026-11-25"): Precision.DAY,
}
FIRST_DAY: Final = "0001-01-01"
NOT_VERIFIED: Final = "02"
"""NHS number status: present, and not traced."""


def weighed(pair: KnownPair, matcher: Matcher) -> KnownPair:
    """The pair with the weights of what it shows, asked by the NHS number."""
    left, right = (facts_from(pair, side) for side in ("left", "right"))
    if "status-not-verified" in pair.reasons:
        right = replace(right, nhs_number_status=NOT_VERIFIED)
    found = waterfall(left, right, matcher)
    item = ReviewItem(
        **NO_FRAME,
        item_id=pair.item_id,
        version=1,
        left=pair.item_id,
        right=pair.item_id,
        in_hospital=False,
        settled=False,
        prior=found.prior,
        total=found.bits,
        grade=grade_of(found, joined=False, apart=False).value,
        model=found.model,
        weights=weights_from(found.fields),
        decided_by=NUMBER,
    )
    return replace(pair, score=score_from(item))


def facts_from(pair: KnownPair, side: str) -> PersonFacts:
    """One of its records as a source would say it. What is no date is left out."""
    said = {text_at(each, "field"): text_at(each, side) for each in pair.fields}
    born, precision = birth_from(said.get("birth-date", ""))
    family, given = said.get("family-name", ""), said.get("given-name", "")
    line, postcode, phone = (said.get(each, "") for each in ("address", "postcode", "phone"))
    return PersonFacts(
        names=(HumanName(family=family or None, given=tuple(given.split())),),
        nhs_number=said.get("nhs-number") or None,
        birth_on=born,
        birth_precision=precision,
        gender=said.get("sex") or None,
        addresses=(Address(lines=(line,) if line else (), postcode=postcode or None),),
        telecoms=(Telecom(system="phone", value=phone),) if phone else (),
    )


def birth_from(said: str) -> tuple[date | None, Precision]:
    """A date of birth, or the part of it that is known."""
    try:
        born = date.fromisoformat(said + FIRST_DAY[len(said) :]) if said else None
    except ValueError:
        born = None
    return born, PRECISIONS.get(len(said), Precision.UNKNOWN) if born else Precision.UNKNOWN
