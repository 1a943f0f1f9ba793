"""A dead letter once more: it comes as an operator's command and is a late event like any other.

Nothing was parked behind it, so nothing has to be put in order. What a processor failed on goes to that processor
alone, past the inbox; what was never decoded, or was refused at a door, goes to the whole chain. The row is settled
in the transaction that processes it; failing again counts up the same row. What was mended elsewhere is settled by
hand, with one of a few reasons: no free text, which could name people.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from hub import codec
from hub.decisions import Event, frame_from
from hub.errors import Rejected, Undecodable
from hub.ports.dead_letters import KeptLetter
from hub.ports.unit import Outgoing, Unit
from hub.processor import PROCESSORS
from hub.records import HubCommand, StayPicture
from hub.runtime.batch_state import Batch, Inbound, Said
from hub.runtime.refusals import REGION, refuse, told_of

REDRIVE: Final = "redrive"
SETTLE: Final = "settle"
BECAUSE: Final = {
    "resent": "It was corrected at its source and sent again.",
    "not-needed": "It says nothing that anybody needs.",
    "test": "It was a test.",
    "known-elsewhere": "What it says came another way.",
}
"""Why a dead letter may be settled by hand."""

Reread: TypeAlias = Callable[[str, bytes, datetime], Sequence[Event]]
"""Sender, bytes that a door refused, when it received them -> its events, of all regions.

What says no time of its own was said when it was received, and not when it is redriven: it takes back nothing that was
said since. Raises `Rejected` when they are refused again.
"""

NO_TOPIC: Final = "door"
NO_MEANING: Final = "no-meaning"
"""Code of what is well-formed and means nothing here."""


def redriven(
    batch: Batch, cause: Event, command: HubCommand, unit: Unit, reread: Reread | None
) -> Iterator[Said]:
    """What a command puts in front of the chain: the events of this region, or nothing."""
    if command.name == SETTLE:
        settle(batch, cause, command, unit)
        return
    letter = letter_named(command, unit)
    if letter is None or (letter.processor is not None and letter.processor not in PROCESSORS):
        return  # a read model's dead letter is not the region's to settle
    place = max(batch.places, default=-1) + 1
    batch.places[place] = Inbound(letter.topic or NO_TOPIC, letter.offset or 0, letter.value)
    try:
        events = events_in(letter, reread, batch.lease_region)
    except Rejected as refusal:
        if refusal.code == NO_MEANING:
            # What it says is no concern of the hub: there is nothing left to do.
            ignored = replace(letter, reason=f"It is ignored now. {refusal.reason}")
            batch.redriven[letter.dead_letter_id] = settled(ignored, cause)
            return
        refuse(batch, place, letter.processor, refusal, letter=letter.dead_letter_id)
        return
    except Exception as defect:  # noqa: BLE001 - a redrive that fails by a fault of ours holds up nobody
        refuse(batch, place, letter.processor, defect, letter=letter.dead_letter_id)
        return
    batch.redriven[letter.dead_letter_id] = settled(letter, cause)
    for event in events:
        if not outdated(batch, event) and is_to_say(batch, event, letter, unit):
            yield Said(place, event, only=letter.processor, letter=letter.dead_letter_id)


def is_to_say(batch: Batch, event: Event, letter: KeptLetter, unit: Unit) -> bool:
    """Whether an event goes to the chain: past the inbox to the one that failed, else only when it is new."""
    if letter.processor is not None:
        return True
    if event.event_id in batch.inbox or unit.seen([event.event_id]):
        return False
    batch.inbox[event.event_id] = REDRIVE
    return True


def settle(batch: Batch, cause: Event, command: HubCommand, unit: Unit) -> None:
    """Settle a dead letter of the region by hand; one of a read model is its own."""
    name, _, because = command.argument.partition(" ")
    letter = letter_at(name, unit)
    if letter is None or because not in BECAUSE:
        return
    if letter.processor is None or letter.processor in PROCESSORS:
        done = replace(letter, reason=f"Settled by hand. {BECAUSE[because]}")
        batch.redriven[letter.dead_letter_id] = settled(done, cause)


def letter_named(command: HubCommand, unit: Unit) -> KeptLetter | None:
    """The dead letter that a command names, if there is one to redrive."""
    if command.name != REDRIVE:
        return None
    return letter_at(command.argument, unit)


def letter_at(name: str, unit: Unit) -> KeptLetter | None:
    """An open dead letter by its id as written, if there is one."""
    try:
        return unit.letter(UUID(name))
    except ValueError:
        return None


def events_in(letter: KeptLetter, reread: Reread | None, region: int) -> Sequence[Any]:
    """The events of a dead letter in this region. What it says to others, the command line has put on the log.

    Raises:
        Rejected: It is refused as before, or says nothing to this region.
    """
    if letter.topic is None and letter.source is not None:
        if reread is None:
            raise Undecodable("Nothing here reads what a door refused.", code="no-reader")
        mine = [
            each
            for each in reread(letter.source, letter.value, letter.first_at)
            if each.region == region
        ]
        if not mine:
            raise Rejected(
                "Its sender belongs to another region: redrive it there.", code="other-region"
            )
        return mine
    event = codec.decode(letter.value)
    if not hasattr(event, "event_id"):
        raise Undecodable("The record has no frame.", code="no-frame")
    return (event,)


def settled(letter: KeptLetter, cause: Event) -> Outgoing:
    """The last version of a dead letter on its topic, told only if nothing refuses it again."""
    frame = frame_from(cause, letter.processor or REGION, letter.dead_letter_id)
    return told_of(letter, frame, settled=True)


def outdated(batch: Batch, event: Any) -> bool:
    """Whether a picture has been followed by a newer one, which its readers were given."""
    if not isinstance(event, StayPicture):
        return False
    told = batch.overlay.told.get(event.stay_id)
    return told is not None and told.version > event.version
