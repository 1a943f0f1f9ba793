"""What the hub knows of an alert and its carers, in plain English. A test compares each table with its record."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from connectors.portal.words import listed
from hub.records import (
    AgeBand,
    AlertStatus,
    Confidence,
    EvidenceKind,
    OutcomeKind,
    SharingPosition,
)

STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        AlertStatus.REQUESTED: "New",
        AlertStatus.RECEIVED: "Seen",
        AlertStatus.ACCEPTED: "Taken on",
        AlertStatus.IN_PROGRESS: "Begun",
        AlertStatus.COMPLETED: "Done",
        AlertStatus.CANCELLED: "Withdrawn",
    }
)
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        OutcomeKind.CONTACTED_ABLE: "Contacted: willing and able to care",
        OutcomeKind.CONTACTED_PARTLY_ABLE: "Contacted: willing and able in part",
        OutcomeKind.CONTACTED_NOT_ABLE: "Contacted: not willing or not able to care",
        OutcomeKind.YOUNG_CARER_LEAD_TOLD: "The young-carer lead was told",
        OutcomeKind.NOT_REACHED: "Tried, not reached",
        OutcomeKind.NOT_A_CARER: "Does not look after the patient",
        OutcomeKind.WRONG_PERSON: "Wrong person: belongs to somebody else",
        OutcomeKind.PATIENT_OBJECTS: "The patient does not want them involved",
    }
)
YOUNG_OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **OUTCOMES,
        **dict.fromkeys(
            (
                OutcomeKind.CONTACTED_ABLE,
                OutcomeKind.CONTACTED_PARTLY_ABLE,
                OutcomeKind.CONTACTED_NOT_ABLE,
            ),
            "Contacted",
        ),
    }
)
"""Of a carer under 18 nobody is to read whether they are willing or able."""

AGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        AgeBand.YOUNG_CARER: "Under 18",
        AgeBand.YOUNG_ADULT: "Young adult carer, 18 to 25",
        AgeBand.ADULT: "",
        AgeBand.UNKNOWN: "",
    }
)
SHARING: Final[Mapping[str, str]] = MappingProxyType(
    {
        SharingPosition.AGREED: "The patient agreed that you may share information with them.",
        SharingPosition.REFUSED: "The patient does not agree to share information with them. You may still listen.",
        SharingPosition.UNKNOWN: "Ask the patient before you share information. To listen needs no consent.",
    }
)
"""Source: NHS England, information governance guidance on sharing information with unpaid carers."""

SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        EvidenceKind.GP_FLAG: "the GP practice",
        EvidenceKind.RELATED_PERSON: "the GP practice",
        EvidenceKind.NK1: "the hospital's record",
        EvidenceKind.PROXY_ROLE: "the proxy register",
        EvidenceKind.PASSPORT: "the carer's passport",
        EvidenceKind.REGISTER: "the carers' register",
        EvidenceKind.SELF_DECLARED: "the carer",
        EvidenceKind.STAFF_CONFIRMED: "staff",
        EvidenceKind.UNKNOWN: "another record",
    }
)


def how_sure(confidence: str, kinds: Iterable[str]) -> str:
    """How sure the hub is that this person looks after the patient, and by whose word."""
    said = list(dict.fromkeys(SOURCES.get(kind, SOURCES[EvidenceKind.UNKNOWN]) for kind in kinds))
    others = [each for each in said if each != SOURCES[EvidenceKind.NK1]]
    match confidence:
        case Confidence.CONFIRMED if others:
            return f"Confirmed by {listed(others)}"
        case Confidence.CONFIRMED:
            return "Confirmed"
        case Confidence.PROBABLE if others:
            return f"Named by {listed(said)}, please check"
        case Confidence.PROBABLE:
            return "In the hospital's record, please check"
        case _:
            return "Perhaps a carer, please check"


AGREED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "name",
        "middle": "",
        "born": "date of birth",
        "sex": "",
        "home": "address",
        "mobile": "mobile number",
        "landline": "landline",
        "email": "e-mail",
        "nhs": "NHS number",
    }
)
"""The fields of a model as a ward calls them; those that tell hardly anybody apart are not named."""
MATCHED: Final[Mapping[tuple[str, ...], str]] = MappingProxyType(
    {
        ("patient",): "The patient was matched",
        ("carer",): "Matched",
        ("patient", "carer"): "Patient and carer were matched",
    }
)


def matched(ends: Iterable[str], agreed: Iterable[str], *, is_young: bool) -> str:
    """That somebody is known without a verified NHS number, and what to do about it; nobody phones a child."""
    fields = listed([word for each in agreed if (word := AGREED.get(each))])
    who = MATCHED.get(tuple(ends), MATCHED[("patient", "carer")])
    by = f"{who} by {fields}, without" if fields else f"{who} without"
    check = "please check who it is" if is_young else "please check who it is when you call"
    return f"{by} a verified NHS number: {check}"


def offer(service: str, *, is_young: bool) -> str:
    """What a carer who has agreed to nothing could be asked; of a child the young-carer lead asks."""
    if not service:
        return ""
    if is_young:
        return f"The young-carer lead can offer support from {service}"
    return f"Ask whether they want support from {service}"


def reminded(level: int) -> str:
    """How often the time passed without a contact."""
    times = {1: "once", 2: "twice"}.get(level, f"{level} times")
    return f"Reminded {times}: no contact is recorded" if level > 0 else ""
