"""Alerts and referrals as people would say them. Pure; only the live view of made-up people shows these."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from connectors.portal.people import called, expected_at
from deploy.demo.stage.states import carer_name
from hub.records import AlertStatus, CarerReferral, InvolvementAlert

LONDON: Final = ZoneInfo("Europe/London")
SETTLED: Final = frozenset({None, "not_reached"})
"""Outcomes after which a carer is still to be involved."""


def alert_sentence(alert: InvolvementAlert) -> str:
    """Where, whom, and by when: "Ward 23, bed 4: involve Ben Marsh before the discharge on 25 November 2026"."""
    open_ones = [each for each in alert.carers if each.outcome in SETTLED]
    whom = listed([carer_name(each) for each in (open_ones or alert.carers)])
    match alert.status:
        case AlertStatus.CANCELLED:
            return f"{bed(alert)}: withdrawn"
        case AlertStatus.COMPLETED:
            return f"{bed(alert)}: done, {whom}"
        case _ if alert.went_home_without_contact:
            return f"{bed(alert)}: went home; phone {whom}{by_when(alert)}"
        case _:
            return f"{bed(alert)}: involve {whom}{by_when(alert)}"


def by_when(alert: InvolvementAlert) -> str:
    """Until when, as far as it is known."""
    home = expected_at(alert.expected_discharge)
    if home is not None and not alert.went_home_without_contact:
        return f" before the discharge on {day(home)}"
    return f" by {clock_time(alert.due_at)} on {day(alert.due_at)}" if alert.due_at else ""


def bed(alert: InvolvementAlert) -> str:
    """Ward and bed."""
    where = ward_called(alert.ward or "")
    number = (alert.bed or "").removeprefix("B")
    return f"{where}, bed {number}" if number else where


def ward_called(ward: str) -> str:
    """A ward with its word, where its name is a number: "Ward 23"."""
    number = ward.lower().removeprefix("ward").strip()
    return f"Ward {number.upper()}" if number[:1].isdigit() else ward or "Ward not known"


def referral_sentence(referral: CarerReferral) -> str:
    """Who, for whom, and what became of it."""
    whom = (
        f", who looks after {referral.cared_for_given_name}"
        if referral.cared_for_given_name
        else ""
    )
    return f"{called(referral.names)}{whom}: {referral.action.value}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def day(moment: datetime) -> str:
    """A date in London: 25 November 2026."""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def clock_time(moment: datetime) -> str:
    """A time of day in London: 14:35."""
    return f"{moment.astimezone(LONDON):%H:%M}"
