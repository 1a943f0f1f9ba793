"""The row of discharge_involvement."""

from uuid import UUID

from hub.identity import alert_id
from hub.processor import Processor, StateKey, StateReader
from hub.records import AlertOutcome, AlertTold, InvolvementAlert, ReminderDue, StayPicture
from processors.discharge_involvement.decide import NAME, decide
from processors.discharge_involvement.heirs import Told, heir_in
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


def needs(event: Reads) -> tuple[StateKey, ...]:
    """The row of that alert, and of the one that it goes on as."""
    heir = heir_in(event) if isinstance(event, StayPicture) else None
    return tuple(StateKey(AlertTold, each) for each in (subject_of(event), heir) if each)


def leads_to(row: AlertTold) -> tuple[StateKey, ...]:
    """The row of the alert that an alert goes on as."""
    heir = heir_in(row.picture)
    return (StateKey(AlertTold, heir),) if heir else ()


def state_of(reader: StateReader, event: Reads) -> Told:
    """What was told of that alert and of those that it goes on as; nothing yet where there is no row."""
    rows: dict[UUID, AlertTold] = {}
    waiting = list(needs(event))
    while waiting:
        key = waiting.pop().key
        row = reader.kept(AlertTold, key)
        if row is not None and key not in rows:
            rows[key] = row
            waiting.extend(leads_to(row))
    return Told(subject_of(event), rows)


def discharge_involvement(policy: AlertPolicy) -> Processor[Told, AlertPolicy]:
    """The processor under one policy."""
    return Processor(
        name=NAME,
        reads=(StayPicture, AlertOutcome, ReminderDue),
        writes=(InvolvementAlert,),
        remembers=(AlertTold,),
        needs=needs,
        leads_to=leads_to,
        state_of=state_of,
        decide=decide,
        policy=policy,
    )
