"""The conditions of AUTO, one function each: whether it is *not* met.

Source: matching method 4.2 and 4.3. They guard against the wrong member of the right family, which no threshold does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from hub.matching.normal.dates import is_whole
from hub.matching.normal.record import NOT_VERIFIED, Compared, Mark, homes_of
from hub.matching.scoring.comparison import Levels
from hub.matching.scoring.decision import Rule
from hub.matching.scoring.fields import (
    ADDRESS_OF,
    BORN,
    EMAIL,
    FAMILIES,
    FAMILY_OF,
    GIVEN_OF,
    HOME,
    LANDLINE,
    MIDDLE,
    MOBILE,
    NAME,
    NHS,
    SEX,
    Address,
    Born,
    Family,
    Given,
    Middle,
    Same,
)
from hub.matching.scoring.model import Policy

GIVEN_AGREES: Final = tuple(map(Given, range(Given.EXACT, Given.INITIAL)))
GIVEN_SURELY: Final = (Given.EXACT, Given.VARIANT, Given.CLOSE)
FAMILY_AGREES: Final = tuple(map(Family, range(Family.EXACT, Family.OTHER)))
BORN_AGREES: Final = range(Born.EXACT, Born.YEAR)
BORN_SURELY: Final = (Born.EXACT, Born.SWAPPED, Born.SLIP)
ADDRESS_AGREES: Final = (Address.EXACT, Address.CLOSE)


class Case(NamedTuple):
    """The best candidate beside everything that may speak against it.

    Attributes:
        housemates: The records of whoever else shares a home with the best candidate, as far as a condition asks.
        namesake: One of them has a name like the query's, and nothing tells the two apart.
        number_is_anothers: Somebody else has the query's NHS number, verified.
        reached_by_others: Every mobile number and e-mail address that the two share is somebody else's as well; asked
            only where a condition may ask (`asks_who_is_reached`).
        margin: Bits more than the runner-up; None without one.
        by_number: The deterministic tier found it.
        common: The names of one of the two, taken together, are commoner in the register than names are in the mean;
            asked only where the date of birth is not known.
        two_names: The given names are not the same, and two: neither can be the slip of the other.
    """

    query: Compared
    best: Compared
    levels: Levels
    bits: float
    margin: float | None
    posterior: float
    housemates: Sequence[Compared]
    namesake: bool
    number_is_anothers: bool
    reached_by_others: bool
    by_number: bool
    common: bool
    two_names: bool
    policy: Policy


def found_by_number(query: Compared, record: Compared, levels: Levels) -> bool:
    """Deterministic tier: NHS number, verified on both sides, with the date of birth, or the given name and two parts.

    Source: cross-check of the Master Person Service (Person_ID handbook).
    """
    if levels[NHS] != Same.EXACT or (query.marks | record.marks) & NOT_VERIFIED:
        return False
    born = levels[BORN]
    return born in BORN_SURELY or (born in BORN_AGREES and GIVEN_OF[levels[NAME]] in GIVEN_AGREES)


def too_few_bits(case: Case) -> bool:
    """Evidence below the policy's; the number with its second agreement is enough by itself."""
    return case.bits < case.policy.auto_bits and not case.by_number


def close_runner_up(case: Case) -> bool:
    """Somebody else is nearly as likely."""
    close = case.margin is not None and case.margin < case.policy.auto_margin
    return close and not case.by_number


def not_sure_enough(case: Case) -> bool:
    """Many who are each less likely weigh as much as one who is nearly as likely."""
    return case.posterior < case.policy.auto_posterior and not case.by_number


def given_name_disagrees(case: Case) -> bool:
    """Missing, an initial, or another: the sign of another member of the household. So is another middle name.

    With the very date of birth it agrees as well if one is known by a middle name, or if it is an initial and something
    personal agrees: sisters share names that way. Twins share their mother's telephone, and now and then a first name.
    """
    if case.by_number:
        return False
    if case.levels[MIDDLE] == Middle.OTHER and not by_a_number(case):
        return True
    given = GIVEN_OF[case.levels[NAME]]
    if given in GIVEN_AGREES and given != Given.TOKEN:
        return False
    if case.levels[BORN] != Born.EXACT or given not in (Given.TOKEN, Given.INITIAL):
        return True
    if given == Given.TOKEN:
        return False
    return FAMILY_OF[case.levels[NAME]] not in FAMILY_AGREES or not personally(case)


def birth_date_disagrees(case: Case) -> bool:
    """Another; or missing, or of another generation, and nothing stands in its place.

    Father and son share name, address, landline, the family's mobile and now and then the birthday, and only one of
    them may be known. So two dates of two generations are one person's by an NHS number alone. Where a date is missing,
    or a year alone agrees, something personal must agree, and the very names. A year that agrees is enough where one of
    the two knows the day, the names are the same, uncommon, and in one home, and nothing personal says otherwise.
    Nobody is joined so where both know a year alone: many newcomers in one hostel have one name, one year and one
    address. Nor do names that stand crosswise count: Hassan Ali is the father of Ali Hassan.
    """
    levels = case.levels
    born, name = levels[BORN], levels[NAME]
    another_generation = _of_another_generation(case)
    if case.by_number or (born in BORN_AGREES and not another_generation):
        return False
    if born == Born.OTHER or FAMILY_OF[name] not in FAMILY_AGREES:
        return True
    if by_a_number(case):
        return False
    if another_generation:
        return True
    if personally(case):
        return name != THE_VERY_NAMES
    if born != Born.YEAR or not any(map(is_whole, (case.query.born, case.best.born))):
        return True
    shared = levels[LANDLINE] == Same.EXACT or ADDRESS_OF[levels[HOME]] in ADDRESS_AGREES
    contradicted = Same.OTHER in (levels[MOBILE], levels[EMAIL], levels[NHS])
    same = name in SAME_NAMES
    return contradicted or case.common or not shared or not same


def by_a_number(case: Case) -> bool:
    """Whether the NHS number agrees, be it one that nobody verified."""
    return case.levels[NHS] == Same.EXACT


def personally(case: Case) -> bool:
    """Whether something agrees that one person has alone: not a mobile of the family, nor the e-mail of a care home."""
    levels = case.levels
    reached = Same.EXACT in (levels[MOBILE], levels[EMAIL]) and not case.reached_by_others
    return reached or by_a_number(case)


def asks_who_is_reached(levels: Levels) -> bool:
    """Whether a condition may ask `personally`: the date of birth or the given name does not agree by itself."""
    personal = Same.EXACT in (levels[MOBILE], levels[EMAIL])
    return personal and (levels[BORN] not in BORN_AGREES or GIVEN_OF[levels[NAME]] == Given.INITIAL)


def _of_another_generation(case: Case) -> bool:
    """Whether day and month agree and the year is further away than one slip, or a slip that could be parent and child.

    1941 and 1971 are one digit apart, 1958 and 1985 two that changed places.
    """
    apart = abs(case.query.born // YEAR - case.best.born // YEAR)
    born = case.levels[BORN]
    return (born == Born.TWO_PARTS and apart > 0) or (born == Born.SLIP and apart >= GENERATION)


THE_VERY_NAMES: Final = Given.EXACT * FAMILIES + Family.EXACT
"""Level of `name`: given and family name are the same, and each in its place."""
SAME_NAMES: Final = (THE_VERY_NAMES, Given.VARIANT * FAMILIES + Family.EXACT)
"""The same, or with another form of the given name."""
YEAR: Final = 10_000
"""In a date YYYYMMDD."""
GENERATION: Final = 13
"""Years: hardly anybody is a parent before."""


def namesake_at_address(case: Case) -> bool:
    """Somebody else of the same or a like name lives there: father and son, or one person twice."""
    return case.namesake and not case.by_number


def twin(case: Case) -> bool:
    """The given name does not settle which of two who share home, family name and date of birth is meant.

    Somebody else there is known; or there may be one, for Jean and Joan are two names and neither need be a slip. Nor
    need they be twins: of two who were born a slip apart the date says no more.
    """
    levels = case.levels
    may_be_two = case.two_names and levels[BORN] in BORN_AGREES
    if may_be_two and not (case.by_number or by_a_number(case)) and may_share_a_home(case):
        return True
    if GIVEN_OF[levels[NAME]] in GIVEN_SURELY:
        return False
    return any(
        record.born == case.best.born != 0 and record.family == case.best.family != ""
        for record in case.housemates
    )


def may_share_a_home(case: Case) -> bool:
    """Whether two live or lived in one place as far as is known, or are reached in one: a home may be left out.

    Twins who have moved keep their mother's telephone on their records.
    """
    levels = case.levels
    home = levels[HOME]
    return (
        home == NOT_KNOWN
        or ADDRESS_OF[home] in ADDRESS_AGREES
        or Same.EXACT in (levels[MOBILE], levels[LANDLINE], levels[EMAIL])
        or share_a_home(case.query, case.best)
    )


NOT_KNOWN: Final = 0
"""Level of `home`: neither postcode nor address is known of both."""


def share_a_home(one: Compared, other: Compared) -> bool:
    """The same postcode or the same address, now or earlier."""
    return bool(at_home_with(one, (other,)))


def at_home_with(one: Compared, others: Iterable[Compared]) -> list[Compared]:
    """Of others those who have the same postcode or the same address, now or earlier."""
    if one.more is not None:
        return [other for other in others if _ever_share_a_home(one, other)]
    postcode, address = one.postcode or None, one.address or None
    return [
        other
        for other in others
        if other.postcode == postcode
        or other.address == address
        or (other.more is not None and _ever_share_a_home(one, other))
    ]


def _ever_share_a_home(one: Compared, other: Compared) -> bool:
    return any(
        left.postcode == right.postcode != "" or left.address == right.address != ""
        for left in homes_of(one)
        for right in homes_of(other)
    )


def sex_conflict(case: Case) -> bool:
    """Another sex, unless given name and date of birth are exact."""
    levels = case.levels
    exact = GIVEN_OF[levels[NAME]] == Given.EXACT and levels[BORN] == Born.EXACT
    return levels[SEX] == Same.OTHER and not exact


def number_conflict(case: Case) -> bool:
    """The NHS number says something else: another number, somebody else's, or one that all else contradicts.

    Two right numbers are never one slip of the keys apart: the check digit sees every single wrong digit.
    """
    levels = case.levels
    verified = not (case.query.marks | case.best.marks) & NOT_VERIFIED
    two = levels[NHS] == Same.OTHER and verified
    born, given = levels[BORN], GIVEN_OF[levels[NAME]]
    strangers = given == Given.OTHER and FAMILY_OF[levels[NAME]] == Family.OTHER
    misfiled = levels[NHS] == Same.EXACT and (
        (born == Born.OTHER and given not in (Given.MISSING, *GIVEN_AGREES))
        or (born == Born.SWAPPED and strangers)
    )
    return two or case.number_is_anothers or misfiled


def marked(mark: Mark) -> Callable[[Case], bool]:
    """Whether either record carries a mark."""
    bits = int(mark)
    return lambda case: bool((case.query.marks | case.best.marks) & bits)


NOT_MET: Final[Mapping[Rule, Callable[[Case], bool]]] = {
    Rule.TOO_FEW_BITS: too_few_bits,
    Rule.CLOSE_RUNNER_UP: close_runner_up,
    Rule.NOT_SURE_ENOUGH: not_sure_enough,
    Rule.GIVEN_NAME_DISAGREES: given_name_disagrees,
    Rule.BIRTH_DATE_DISAGREES: birth_date_disagrees,
    Rule.NAMESAKE_AT_ADDRESS: namesake_at_address,
    Rule.TWIN: twin,
    Rule.SEX_CONFLICT: sex_conflict,
    Rule.NUMBER_CONFLICT: number_conflict,
    Rule.DECEASED: marked(Mark.DECEASED),
    Rule.RESTRICTED: marked(Mark.RESTRICTED),
    Rule.WITHDRAWN: marked(Mark.WITHDRAWN),
}
