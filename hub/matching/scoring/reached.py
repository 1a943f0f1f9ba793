"""By what somebody alone is reached: mobile numbers and e-mail addresses that nobody else has."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from hub.matching.normal.record import Compared

Ways: TypeAlias = frozenset[int | str]
"""Mobile numbers, and e-mail addresses."""
NO_WAYS: Final[Ways] = frozenset()


def ways_to(record: Compared) -> Ways:
    """All of a record."""
    more = record.more
    first: Iterable[int | str] = (record.mobile, record.email)
    found = first if more is None else (*first, *more.mobiles, *more.emails)
    return frozenset(each for each in found if each)


def ways_to_both(one: Compared, other: Compared) -> Ways:
    """Those that two records share."""
    if one.more is None and other.more is None:  # nearly always, and they nearly never share one
        return frozenset(
            each
            for each, same in ((one.mobile, other.mobile), (one.email, other.email))
            if each and each == same
        )
    return ways_to(one) & ways_to(other)


def ways_of_others(ways: Ways, others: Iterable[Compared]) -> Ways:
    """Those of some ways by which somebody of these is reached as well."""
    return ways & frozenset().union(*map(ways_to, others)) if ways else NO_WAYS
