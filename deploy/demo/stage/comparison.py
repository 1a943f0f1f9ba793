"""What stands, against what must stand: right, missed or wrong. Pure, and without names in what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, Literal, TypeAlias, TypeVar
from uuid import UUID

from deploy.demo.script import AlertState, Expected, ReferralState

CANCELLED: Final = "cancelled"
UNEXPECTED: Final = "not expected"

State: TypeAlias = AlertState | ReferralState
S = TypeVar("S", AlertState, ReferralState)
Kind: TypeAlias = Literal["alert", "referral"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it must be.

    Attributes:
        verdict: `missed`: it never came. `wrong`: it is another, or nobody expected it.
        where: ODS code of the trust or service.
        id: The hub's id; None for what never came.
        fields: What differs, by the names of the script.
    """

    kind: Kind
    verdict: Literal["missed", "wrong"]
    where: str
    id: UUID | None = None
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        """For people; names nobody."""
        which = f" {self.id}" if self.id else ""
        why = f": {', '.join(self.fields)}" if self.fields else ""
        return f"{self.verdict} {self.kind}{which} at {self.where}{why}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of one kind."""

    expected: int
    right: int
    missed: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole verdict."""

    alerts: Tally
    referrals: Tally
    differences: Sequence[Difference]

    @property
    def equal(self) -> bool:
        """Whether everything is as it must be, and nothing stands beyond it."""
        return not self.differences


def compared(
    expected: Expected,
    alerts: Mapping[UUID, AlertState],
    referrals: Mapping[UUID, ReferralState],
) -> Comparison:
    """Judge what was seen, by the hub's ids."""
    of_alerts = differences("alert", expected.alerts, alerts)
    of_referrals = differences("referral", expected.referrals, referrals)
    return Comparison(
        tally(len(expected.alerts), of_alerts),
        tally(len(expected.referrals), of_referrals),
        (*of_alerts, *of_referrals),
    )


def tally(expected: int, found: Sequence[Difference]) -> Tally:
    """Count. What was not expected is wrong, but takes nothing from what is right."""
    missed = sum(each.verdict == "missed" for each in found)
    wrong = sum(each.verdict == "wrong" for each in found)
    other = sum(each.verdict == "wrong" and each.fields != (UNEXPECTED,) for each in found)
    return Tally(expected, expected - missed - other, missed, wrong)


def differences(kind: Kind, expected: Sequence[S], seen: Mapping[UUID, S]) -> list[Difference]:
    """One for each expected state that is missing or other, and one for each seen that nobody expected."""
    left = by_key(seen)
    found: list[Difference] = []
    for state in expected:
        same = left.get(state.key, {})
        id_ = min(same, key=lambda each: len(differing_fields(state, same[each])), default=None)
        if id_ is None:
            found.append(Difference(kind, "missed", place(state)))
            continue
        differing = differing_fields(state, same.pop(id_))
        if differing:
            found.append(Difference(kind, "wrong", place(state), id_, differing))
    for same in left.values():
        found += [
            Difference(kind, "wrong", place(state), id_, (UNEXPECTED,))
            for id_, state in same.items()
        ]
    return found


def by_key(seen: Mapping[UUID, S]) -> dict[object, dict[UUID, S]]:
    """What was seen, by what names it; several of one key are one too many."""
    found: dict[object, dict[UUID, S]] = {}
    for id_, state in seen.items():
        found.setdefault(state.key, {})[id_] = state
    return found


def differing_fields(expected: State, seen: State) -> tuple[str, ...]:
    """Names of the fields that differ. Of what was withdrawn the carers do not count, nor an action nobody names.

    A level may be any from the least to the most: how often an alert was raised before its due time moved depends on
    how fast a day is played.
    """
    if isinstance(expected, AlertState) and isinstance(seen, AlertState):
        seen = as_far_as_said(expected, seen)
    return tuple(
        each.name
        for each in fields(expected)
        if getattr(expected, each.name) != getattr(seen, each.name)
    )


def as_far_as_said(expected: AlertState, seen: AlertState) -> AlertState:
    """What was seen of an alert, with the expected in each place where more than one answer is right."""
    most = expected.level if expected.most_level is None else expected.most_level
    return replace(
        seen,
        carers=expected.carers if expected.status == CANCELLED else seen.carers,
        level=expected.level if expected.level <= seen.level <= most else seen.level,
        most_level=expected.most_level,
        action=seen.action if expected.action else "",
    )


def place(state: State) -> str:
    """The ODS code of whom it is for."""
    match state:
        case AlertState():
            return state.key.trust_ods
        case ReferralState():
            return state.key.service_ods
