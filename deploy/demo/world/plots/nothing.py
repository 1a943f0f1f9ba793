"""Stays of which nobody must ever be told: no in-patient, no adult, not come yet, or no carer."""

from dataclasses import replace
from datetime import timedelta

from deploy.demo.world.clock import to_the_minute
from deploy.demo.world.plots.arriving import comes_in, there_already, transfer
from deploy.demo.world.plots.leaving import goes_home
from deploy.demo.world.tale import Tale


def day_case(tale: Tale) -> None:
    """In and out on one day."""
    tale.change(replace(tale.stay, patient_class="DAYCASE", admitted_at=to_the_minute(tale.clock)))
    tale.say("A01", "day case", contacts=True)
    goes_home(tale)


def out_patient(tale: Tale) -> None:
    """A clinic."""
    tale.change(
        replace(tale.stay, patient_class="O", ward="CLINIC", admitted_at=to_the_minute(tale.clock))
    )
    tale.say("A04", "out-patient", contacts=True)


def emergency_only(tale: Tale) -> None:
    """Came by ambulance, and went home from there."""
    tale.change(
        replace(tale.stay, patient_class="E", ward="ED", admitted_at=to_the_minute(tale.clock))
    )
    tale.say("A04", "emergency", contacts=True)
    goes_home(tale)


def yet_to_come(tale: Tale) -> None:
    """Planned, not come."""
    coming = to_the_minute(tale.clock + timedelta(days=2))
    tale.change(replace(tale.stay, planned=True, admitted_at=coming))
    tale.say("A05", "planned admission", contacts=True)


def child(tale: Tale) -> None:
    """A child: the duty is for adults."""
    comes_in(tale)


def ordinary(tale: Tale) -> None:
    """Somebody of whom no carer is known."""
    tale.book.chance.choice((comes_in, comes_in, there_already))(tale)
    for happens in tale.book.chance.choice(((), (transfer,), (goes_home,), (transfer, goes_home))):
        happens(tale)
