"""Who is told over Kafka."""

from dataclasses import dataclass

from hub.disclosure import Receiver, ReceiverKind
from hub.records import AlertNotice, CarerReferral, InvolvementAlert, ReferralNotice
from hub.topics import Topic, topic_of


@dataclass(frozen=True, slots=True)
class KafkaReceiver:
    """One organisation and what it is told.

    Attributes:
        ods_code: Its ODS code, in capitals.
        kind: What it is: a trust is told of alerts, a service of referrals.
    """

    ods_code: str
    kind: ReceiverKind

    @property
    def receiver(self) -> Receiver:
        """As disclosure knows it."""
        return Receiver(self.ods_code, self.kind)

    @property
    def name(self) -> str:
        """The name of its pass."""
        return f"kafka_out-{self.ods_code}"

    @property
    def reads(self) -> Topic:
        """Where the hub says what it is told."""
        of_alerts = self.kind is ReceiverKind.TRUST
        return topic_of(InvolvementAlert if of_alerts else CarerReferral)

    @property
    def topic(self) -> str:
        """Its own topic."""
        of_alerts = self.kind is ReceiverKind.TRUST
        return topic_of(AlertNotice if of_alerts else ReferralNotice).name_for(self.ods_code)
