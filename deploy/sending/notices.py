"""Take files of national notices in, as the hub's own door does: into the Kafka and PostgreSQL of the configuration."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from connectors.national.settings import NationalSender
from connectors.national.taking import Became, Taking
from deploy.composition import Places, national_senders
from deploy.configuration.model import Configuration
from deploy.exit_codes import ExitCode, Stopped
from deploy.sending.lines import SentLine, not_sent
from deploy.trying.files import Piece
from hub.runtime import clock
from hub.runtime.publisher import KafkaPublisher
from hub.store.door import PostgresDoor
from hub.store.engine import engine_for


@dataclass(frozen=True, slots=True)
class NoticeFeed:
    """Who hands the notices on, and into which hub they go."""

    sender: NationalSender
    places: Places


def national_sender(configuration: Configuration, name: str) -> NationalSender:
    """The sender of that name.

    Raises:
        Stopped: No sender of national notices goes by it.
    """
    senders = national_senders(configuration)
    for sender in senders:
        if sender.name == name:
            return sender
    known = ", ".join(each.name for each in senders) or "none"
    raise Stopped(
        ExitCode.USAGE,
        f"The configuration has no sender of national notices {name!r}. It has: {known}.",
    )


async def take_into(
    feed: NoticeFeed, pieces: Iterable[Piece], say: Callable[[SentLine], None]
) -> None:
    """Take each notice in and say what became of it.

    Raises:
        Unavailable: Kafka or PostgreSQL is away; the same files again are safe.
    """
    engine = engine_for(feed.places.database_url, connections=1)
    publisher = KafkaPublisher(feed.places.kafka)
    taking = Taking(publisher, PostgresDoor(engine), clock.now)
    try:
        for piece in pieces:
            say(await became_of(taking, feed.sender, piece))
    finally:
        await publisher.stop()
        engine.dispose()


async def became_of(taking: Taking, sender: NationalSender, piece: Piece) -> SentLine:
    """What became of one piece of a file."""
    if piece.kind != "notice":
        return not_sent(piece.file, piece.index, piece.what or "no national notice")
    (became,) = await taking.take(sender, [("", piece.content)])
    return line_of(piece, became)


def line_of(piece: Piece, became: Became) -> SentLine:
    """One notice: accepted, ignored with its reason, or refused with its place."""
    refused = became.refused
    answer = "refused" if refused is not None else "defect" if became.defect else "accepted"
    return SentLine(
        file=piece.file,
        index=piece.index,
        event="notice",
        answer="ignored" if became.ignored else answer,
        accepted=refused is None and not became.defect,
        expression=refused.expression if refused is not None else "",
        reason=refused.reason if refused is not None else became.ignored,
    )
