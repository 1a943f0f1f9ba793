"""Patients who go home, or die."""

from dataclasses import replace
from datetime import timedelta

from deploy.demo.world.clock import to_the_minute
from deploy.demo.world.plots.arriving import comes_in, there_already, transfer
from deploy.demo.world.tale import AT_ONCE, Tale

ABLE = ("contacted_able", "contacted_able", "contacted_partly_able", "contacted_not_able")


def goes_home(tale: Tale, late: timedelta = AT_ONCE) -> None:
    """A03 to the usual place of residence."""
    tale.wait()
    tale.change(replace(tale.stay, discharged_at=to_the_minute(tale.clock)))
    tale.send(tale.message("A03"), "discharge" if late == AT_ONCE else "late discharge", late)


def spoken_with(tale: Tale) -> None:
    """Somebody speaks with the first carer."""
    tale.recorded(tale.carings[0].carer, tale.book.chance.choice(ABLE))


def home_after_contact(tale: Tale) -> None:
    """Somebody spoke with a carer, then the patient went home."""
    tale.book.chance.choice((comes_in, there_already))(tale)
    spoken_with(tale)
    goes_home(tale)


def home_without_contact(tale: Tale) -> None:
    """Went home, and nobody had spoken with anybody."""
    tale.book.chance.choice((comes_in, comes_in, there_already))(tale)
    if tale.book.chance.random() < 0.4:
        transfer(tale)
    goes_home(tale)


def phoned_at_home(tale: Tale) -> None:
    """Went home without a contact; then somebody phones."""
    home_without_contact(tale)
    spoken_with(tale)


def not_reached_then_home(tale: Tale) -> None:
    """An attempt, and then the patient went home."""
    comes_in(tale)
    tale.recorded(tale.carings[0].carer, "not_reached")
    goes_home(tale)


def discharge_before_admission(tale: Tale) -> None:
    """The discharge arrives before its admission."""
    tale.change(replace(tale.stay, admitted_at=tale.clock))
    held_up = tale.message("A01")
    goes_home(tale)
    tale.wait()
    tale.send(held_up, "late admission", tale.clock - held_up.recorded_at)


def dies(tale: Tale) -> None:
    """The patient dies on the ward."""
    comes_in(tale)
    tale.wait()
    tale.change(replace(tale.stay, died=True, told=True))
    update = replace(tale.message("A08"), died_at=tale.clock)
    tale.send(update, "death", after=True)
    tale.wait()
    tale.change(replace(tale.stay, discharged_at=to_the_minute(tale.clock)))
    tale.send(replace(tale.message("A03"), died_at=update.died_at), "death")


def dies_by_codes(tale: Tale) -> None:
    """The discharge's codes say that the patient died."""
    comes_in(tale)
    tale.wait()
    gone = to_the_minute(tale.clock)
    tale.change(replace(tale.stay, died=True, told=True, discharged_at=gone))
    tale.send(replace(tale.message("A03"), died_at=gone), "death", after=True)
