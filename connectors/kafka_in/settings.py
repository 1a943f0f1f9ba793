"""Who may send over Kafka, and where its records go; nothing of this is ever taken from a record."""

from dataclasses import dataclass
from typing import Final

from hub.records import CarerFlagEvent, ReferralOutcome
from hub.topics import TOPICS, Topic

UNKNOWN_REFERRAL_SECONDS: Final = 60
"""An answer to a referral that the hub's ledger does not know yet waits this long before it is refused: the ledger
follows the topics by a fraction of a second, after an outage by more."""


def sent_topic(record: type[object]) -> Topic:
    """The topics on which organisations send a record."""
    (found,) = (
        each for each in TOPICS if each.record is record and each.written_by == ("organisation",)
    )
    return found


OUTCOMES: Final = sent_topic(ReferralOutcome)
FLAGS: Final = sent_topic(CarerFlagEvent)


@dataclass(frozen=True, slots=True)
class Answering:
    """A service that answers referrals.

    Attributes:
        ods_code: Its ODS code, in capitals.
        region: Of its dead letters: the first in which it works.
        patience_seconds: How long an answer to an unknown referral waits.
    """

    ods_code: str
    region: int
    patience_seconds: float = UNKNOWN_REFERRAL_SECONDS

    @property
    def name(self) -> str:
        """The name of its pass, and the source of its events."""
        return f"kafka_in-{self.ods_code}"

    @property
    def topic(self) -> str:
        """Where it writes."""
        return OUTCOMES.name_for(self.ods_code)


@dataclass(frozen=True, slots=True)
class Flagging:
    """A practice, council or supplier that sends carer flags.

    Attributes:
        name: The sender by its name in the configuration: the source of its events and the name of its pass.
        ods_code: Its ODS code, in capitals.
        regions: Where its events go; the first refers.
    """

    name: str
    ods_code: str
    regions: tuple[int, ...]

    @property
    def topic(self) -> str:
        """Where it writes."""
        return FLAGS.name_for(self.ods_code)
