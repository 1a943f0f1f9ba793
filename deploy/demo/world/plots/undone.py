"""What was said and then taken back: A11, A12, A13, and visits that turn out to be one."""

from dataclasses import replace

from deploy.demo.world.clock import to_the_minute
from deploy.demo.world.plots.arriving import admitted, another_ward, by_emergency, comes_in
from deploy.demo.world.plots.leaving import goes_home, spoken_with
from deploy.demo.world.tale import Tale


def admission_cancelled(tale: Tale) -> None:
    """A11: nobody came in after all."""
    comes_in(tale)
    tale.wait()
    tale.change(replace(tale.stay, cancelled=True, told=True))
    tale.send(tale.message("A11"), "cancelled admission", after=True)


def cancelled_before_admission(tale: Tale) -> None:
    """The A11 arrives before the A01 that it cancels: nobody is ever told."""
    tale.change(replace(tale.stay, admitted_at=to_the_minute(tale.clock)))
    held_up = tale.message("A01")
    tale.wait()
    tale.change(replace(tale.stay, cancelled=True))
    tale.send(tale.message("A11"), "cancelled admission")
    tale.wait()
    tale.send(held_up, "late admission", tale.clock - held_up.recorded_at)


def transfer_cancelled(tale: Tale) -> None:
    """A12: still on the ward where they were."""
    comes_in(tale)
    stayed = tale.stay
    tale.wait()
    tale.send(tale.message("A02", replace(stayed, ward=another_ward(tale))), "transfer")
    tale.wait()
    tale.say("A12", "cancelled transfer")


def discharge_cancelled(tale: Tale) -> None:
    """A13: still in hospital after all; nobody had spoken with anybody."""
    comes_in(tale)
    stayed = tale.stay
    goes_home(tale)
    tale.wait()
    tale.change(stayed)
    tale.say("A13", "cancelled discharge")


def discharge_cancelled_after_contact(tale: Tale) -> None:
    """A13 where somebody had spoken with one carer: what was done stays done."""
    comes_in(tale)
    spoken_with(tale)
    stayed = tale.stay
    goes_home(tale)
    tale.wait()
    tale.change(stayed)
    tale.say("A13", "cancelled discharge")


def discharged_twice(tale: Tale) -> None:
    """Discharge, cancelled, and again."""
    discharge_cancelled(tale)
    goes_home(tale)


def cancelled_before_discharge(tale: Tale) -> None:
    """The A13 arrives before the A03 that it cancels."""
    comes_in(tale)
    stayed = tale.stay
    tale.wait()
    held_up = tale.message("A03", replace(stayed, discharged_at=to_the_minute(tale.clock)))
    tale.wait()
    tale.say("A13", "cancelled discharge")
    tale.wait()
    tale.send(held_up, "late discharge", tale.clock - held_up.recorded_at)


def visit_opened_twice(tale: Tale) -> None:
    """Two visits for one stay; A45 moves the first into the second."""
    admitted(tale)
    first = tale.stay
    tale.wait()
    visit = f"{first.visit}-2"
    tale.change(replace(first, visit=visit, admitted_at=to_the_minute(tale.clock)))
    tale.say("A01", "admission")
    tale.wait()
    message = replace(tale.message("A45"), replaced_visit=first.visit)
    tale.send(replace(message, contacts=()), "moved visit")
    tale.book.stays.append(replace(first, moved_to=tale.stay.key, told=True))


def emergency_cancelled(tale: Tale) -> None:
    """Came by ambulance, was admitted by mistake, and that was taken back."""
    by_emergency(tale)
    tale.wait()
    tale.change(replace(tale.stay, cancelled=True, told=True))
    tale.send(tale.message("A11"), "cancelled admission", after=True)
