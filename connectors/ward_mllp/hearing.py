"""From a frame to what became of it, before anything is made durable. Pure: frame, senders and time in, a value out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from connectors.ward_mllp.mapping import Ignored, encounter_event_from
from connectors.ward_mllp.senders import KnownSender, sender_of
from connectors.ward_mllp.settings import SenderSettings
from connectors.ward_mllp.verdict import OnReject
from hub.errors import NotPermitted, Rejected
from hub.hl7v2.header import header_from
from hub.hl7v2.limits import DEFAULT_LIMITS, Limits
from hub.hl7v2.read import message_under
from hub.hl7v2.segment import Header
from hub.records import EncounterEvent

NOBODY: Final = "ward_mllp"
"""Stands for a sender that nobody knows."""

TEST_MESSAGES: Final = frozenset({"D", "T"})
"""MSH-11.1 of debugging and training (HL7 table 0103)."""

DEFECT: Final = "A fault of the hub. The message is kept; it need not be sent again."


@dataclass(frozen=True, slots=True)
class Understood:
    """An event for the log."""

    event: EncounterEvent
    key: UUID
    on_reject: OnReject


@dataclass(frozen=True, slots=True)
class NotForUs:
    """Well-formed, with no meaning for the hub."""

    source: str
    event: str
    reason: str
    on_reject: OnReject


@dataclass(frozen=True, slots=True)
class Refusal:
    """Never right, or a fault of ours: kept as a dead letter.

    Attributes:
        region: None when the sender is not known.
        error: What the sender is told; None for a fault of ours, which is none of theirs.
    """

    source: str
    region: int | None
    code: str
    expression: str
    reason: str
    error: Rejected | None
    on_reject: OnReject

    @property
    def defect(self) -> bool:
        """Whether the fault is ours."""
        return self.error is None


Heard: TypeAlias = Understood | NotForUs | Refusal


def heard(
    frame: bytes,
    senders: Sequence[KnownSender],
    received_at: datetime,
    limits: Limits = DEFAULT_LIMITS,
    shown: frozenset[str] | None = None,
) -> Heard:
    """Read one frame. It raises nothing, whatever the frame holds.

    `shown` are the names in the certificate of its connection; None when it came over none.
    """
    sender: SenderSettings | None = None
    event = ""
    try:
        header = header_from(frame)
        event = f"{header.text('MSH-9.1') or ''}^{header.text('MSH-9.2') or ''}"
        sender = sender_of(header, senders, shown)
        refuse_test_message(header, sender)
        refuse_other_events(header, sender)
        message = message_under(header, frame, limits, sender.charset)
        keyed = encounter_event_from(frame, message, sender, received_at)
    except Ignored as ignored:
        return NotForUs(name_of(sender), event, ignored.reason, way_of(sender))
    except Rejected as error:
        return Refusal(
            name_of(sender),
            region_of(sender),
            error.code,
            error.expression,
            error.reason,
            error,
            way_of(sender),
        )
    except Exception as defect:  # noqa: BLE001 - the bytes are kept as a dead letter of ours, and the sender goes on
        return Refusal(
            name_of(sender),
            region_of(sender),
            type(defect).__name__,
            "",
            DEFECT,
            None,
            way_of(sender),
        )
    return Understood(keyed.event, keyed.key, sender.on_reject)


def refuse_test_message(header: Header, sender: SenderSettings) -> None:
    """Where test numbers are nobody, a message that calls itself a test says nothing of anybody.

    Raises:
        NotPermitted: MSH-11 says so.
    """
    if sender.test_numbers == "refuse" and header.text("MSH-11.1") in TEST_MESSAGES:
        raise NotPermitted(
            "This hub takes no test messages: send them to a hub of your own with `test_numbers: accept`.",
            expression="MSH-11",
            code="test-message",
        )


def refuse_other_events(header: Header, sender: SenderSettings) -> None:
    """A sender says what it was set up to say. What is no ADT means nothing here, whoever sends it.

    Raises:
        NotPermitted: MSH-9.2 is none of its events.
    """
    if not sender.events or header.text("MSH-9.1") != "ADT":
        return
    if header.text("MSH-9.2") not in sender.events:
        raise NotPermitted(
            "This sender may not send this event. Add it to its `events` in the hub's configuration.",
            expression="MSH-9.2",
            code="event-not-granted",
        )


def name_of(sender: SenderSettings | None) -> str:
    """The sender's name in the configuration."""
    return NOBODY if sender is None else sender.name


def region_of(sender: SenderSettings | None) -> int | None:
    """The sender's region."""
    return None if sender is None else sender.region


def way_of(sender: SenderSettings | None) -> OnReject:
    """How the sender wants to hear of a refusal."""
    return OnReject.AR if sender is None else sender.on_reject
