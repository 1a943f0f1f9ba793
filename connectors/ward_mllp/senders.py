"""Who may send, found by what a message says of itself and never by anything else in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.ward_mllp.settings import SenderSettings
from hub.errors import NotPermitted
from hub.hl7v2.message import Header


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSender:
    """One sender and the names that it goes by; an empty list takes any name.

    Attributes:
        settings: How its messages are read.
        applications: MSH-3.1 of its messages.
        facilities: MSH-4.1 of its messages.
    """

    settings: SenderSettings
    applications: frozenset[str] = frozenset()
    facilities: frozenset[str] = frozenset()

    def sends(self, header: Header) -> bool:
        """Whether a message with this header is one of its own."""
        return named(header.text("MSH-3.1"), self.applications) and named(
            header.text("MSH-4.1"), self.facilities
        )


def named(name: str | None, among: frozenset[str]) -> bool:
    """Whether a name is in a list; an empty list takes any."""
    return not among or (name or "") in among


def sender_of(header: Header, senders: Sequence[KnownSender]) -> SenderSettings:
    """The first sender whose names fit.

    Raises:
        NotPermitted: None fits.
    """
    for sender in senders:
        if sender.sends(header):
            return sender.settings
    raise NotPermitted(
        "No sender with this application and facility is set up. Add it to `senders` of the hub's configuration.",
        expression="MSH-3",
        code="unknown-sender",
    )
