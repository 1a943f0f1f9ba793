"""Two records side by side: each compared field with how far it agrees. Nothing clinical, no contact of anybody.

A model that scores adds its bits to the same fields; a person decides by the words.
"""

from collections.abc import Callable, Iterable
from typing import Final

from hub.matching.compare import ALL_PARTS, TWO_PARTS, birth_parts_agreeing
from hub.matching.names import family_names, folded_name, given_names
from hub.records import ComparedField, PersonFacts, Precision

SAME: Final = "same"
PART: Final = "part"
DIFFERENT: Final = "different"
ONE_SIDE: Final = "one-side"
NONE: Final = "none"

MOST_CHARACTERS: Final = 120
"""Of one value as it is shown: longer than any honest name."""


def fields_from(
    left: PersonFacts, right: PersonFacts, *, restricted: bool
) -> tuple[ComparedField, ...]:
    """The fields in the order of a page. Of somebody who is restricted, not where they live."""
    compared = (
        field_from("nhs-number", left, right, nhs_number, level_of(nhs_number)),
        field_from("family-name", left, right, family, level_by(family_names)),
        field_from("given-name", left, right, given, level_by(given_names)),
        field_from("birth-date", left, right, born, birth_level),
        field_from("sex", left, right, sex, level_of(sex)),
        field_from("postcode", left, right, postcode, postcode_level),
    )
    return tuple(each for each in compared if not (restricted and each.field == "postcode"))


Says = Callable[[PersonFacts], str]
Level = Callable[[PersonFacts, PersonFacts], str]


def field_from(
    name: str, left: PersonFacts, right: PersonFacts, says: Says, level: Level
) -> ComparedField:
    """One field: what is known on one side alone, or on neither, is no disagreement."""
    one, other = says(left), says(right)
    known_once = ONE_SIDE if one or other else NONE
    return ComparedField(
        field=name,
        level=level(left, right) if one and other else known_once,
        left=one[:MOST_CHARACTERS] or None,
        right=other[:MOST_CHARACTERS] or None,
    )


def level_of(says: Says) -> Level:
    """The same text, or another."""
    return lambda left, right: SAME if says(left) == says(right) else DIFFERENT


def level_by(folded: Callable[..., frozenset[str]]) -> Level:
    """Whether any name of the one is one of the other, as names are compared."""
    return lambda left, right: SAME if folded(left.names) & folded(right.names) else DIFFERENT


def birth_level(left: PersonFacts, right: PersonFacts) -> str:
    """The whole date, two parts of it, or less."""
    parts = birth_parts_agreeing(left, right)
    if parts == ALL_PARTS:
        return SAME
    return PART if parts >= TWO_PARTS else DIFFERENT


def postcode_level(left: PersonFacts, right: PersonFacts) -> str:
    """The whole postcode, its outward part, or neither."""
    one, other = folded_name(postcode(left)), folded_name(postcode(right))
    if one == other:
        return SAME
    return PART if one[:-INWARD] and one[:-INWARD] == other[:-INWARD] else DIFFERENT


INWARD: Final = 3
"""Characters of the inward part of a postcode."""


def nhs_number(facts: PersonFacts) -> str:
    """Ten digits, or empty."""
    return facts.nhs_number or ""


def family(facts: PersonFacts) -> str:
    """All family names; of a name that was sent unsplit the whole."""
    return listed(name.family or ("" if name.given else name.text or "") for name in facts.names)


def given(facts: PersonFacts) -> str:
    """All given names."""
    return listed(" ".join(name.given) for name in facts.names)


def born(facts: PersonFacts) -> str:
    """As much of the date of birth as is known, as ISO 8601 writes it."""
    if facts.birth_on is None:
        return ""
    whole = facts.birth_on.isoformat()
    match facts.birth_precision:
        case Precision.YEAR:
            return whole[: len("2026")]
        case Precision.MONTH:
            return whole[: len("2026-11")]
        case _:
            return whole


def sex(facts: PersonFacts) -> str:
    """FHIR administrative gender; "unknown" is not known."""
    return "" if facts.gender in (None, "unknown") else str(facts.gender)


def postcode(facts: PersonFacts) -> str:
    """The current postcode."""
    return next((each.postcode for each in facts.addresses if each.postcode), "") or ""


def listed(values: Iterable[str]) -> str:
    """Each once, in order."""
    return "; ".join(dict.fromkeys(each for each in values if each))
