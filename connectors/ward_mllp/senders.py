"""Who may send: by what a message says of itself, and by what its connection proves."""

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.ward_mllp.feeds import Expected
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import NotPermitted
from hub.hl7v2.segment import Header


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSender:
    """One sender and the names that it goes by; an empty list takes any name.

    Attributes:
        settings: How its messages are read.
        applications: MSH-3.1 of its messages.
        facilities: MSH-4.1 of its messages.
        certificate_name: The name in the certificate of its connections; empty takes any connection.
        expected: When it is expected to speak; None = whenever it likes.
    """

    settings: SenderSettings
    applications: frozenset[str] = frozenset()
    facilities: frozenset[str] = frozenset()
    certificate_name: str = ""
    expected: Expected | None = None

    def sends(self, header: Header) -> bool:
        """Whether a message with this header is one of its own."""
        return named(header.text("MSH-3.1"), self.applications) and named(
            header.text("MSH-4.1"), self.facilities
        )

    def proved_by(self, shown: frozenset[str] | None) -> bool:
        """Whether a connection that showed these names is one of its own; None = there is no connection."""
        return (
            shown is None or not self.certificate_name or self.certificate_name.casefold() in shown
        )


def named(name: str | None, among: frozenset[str]) -> bool:
    """Whether a name is in a list; an empty list takes any."""
    return not among or (name or "") in among


def wrong_place(header: Header, among: Sequence[KnownSender]) -> str:
    """Which of the two names fits none of these senders: the facility where one of them has the application."""
    application = header.text("MSH-3.1")
    is_known = any(named(application, sender.applications) for sender in among)
    return "MSH-4" if is_known else "MSH-3"


def sender_of(
    header: Header, senders: Sequence[KnownSender], shown: frozenset[str] | None = None
) -> SenderSettings:
    """The first sender whose names fit, those of its certificate too.

    Args:
        header: The MSH.
        senders: In the order of the configuration.
        shown: Names in the certificate of the connection, none without one. None = the bytes came
            over no connection: an operator redrives them, or somebody tries a file.

    Raises:
        NotPermitted: None fits.
    """
    fitting = [sender for sender in senders if sender.sends(header)]
    for sender in fitting:
        if sender.proved_by(shown):
            return sender.settings
    if fitting:
        proved = [sender for sender in senders if sender.proved_by(shown)]
        raise NotPermitted(
            "The connection does not show the certificate of this sender. Its name must be `certificate_name` "
            "in the hub's configuration.",
            expression=wrong_place(header, proved),
            code="other-certificate",
        )
    raise NotPermitted(
        "No sender with this application and facility is set up. Add it to `senders` of the hub's configuration.",
        expression=wrong_place(header, senders),
        code="unknown-sender",
    )
