"""What is said of carers during the day: flags that come late, end, or name nobody; contacts that are struck off."""

from dataclasses import replace
from datetime import timedelta

from deploy.demo.script import Send
from deploy.demo.world import fhir
from deploy.demo.world.adt import CARER
from deploy.demo.world.clock import day_of, on_day
from deploy.demo.world.extract import Row
from deploy.demo.world.plots.arriving import comes_in, there_already
from deploy.demo.world.plots.leaving import goes_home
from deploy.demo.world.tale import Tale
from deploy.demo.world.truth import BOARD_ROUND

UP_TO_HOURS = 3


def flagged_late(tale: Tale) -> None:
    """The practice flags the carer when the patient lies there already."""
    comes_in(tale)
    tale.wait()
    for caring in tale.carings:
        tale.book.held.add(caring)
        tale.flagged(caring, "late flag")
        tale.wait()


def flag_held_up(tale: Tale) -> None:
    """Flagged before the admission, but it arrives hours after it."""
    for caring in tale.carings:
        tale.book.held.add(caring)
        late = timedelta(hours=UP_TO_HOURS, minutes=tale.book.chance.randrange(50))
        tale.flagged(caring, "late flag", late)
        tale.wait()
    comes_in(tale)


def flagged_by_extract(tale: Tale) -> None:
    """The practice flags the carer by the day's extract."""
    comes_in(tale)
    book = tale.book
    today = day_of(book.now)
    for caring in tale.carings:
        book.held.add(caring)
        rows = book.rows.setdefault(caring.carer.home.practice.ods_code, [])
        rows.append(Row(book.number(), caring, today))
        book.heard(caring, on_day(today, BOARD_ROUND.replace(hour=0)))
        book.counts["late flag"] += 1


def ended_by_extract(tale: Tale) -> None:
    """The day's extract says that the carer is one no longer."""
    comes_in(tale)
    tale.book.ended_rows.update(tale.carings)
    tale.ending += tale.carings
    tale.change(replace(tale.stay, told=True))


def flagged_after_going_home(tale: Tale) -> None:
    """A carer first heard of after the patient went home."""
    comes_in(tale)
    goes_home(tale)
    tale.wait()
    for caring in tale.carings:
        tale.book.held.add(caring)
        tale.flagged(caring, "flag after going home")
        tale.wait()


def another_carer(tale: Tale) -> None:
    """One carer was spoken with; then another is flagged, and the alert is open again."""
    first, second = tale.carings[0], tale.carings[-1]
    tale.book.held.add(second)
    comes_in(tale)
    tale.recorded(first.carer, "contacted_able")
    tale.wait()
    tale.flagged(second, "late flag")


def caring_ends(tale: Tale) -> None:
    """A flag says that the carer is one no longer."""
    tale.book.chance.choice((comes_in, there_already))(tale)
    tale.wait()
    carer = tale.carings[0].carer
    letter = tale.book.letter(tale.clock)
    end(tale, fhir.no_longer_a_carer(letter, carer), "caring ended")


def link_ends(tale: Tale) -> None:
    """The practice takes the link back."""
    comes_in(tale)
    tale.wait()
    letter = tale.book.letter(tale.clock)
    end(tale, fhir.link_ended(letter, tale.carings[0], fhir.IS_A_CARER[0]), "caring ended")


def carer_dies(tale: Tale) -> None:
    """The practice has heard that the carer died."""
    comes_in(tale)
    tale.wait()
    carer = tale.carings[0].carer
    tale.book.dead.add(carer.nhs_number)
    end(tale, fhir.death(tale.book.letter(tale.clock), carer), "carer died", link=False)


def end(tale: Tale, body: bytes, kind: str, *, link: bool = True) -> None:
    """The only carer's practice says that it is over: the alert is withdrawn."""
    caring = tale.carings[0]
    sender, key = caring.carer.home.practice.sender, tale.stay.key
    tale.book.add(Send(tale.clock, sender, body, kind, after=key))
    if link:
        tale.ending.append(caring)
    tale.change(replace(tale.stay, told=True))


def struck_off(tale: Tale) -> None:
    """The ward's next list of contacts holds the carer no longer."""
    comes_in(tale)
    tale.wait()
    contacts = [each for each in tale.contacts() if CARER not in each.roles]
    message = replace(tale.message("A08"), contacts=(*(contacts or tale.next_of_kin()),))
    tale.change(replace(tale.stay, told=True))
    tale.send(message, "contact struck off", after=True)
    tale.ending += [each for each in tale.carings if each.known_by == "ward"]
