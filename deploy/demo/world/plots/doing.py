"""What the ward does about an alert: seen, taken on, tried, spoken with, and the other outcomes."""

from deploy.demo.world.plots.arriving import comes_in, there_already, transfer
from deploy.demo.world.plots.leaving import goes_home
from deploy.demo.world.tale import Tale


def seen(tale: Tale) -> None:
    """Somebody looked at it."""
    comes_in(tale)
    tale.recorded(None, "seen", "alert seen")


def taken_on(tale: Tale) -> None:
    """Somebody takes it on."""
    comes_in(tale)
    tale.recorded(None, "seen", "alert seen")
    tale.recorded(None, "accepted", "alert accepted")


def tried(tale: Tale) -> None:
    """An attempt was made."""
    comes_in(tale)
    tale.recorded(None, "accepted", "alert accepted")
    tale.recorded(tale.carings[0].carer, "not_reached")


def tried_and_reached(tale: Tale) -> None:
    """Not reached at first, then spoken with; a transfer afterwards changes nothing of that."""
    tale.book.chance.choice((comes_in, there_already))(tale)
    tale.recorded(tale.carings[0].carer, "not_reached")
    for caring in tale.carings:
        tale.recorded(caring.carer, "contacted_able")
    transfer(tale)


def one_of_several(tale: Tale) -> None:
    """Of several carers one was spoken with."""
    comes_in(tale)
    tale.recorded(tale.carings[0].carer, "contacted_partly_able")


def one_of_several_then_home(tale: Tale) -> None:
    """Of several carers one was spoken with before the patient went home: that is enough."""
    one_of_several(tale)
    goes_home(tale)


def no_carer_at_all(tale: Tale) -> None:
    """It turns out that nobody named looks after the patient, or the patient does not want it."""
    comes_in(tale)
    outcome = tale.book.chance.choice(("not_a_carer", "wrong_person", "patient_objects"))
    for caring in tale.carings:
        tale.recorded(caring.carer, outcome)


def none_spoken_with(tale: Tale) -> None:
    """Of several carers one is none; then home without a contact: still to do."""
    comes_in(tale)
    tale.recorded(tale.carings[0].carer, "not_a_carer")
    goes_home(tale)
