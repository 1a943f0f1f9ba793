"""What a service says of a referral by putting its Task, or the ServiceRequest itself."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from connectors.fhir_api.put import NotTaken, code_in, one_of, refuse_changes
from connectors.fhir_api.told import TASK, Told
from hub.fhir.reading import Element, element_at, elements_at
from hub.fhir.referral_task import OUTCOME, REASON
from hub.fhir.task import hyphened
from hub.outcomes import REASONS
from hub.records import ReferralOutcomeKind

OfReferral: TypeAlias = tuple[ReferralOutcomeKind, str | None]

TASK_STATUSES: Final = {
    "received": ReferralOutcomeKind.RECEIVED,
    "accepted": ReferralOutcomeKind.ACCEPTED,
    "rejected": ReferralOutcomeKind.DECLINED,
    "completed": ReferralOutcomeKind.CLOSED,
}
"""Task.status -> the answer."""

REQUEST_STATUSES: Final = {
    "revoked": ReferralOutcomeKind.DECLINED,
    "completed": ReferralOutcomeKind.CLOSED,
}
"""ServiceRequest.status -> the answer."""

ENDS: Final = frozenset({ReferralOutcomeKind.DECLINED, ReferralOutcomeKind.CLOSED})
"""Answers that have a reason; a declined referral must."""

WAY: Final = {
    hyphened(each.value): each
    for each in (
        ReferralOutcomeKind.CONTACT_ATTEMPTED,
        ReferralOutcomeKind.ENGAGED,
        ReferralOutcomeKind.ASSESSMENT_OFFERED,
        ReferralOutcomeKind.ASSESSMENT_DONE,
    )
}
"""Steps on the way: `in-progress` with one of these as `businessStatus`."""

IN_PROGRESS: Final = "in-progress"
ON_THE_WAY: Final = frozenset({"accepted", IN_PROGRESS})
STATUS_REASON: Final = "http://hl7.org/fhir/StructureDefinition/request-statusReason"
"""HL7's extension: in R4 a ServiceRequest has no element for the reason of its status."""

OF_TASK: Final = frozenset({"status", "statusReason", "businessStatus", "lastModified"})
OF_REQUEST: Final = frozenset({"status"})


def of_referral(resource: Element, told: Told) -> tuple[OfReferral, ...]:
    """What is new in the Task or the ServiceRequest of a referral: one answer, or none.

    Raises:
        InvalidResource: Something in it is no answer; the place is a FHIRPath.
    """
    if told.kind == TASK:
        refuse_changes(resource, told, OF_TASK)
        return (*task_answer(resource, told),)
    refuse_changes(resource, told, OF_REQUEST)
    return (*request_answer(resource, told),)


def task_answer(task: Element, told: Told) -> Iterator[OfReferral]:
    """One answer, by status, reason and step."""
    on_the_way = step(task, told)
    status = task.get("status", told.resource["status"])
    if on_the_way is not None:
        if status not in ON_THE_WAY | {told.resource["status"]}:
            raise NotTaken(
                "A step goes with in-progress. Put the step first, and the end of the referral after it.",
                expression="Task.status",
                code="step-and-status",
            )
        yield on_the_way, None
        return
    if status == IN_PROGRESS:
        raise NotTaken(
            f"Say how far it is: `businessStatus` with one of {', '.join(WAY)}, of {OUTCOME}.",
            expression="Task.businessStatus",
            code="no-step",
        )
    reason = element_at(task, "statusReason", TASK)
    yield from ending(status, TASK_STATUSES, told, reason, "Task.statusReason")


def request_answer(request: Element, told: Told) -> Iterator[OfReferral]:
    """One answer, by status and reason."""
    concept, place = None, "ServiceRequest.extension"
    for path, extension in elements_at(request, "extension", told.kind):
        if extension.get("url") == STATUS_REASON:
            place = f"{path}.valueCodeableConcept"
            concept = element_at(extension, "valueCodeableConcept", path)
    status = request.get("status", told.resource["status"])
    yield from ending(status, REQUEST_STATUSES, told, concept, place)


def step(task: Element, told: Told) -> ReferralOutcomeKind | None:
    """The step of `businessStatus`; None when it is as it was told."""
    concept = element_at(task, "businessStatus", TASK)
    if concept is None or concept == told.resource["businessStatus"]:
        return None
    code = code_in(concept, OUTCOME, "Task.businessStatus")
    return WAY[one_of(code, tuple(WAY), OUTCOME, "Task.businessStatus")]


def ending(
    status: object,
    answers: Mapping[str, ReferralOutcomeKind],
    told: Told,
    concept: Element | None,
    place: str,
) -> Iterator[OfReferral]:
    """The answer of a status that differs from what was told, with its reason where there is one.

    Raises:
        NotTaken: A status that no service sets, or a reason that goes with none.
        InvalidResource: The reason is not of the list, or missing for a referral that is declined.
    """
    kind = answers.get(str(status)) if status != told.resource["status"] else None
    if kind is None and status != told.resource["status"]:
        raise NotTaken(
            f"Set one of {', '.join(answers)}.", expression=f"{told.kind}.status", code="no-answer"
        )
    if kind in ENDS and (concept is not None or kind is ReferralOutcomeKind.DECLINED):
        code = code_in(concept, REASON, place)
        yield kind, one_of(code, REASONS, REASON, place)
        return
    if concept is not None and concept != told.resource.get("statusReason"):
        raise NotTaken(
            "A reason goes with the end of a referral.", expression=place, code="reason-alone"
        )
    if kind is not None:
        yield kind, None
