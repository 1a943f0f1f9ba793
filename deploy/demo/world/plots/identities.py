"""Who somebody is, found out late or written down wrong."""

from dataclasses import replace
from datetime import timedelta

from deploy.demo.world.adt import NOT_TRACED, TRACED, Identity
from deploy.demo.world.clock import to_the_minute
from deploy.demo.world.plots.arriving import admitted, comes_in
from deploy.demo.world.tale import Tale


def merged(tale: Tale) -> None:
    """Came in without a name; A40 joins the record with the one that the hospital has."""
    known, number = tale.identity, tale.stay.number
    temporary = f"T{number}"
    tale.identity = Identity(temporary, None, None, known=False)
    tale.change(replace(tale.stay, number=temporary, admitted_at=to_the_minute(tale.clock)))
    tale.say("A01", "admission")
    join(tale, known, number, temporary)


def merged_duplicate(tale: Tale) -> None:
    """A second record of somebody, with name and birth date but no NHS number."""
    known, number = tale.identity, tale.stay.number
    temporary = f"D{number}"
    tale.identity = replace(known, number=temporary, nhs_number=None)
    tale.change(replace(tale.stay, number=temporary))
    admitted(tale)
    join(tale, known, number, temporary)


def join(tale: Tale, known: Identity, number: str, temporary: str) -> None:
    """A40, and then an update of the stay under the number that goes on."""
    tale.wait()
    tale.identity = known
    tale.change(replace(tale.stay, number=number))
    tale.send(replace(tale.message("A40"), replaced_number=temporary), "merge")
    tale.wait()
    tale.say("A08", "update", contacts=True)


def renumbered(tale: Tale) -> None:
    """A47: the hospital number was wrong; the visit goes on under the right one."""
    number = tale.stay.number
    wrong = f"W{number}"
    right = tale.identity
    tale.identity = replace(right, number=wrong)
    tale.change(replace(tale.stay, number=wrong))
    admitted(tale)
    tale.wait()
    tale.identity = right
    tale.change(replace(tale.stay, number=number))
    tale.send(replace(tale.message("A47"), replaced_number=wrong), "changed number")


def mistyped_birth(tale: Tale) -> None:
    """The hospital has another day of birth: the number, the name, month and year still say who it is."""
    born = tale.patient.born
    wrong = born + timedelta(days=1 if born.day < 15 else -1)
    tale.identity = replace(tale.identity, born=wrong)
    comes_in(tale)


def traced_later(tale: Tale) -> None:
    """The NHS number was not traced at first, so nobody relied on it; then it was."""
    tale.identity = replace(tale.identity, status=NOT_TRACED)
    admitted(tale)
    tale.wait()
    tale.identity = replace(tale.identity, status=TRACED)
    tale.say("A31", "number traced")


def never_traced(tale: Tale) -> None:
    """The NHS number was never traced, so it may be another person's: name, birth date and home say who it is."""
    tale.identity = replace(tale.identity, status=NOT_TRACED)
    admitted(tale)


def without_number(tale: Tale) -> None:
    """The hospital has no NHS number at all: name, birth date and home say who it is."""
    tale.identity = replace(tale.identity, nhs_number=None)
    admitted(tale)


def never_known(tale: Tale) -> None:
    """Came in without a name, and nobody found out who it is."""
    temporary = f"T{tale.stay.number}"
    tale.identity = Identity(temporary, None, None, known=False)
    tale.change(replace(tale.stay, number=temporary, admitted_at=to_the_minute(tale.clock)))
    tale.say("A01", "admission")
    tale.change(replace(tale.stay, unidentified=True))
