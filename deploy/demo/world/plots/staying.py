"""Patients who are still there at the end of the day."""

from dataclasses import replace

from deploy.demo.world.plots.arriving import another_ward, comes_in, there_already, transfer
from deploy.demo.world.tale import Tale


def in_hospital(tale: Tale) -> None:
    """Comes in and stays; updates change nothing that anybody needs to know."""
    comes_in(tale)
    for _ in range(tale.book.chance.choice((0, 1, 1, 2))):
        tale.wait()
        tale.say("A08", "update", contacts=tale.book.chance.random() < 0.5)


def already_in_hospital(tale: Tale) -> None:
    """Was there before the day began."""
    there_already(tale)


def transferred(tale: Tale) -> None:
    """Comes in and is moved, once or twice."""
    comes_in(tale)
    for _ in range(tale.book.chance.choice((1, 1, 2))):
        transfer(tale)


def expected_home(tale: Tale) -> None:
    """A date for going home is set by an update, and perhaps set anew."""
    comes_in(tale)
    for days in tale.book.chance.choice(((1,), (3,), (4, 2), (1, 5))):
        tale.wait()
        tale.change(replace(tale.stay, expected=tale.home_by(days)))
        tale.say("A08", "expected discharge")


def pending(tale: Tale) -> None:
    """A16: the discharge is being planned."""
    comes_in(tale)
    tale.wait()
    tale.change(replace(tale.stay, expected=tale.home_by(tale.book.chance.choice((1, 1, 2)))))
    tale.say("A16", "pending discharge")


def pending_cancelled(tale: Tale) -> None:
    """A25: not yet after all; the expected discharge is moved, or taken back."""
    pending(tale)
    tale.wait()
    if tale.book.chance.random() < 0.5:
        tale.change(replace(tale.stay, expected=tale.home_by(4)))
        tale.say("A25", "cancelled pending discharge")
    else:
        tale.change(replace(tale.stay, expected=None))
        cleared = replace(tale.message("A25"), clears_expected=True)
        tale.send(cleared, "cancelled pending discharge")


def said_by_both(tale: Tale) -> None:
    """The ward calls the same person carer whom the practice flags: still one person."""
    tale.both = True
    comes_in(tale)
    tale.wait()
    tale.say("A08", "update", contacts=True)


def transfer_before_admission(tale: Tale) -> None:
    """The transfer arrives before its admission, which was held up on the way."""
    tale.change(replace(tale.stay, admitted_at=tale.clock))
    held_up = tale.with_contacts(tale.message("A01"))
    transfer(tale)
    tale.wait()
    tale.send(held_up, "late admission", tale.clock - held_up.recorded_at)


def transfers_in_disorder(tale: Tale) -> None:
    """Two transfers arrive in the wrong order: the patient lies where the later one says."""
    comes_in(tale)
    transfer(tale)
    first = tale.message("A02", replace(tale.stay, ward=another_ward(tale)))
    transfer(tale)
    tale.wait()
    tale.send(first, "late transfer", tale.clock - first.recorded_at)
