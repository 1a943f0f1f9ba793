"""What an organisation is told of an alert or a referral, whichever way it is told: cut for it, as FHIR R4.

An alert has one receiver, the trust where the patient lies, and a referral one, the service that is asked; their ids
are derived from that receiver, so no two organisations hold the same one.
"""

import orjson

from hub.disclosure import Receiver, ReceiverKind, SharingNow, disclosed
from hub.fhir.reading import Element
from hub.fhir.referral_task import referral_task_from
from hub.fhir.service_request import service_request_from
from hub.fhir.task import task_from
from hub.records import (
    AlertNotice,
    AlertStatus,
    CarerReferral,
    InvolvementAlert,
    ReferralAction,
    ReferralNotice,
)


def trust_of(alert: InvolvementAlert) -> Receiver:
    """Who is told of an alert."""
    return Receiver(alert.trust_ods, ReceiverKind.TRUST)


def alert_notice(alert: InvolvementAlert, sharing: SharingNow) -> AlertNotice | None:
    """The alert for its trust: a Task. None when it may not even know that there is one."""
    cut = disclosed(alert, trust_of(alert), sharing)
    if cut is None:
        return None
    return AlertNotice(
        notice_id=cut.alert_id,
        version=cut.version,
        changed_at=cut.recorded_at,
        withdrawn=cut.status is AlertStatus.CANCELLED,
        resource=orjson.dumps(task_from(cut)),
    )


def service_of(referral: CarerReferral) -> Receiver:
    """Who is told of a referral. A council that is a service is told the same."""
    return Receiver(referral.service_ods, ReceiverKind.SERVICE)


def referral_notice(referral: CarerReferral, sharing: SharingNow) -> ReferralNotice | None:
    """The referral for its service: a collection Bundle of the ServiceRequest and the Task that asks for an answer."""
    cut = disclosed(referral, service_of(referral), sharing)
    if cut is None:
        return None
    return ReferralNotice(
        notice_id=cut.referral_id,
        version=cut.version,
        changed_at=cut.recorded_at,
        withdrawn=cut.action is ReferralAction.WITHDRAWN,
        resource=orjson.dumps(bundle_from(cut)),
    )


def bundle_from(referral: CarerReferral) -> Element:
    """A referral as a collection Bundle, whole."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": service_request_from(referral)},
            {"resource": referral_task_from(referral)},
        ],
    }
