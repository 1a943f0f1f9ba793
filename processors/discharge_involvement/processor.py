"""The row of discharge_involvement."""

from uuid import UUID

from hub.identity import alert_id
from hub.processor import Processor, StateKey, StateReader
from hub.records import AlertOutcome, AlertTold, InvolvementAlert, ReminderDue, StayPicture
from processors.discharge_involvement.decide import NAME, decide
from processors.discharge_involvement.policy import AlertPolicy

Reads = StayPicture | AlertOutcome | ReminderDue


def subject_of(event: Reads) -> UUID:
    """The alert that an event is about."""
    match event:
        case StayPicture():
            return alert_id(event.trust_ods, event.stay_id)
        case AlertOutcome():
            return event.alert_id
        case ReminderDue():
            return event.subject


def state_of(reader: StateReader, event: Reads) -> AlertTold:
    """What was told of that alert; nothing yet when there is no row."""
    subject = subject_of(event)
    return reader.kept(AlertTold, subject) or AlertTold(alert_id=subject)


def discharge_involvement(policy: AlertPolicy) -> Processor[AlertTold, AlertPolicy]:
    """The processor under one policy."""
    return Processor(
        name=NAME,
        reads=(StayPicture, AlertOutcome, ReminderDue),
        writes=(InvolvementAlert,),
        remembers=(AlertTold,),
        needs=lambda event: (StateKey(AlertTold, subject_of(event)),),
        state_of=state_of,
        decide=decide,
        policy=policy,
    )
