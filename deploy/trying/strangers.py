"""Messages that name no sender of the configuration: a dry run reads them all the same, a hub would refuse them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from connectors.ward_mllp.senders import KnownSender
from deploy.trying.files import Piece
from hub.hl7v2.header import header_or_what_is_left


@dataclass
class Strangers:
    """How many there were.

    Attributes:
        wards: Senders of HL7 v2; the last one takes any message.
        number: Messages so far that only the last one takes.
        first: File and index of the first of them.
    """

    wards: Sequence[KnownSender]
    number: int = 0
    first: str = ""

    def among(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """The pieces as they are, looked at in passing."""
        for piece in pieces:
            if piece.kind == "hl7v2" and self._is_one(piece):
                self.number += 1
                self.first = self.first or f"{piece.file} [{piece.index}]"
            yield piece

    def _is_one(self, piece: Piece) -> bool:
        header = header_or_what_is_left(piece.content)
        return not any(each.sends(header) for each in self.wards[:-1])

    def __str__(self) -> str:
        """In words; empty when there were none."""
        if not self.number:
            return ""
        messages = "1 message names" if self.number == 1 else f"{self.number} messages name"
        return (
            f"{messages} no sender of the configuration in MSH-3 and MSH-4 (first: {self.first}). Read as sent by "
            f"{self.wards[-1].settings.trust_ods}; a hub would refuse it: unknown-sender."
        )
