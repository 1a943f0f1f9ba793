"""How patients come in: the beginnings of other plots."""

from dataclasses import replace
from datetime import timedelta

from deploy.demo.world.clock import to_the_minute
from deploy.demo.world.tale import Tale


def comes_in(tale: Tale) -> None:
    """Admitted, by one of the usual ways."""
    tale.book.chance.choice(
        (admitted, admitted, admitted, planned_first, by_emergency, registered)
    )(tale)


def admitted(tale: Tale) -> None:
    """A01."""
    tale.change(replace(tale.stay, admitted_at=to_the_minute(tale.clock)))
    tale.say("A01", "admission", contacts=True)


def planned_first(tale: Tale) -> None:
    """A05 some time before; the stay has no admission yet, only an expected one."""
    coming = to_the_minute(tale.clock + timedelta(hours=6))
    tale.change(replace(tale.stay, admitted_at=coming))
    tale.say("A05", "planned admission", contacts=True)
    tale.wait()
    admitted(tale)


def by_emergency(tale: Tale) -> None:
    """A04 as an emergency attendance, then admitted under the same visit."""
    arrived = replace(
        tale.stay, admitted_at=to_the_minute(tale.clock), patient_class="E", ward="ED"
    )
    message = tale.message("A04", arrived)
    tale.send(tale.with_contacts(message), "emergency")
    tale.wait()
    admitted(tale)


def registered(tale: Tale) -> None:
    """A28 with the contacts, some time before; the admission itself names none."""
    tale.say("A28", "person added", contacts=True)
    tale.wait()
    tale.change(replace(tale.stay, admitted_at=to_the_minute(tale.clock)))
    tale.say("A01", "admission")


def there_already(tale: Tale) -> None:
    """Admitted days ago, before the hub listened: it first hears of the stay by an update."""
    days = timedelta(days=tale.book.chance.randrange(1, 9), minutes=tale.book.chance.randrange(600))
    tale.change(replace(tale.stay, admitted_at=to_the_minute(tale.clock - days)))
    tale.say("A08", "update", contacts=True)


def another_ward(tale: Tale) -> str:
    """A ward of the trust where the patient is not."""
    others = [ward for ward in tale.stay.trust.wards if ward != tale.stay.ward]
    return tale.book.chance.choice(others)


def transfer(tale: Tale) -> None:
    """A02 to another ward."""
    tale.wait()
    tale.change(replace(tale.stay, ward=another_ward(tale)))
    tale.say("A02", "transfer")
