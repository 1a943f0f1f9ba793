# Generated from schemas/avro; do not edit.
# Change the source and run `python -m deploy.generate`.

"""Everything that travels on a topic or is remembered, as values."""

from hub.records.address import Address
from hub.records.agreement_kept import AgreementKept
from hub.records.alert_notice import AlertNotice
from hub.records.alert_outcome import AlertOutcome, OutcomeKind
from hub.records.alert_told import AlertTold, OutcomeKept
from hub.records.by_evidence import ByEvidence
from hub.records.carer_flag_event import CarerFlagEvent
from hub.records.carer_of_stay import CarerOfStay, Sharing, SharingPosition
from hub.records.carer_picture import Agreement, CaredForStay, CarerPicture
from hub.records.carer_referral import CarerReferral, ReferralAction
from hub.records.coding import Coding
from hub.records.dead_letter import DeadLetter
from hub.records.encounter_event import EncounterEvent
from hub.records.evidence import Confidence, Evidence, EvidenceKind
from hub.records.expected_discharge import ExpectedDischarge
from hub.records.human_name import HumanName
from hub.records.identifier import Identifier
from hub.records.involvement_alert import (
    AgeBand,
    AlertAction,
    AlertStatus,
    CarerToInvolve,
    InvolvementAlert,
    ServiceOffer,
)
from hub.records.link_evidence import LinkEvidence
from hub.records.needs import Needs
from hub.records.patient_of_stay import PatientOfStay
from hub.records.person_decision import (
    DecisionKind,
    HubCommand,
    PersonDecision,
    ReviewAnswer,
    ReviewVerdict,
)
from hub.records.person_facts import PersonFacts, Precision
from hub.records.person_notice import NoticeKind, PersonNotice
from hub.records.picture_told import PictureTold
from hub.records.referral_notice import ReferralNotice
from hub.records.referral_outcome import ReferralOutcome, ReferralOutcomeKind
from hub.records.referral_told import AnswerKept, ReferralTold
from hub.records.reminder_due import ReminderDue
from hub.records.review_item import ComparedField, FieldWeight, ReviewItem, ReviewOpinion
from hub.records.review_kept import ReviewKept, ReviewerAnswer
from hub.records.source_record import CarerStatement, CarerStatus, SourceRecord
from hub.records.stay_facts import AdmissionState, PatientNamed, StayFacts
from hub.records.stay_picture import CaredFor, StayPicture, StayStatus
from hub.records.telecom import Telecom
from hub.records.word import Word

__all__ = [
    "Address",
    "AdmissionState",
    "AgeBand",
    "Agreement",
    "AgreementKept",
    "AlertAction",
    "AlertNotice",
    "AlertOutcome",
    "AlertStatus",
    "AlertTold",
    "AnswerKept",
    "ByEvidence",
    "CaredFor",
    "CaredForStay",
    "CarerFlagEvent",
    "CarerOfStay",
    "CarerPicture",
    "CarerReferral",
    "CarerStatement",
    "CarerStatus",
    "CarerToInvolve",
    "Coding",
    "ComparedField",
    "Confidence",
    "DeadLetter",
    "DecisionKind",
    "EncounterEvent",
    "Evidence",
    "EvidenceKind",
    "ExpectedDischarge",
    "FieldWeight",
    "HubCommand",
    "HumanName",
    "Identifier",
    "InvolvementAlert",
    "LinkEvidence",
    "Needs",
    "NoticeKind",
    "OutcomeKept",
    "OutcomeKind",
    "PatientNamed",
    "PatientOfStay",
    "PersonDecision",
    "PersonFacts",
    "PersonNotice",
    "PictureTold",
    "Precision",
    "ReferralAction",
    "ReferralNotice",
    "ReferralOutcome",
    "ReferralOutcomeKind",
    "ReferralTold",
    "ReminderDue",
    "ReviewAnswer",
    "ReviewItem",
    "ReviewKept",
    "ReviewOpinion",
    "ReviewVerdict",
    "ReviewerAnswer",
    "ServiceOffer",
    "Sharing",
    "SharingPosition",
    "SourceRecord",
    "StayFacts",
    "StayPicture",
    "StayStatus",
    "Telecom",
    "Word",
]
