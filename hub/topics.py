# Generated from schemas/topics; do not edit.
# Change the source and run `python -m deploy.generate`.

"""Every topic as a value. Code names these constants, never a topic in a string."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from hub.records import (
    AlertNotice,
    AlertOutcome,
    CarerFlagEvent,
    CarerPicture,
    CarerReferral,
    DeadLetter,
    EncounterEvent,
    InvolvementAlert,
    PersonDecision,
    PersonNotice,
    ReferralNotice,
    ReferralOutcome,
    ReminderDue,
    ReviewItem,
    StayPicture,
)
from hub.records.registry import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic: what it carries, who writes and reads it, how long it is kept.

    Attributes:
        name: As Kafka knows it; with `<ods>` where each organisation has its own.
        record: What its values are; None when it carries none.
        key: What its keys are.
        cleanup: Kafka's cleanup policy.
        retention_days: How long values are kept; None on compacted topics.
        partitions: One for each region, or one.
        per_organisation: True when each organisation has its own.
        written_by: Who may write it.
        read_by: Who reads it.
        owner: The room that answers for it.
        description: One sentence.
    """

    name: str
    record: type[Record] | None
    key: str
    cleanup: Literal["delete", "compact"]
    retention_days: int | None
    partitions: Literal["region", "one"]
    per_organisation: bool
    written_by: tuple[str, ...]
    read_by: tuple[str, ...]
    owner: str
    description: str

    def name_for(self, ods_code: str) -> str:
        """The topic of one organisation, in lower case."""
        if not self.per_organisation or not (ods_code.isascii() and ods_code.isalnum()):
            raise ValueError(f"{self.name} is no topic of one organisation, or this is no ODS code")
        return self.name.replace("<ods>", ods_code.lower())


ALERT_INVOLVEMENT: Final = Topic(
    name="alert.involvement.v1",
    record=InvolvementAlert,
    key="alert id",
    cleanup="compact",
    retention_days=None,
    partitions="region",
    per_organisation=False,
    written_by=("discharge_involvement",),
    read_by=("projections", "kafka_out"),
    owner="region",
    description="Involvement alerts, whole and versioned, for the hub's own connectors.",
)

FROM_CARER_FLAG: Final = Topic(
    name="from.<ods>.carer-flag.v1",
    record=CarerFlagEvent,
    key="the sender's own",
    cleanup="delete",
    retention_days=7,
    partitions="one",
    per_organisation=True,
    written_by=("organisation",),
    read_by=("kafka_in",),
    owner="hear",
    description="Carer flags as one organisation sends them over Kafka; kafka_in checks ownership and passes them on.",
)

FROM_OUTCOME: Final = Topic(
    name="from.<ods>.outcome.v1",
    record=ReferralOutcome,
    key="the sender's own",
    cleanup="delete",
    retention_days=7,
    partitions="one",
    per_organisation=True,
    written_by=("organisation",),
    read_by=("kafka_in",),
    owner="hear",
    description="Outcomes as one service sends them over Kafka; kafka_in checks ownership and passes them on.",
)

GP_CARER_FLAG: Final = Topic(
    name="gp.carer-flag.v1",
    record=CarerFlagEvent,
    key="source record id",
    cleanup="compact",
    retention_days=None,
    partitions="region",
    per_organisation=False,
    written_by=("fhir_api", "gp_csv", "kafka_in"),
    read_by=("carer_matching",),
    owner="hear",
    description="What GP systems, councils and charities say about carers, as FHIR R4 resources.",
)

HOSPITAL_ENCOUNTER: Final = Topic(
    name="hospital.encounter.v1",
    record=EncounterEvent,
    key="stay id",
    cleanup="delete",
    retention_days=28,
    partitions="region",
    per_organisation=False,
    written_by=("ward_mllp", "fhir_api"),
    read_by=("carer_matching",),
    owner="hear",
    description="What hospitals say about stays, as FHIR R4 message Bundles beside the bytes received.",
)

HUB_DEAD_LETTER: Final = Topic(
    name="hub.dead-letter.v1",
    record=DeadLetter,
    key="dead letter id",
    cleanup="compact",
    retention_days=None,
    partitions="region",
    per_organisation=False,
    written_by=("relay",),
    read_by=("projections",),
    owner="region",
    description="What could not be used, by reason and place. The bytes stay in the database.",
)

HUB_OUTBOX_POSITION: Final = Topic(
    name="hub.outbox-position.v1",
    record=None,
    key="none",
    cleanup="delete",
    retention_days=1,
    partitions="region",
    per_organisation=False,
    written_by=("relay",),
    read_by=("relay",),
    owner="region",
    description="Holds nothing. Its committed offsets are the position of each region's relay, in the same transaction as the outputs.",
)

HUB_REMINDER: Final = Topic(
    name="hub.reminder.v1",
    record=ReminderDue,
    key="subject id",
    cleanup="delete",
    retention_days=28,
    partitions="region",
    per_organisation=False,
    written_by=("relay",),
    read_by=("carer_matching", "discharge_involvement", "support_referral"),
    owner="region",
    description="Deadlines that have passed. Time is an event.",
)

OUTCOME_ALERT: Final = Topic(
    name="outcome.alert.v1",
    record=AlertOutcome,
    key="alert id",
    cleanup="delete",
    retention_days=28,
    partitions="region",
    per_organisation=False,
    written_by=("portal", "fhir_api"),
    read_by=("discharge_involvement",),
    owner="hear",
    description="What discharge teams did about alerts.",
)

OUTCOME_REFERRAL: Final = Topic(
    name="outcome.referral.v1",
    record=ReferralOutcome,
    key="referral id",
    cleanup="delete",
    retention_days=28,
    partitions="region",
    per_organisation=False,
    written_by=("portal", "fhir_api", "kafka_in"),
    read_by=("support_referral",),
    owner="hear",
    description="What carers' services did about referrals.",
)

PERSON_DECISION: Final = Topic(
    name="person.decision.v1",
    record=PersonDecision,
    key="decision key",
    cleanup="compact",
    retention_days=None,
    partitions="region",
    per_organisation=False,
    written_by=("portal", "fhir_api", "kafka_in"),
    read_by=("carer_matching",),
    owner="hear",
    description="Decisions of people - review, consent, who looks after whom - and operators' commands.",
)

PERSON_NOTICE: Final = Topic(
    name="person.notice.v1",
    record=PersonNotice,
    key="id of what is said of - an NHS number and the kind, or a proxy role",
    cleanup="compact",
    retention_days=None,
    partitions="region",
    per_organisation=False,
    written_by=("national",),
    read_by=("carer_matching",),
    owner="hear",
    description="National notices about a person - death, NHS number change, change of GP, proxy role.",
)

PICTURE_CARER: Final = Topic(
    name="picture.carer.v1",
    record=CarerPicture,
    key="carer id",
    cleanup="compact",
    retention_days=None,
    partitions="region",
    per_organisation=False,
    written_by=("carer_matching",),
    read_by=("support_referral", "projections"),
    owner="region",
    description="Every carer as now understood, whole and versioned.",
)

PICTURE_STAY: Final = Topic(
    name="picture.stay.v1",
    record=StayPicture,
    key="stay id",
    cleanup="compact",
    retention_days=None,
    partitions="region",
    per_organisation=False,
    written_by=("carer_matching",),
    read_by=("discharge_involvement", "projections"),
    owner="region",
    description="Every stay as now understood, whole and versioned.",
)

REFERRAL_SUPPORT: Final = Topic(
    name="referral.support.v1",
    record=CarerReferral,
    key="referral id",
    cleanup="compact",
    retention_days=None,
    partitions="region",
    per_organisation=False,
    written_by=("support_referral",),
    read_by=("projections", "kafka_out"),
    owner="region",
    description="Referrals of carers to support services, whole and versioned, for the hub's own connectors.",
)

REVIEW_ITEM: Final = Topic(
    name="review.item.v1",
    record=ReviewItem,
    key="item id",
    cleanup="compact",
    retention_days=None,
    partitions="region",
    per_organisation=False,
    written_by=("carer_matching",),
    read_by=("projections",),
    owner="region",
    description="Pairs of records that a person must look at.",
)

TO_ALERT: Final = Topic(
    name="to.<ods>.alert.v1",
    record=AlertNotice,
    key="notice id",
    cleanup="compact",
    retention_days=None,
    partitions="one",
    per_organisation=True,
    written_by=("kafka_out",),
    read_by=("organisation",),
    owner="tell",
    description="What one trust may see of its alerts.",
)

TO_REFERRAL: Final = Topic(
    name="to.<ods>.referral.v1",
    record=ReferralNotice,
    key="notice id",
    cleanup="compact",
    retention_days=None,
    partitions="one",
    per_organisation=True,
    written_by=("kafka_out",),
    read_by=("organisation",),
    owner="tell",
    description="What one service may see of its referrals.",
)

TOPICS: Final[tuple[Topic, ...]] = (
    ALERT_INVOLVEMENT,
    FROM_CARER_FLAG,
    FROM_OUTCOME,
    GP_CARER_FLAG,
    HOSPITAL_ENCOUNTER,
    HUB_DEAD_LETTER,
    HUB_OUTBOX_POSITION,
    HUB_REMINDER,
    OUTCOME_ALERT,
    OUTCOME_REFERRAL,
    PERSON_DECISION,
    PERSON_NOTICE,
    PICTURE_CARER,
    PICTURE_STAY,
    REFERRAL_SUPPORT,
    REVIEW_ITEM,
    TO_ALERT,
    TO_REFERRAL,
)

_BY_RECORD: Final[Mapping[type[Record], Topic]] = {
    InvolvementAlert: ALERT_INVOLVEMENT,
    CarerFlagEvent: GP_CARER_FLAG,
    EncounterEvent: HOSPITAL_ENCOUNTER,
    DeadLetter: HUB_DEAD_LETTER,
    ReminderDue: HUB_REMINDER,
    AlertOutcome: OUTCOME_ALERT,
    ReferralOutcome: OUTCOME_REFERRAL,
    PersonDecision: PERSON_DECISION,
    PersonNotice: PERSON_NOTICE,
    CarerPicture: PICTURE_CARER,
    StayPicture: PICTURE_STAY,
    CarerReferral: REFERRAL_SUPPORT,
    ReviewItem: REVIEW_ITEM,
    AlertNotice: TO_ALERT,
    ReferralNotice: TO_REFERRAL,
}


def topic_of(record: type[Record]) -> Topic:
    """The one topic that carries a record; `from.<ods>` topics hold some as they were sent.

    Raises:
        LookupError: No topic carries it: it is state, or part of another record.
    """
    if record not in _BY_RECORD:
        raise LookupError(f"no topic carries {record.__name__}")
    return _BY_RECORD[record]
