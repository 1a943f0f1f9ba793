"""Every ADT event of the standard: whom it is of, what it makes of a stay, or why it is ignored.

`hub generate` writes this table, with what the region's rules make of it, into the room's README.

Source: HL7 v2.2 to v2.8 chapter 3; ITK HL7 v2 message specifications; HL7 v2-to-FHIR, event to
status.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

TRACKING: Final = (
    "Where the patient is for the moment is not the ward that plans the discharge; A02 says that."
)
ACCOUNT: Final = "An account is no stay."
LINK: Final = "Linked records may be mother and child; only a merge says who is the same person."
OTHER_ID: Final = "Nobody is known here by the number that changes."
DOCTOR: Final = "Which consultant is responsible changes nothing that the hub tells."
PLANNED_MOVE: Final = "A transfer that is only planned, or no longer, moves nobody; A02 does."
DELETED: Final = (
    "That an index holds a record no longer ends no stay and takes back no word; A11, A23, A31 and"
    " A40 do."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdtEvent:
    """One event.

    Attributes:
        name: Its name in the standard.
        of: Whom it speaks of. `a visit named`: of a stay where PV1-19 names one, else of a person
            (A47), or of nothing that concerns the hub (`ignored` says why).
        status: FHIR Encounter.status; `unknown` keeps the status that is known.
        merges: MRG-1 names records that PID-3 takes the place of.
        replaces_visit: MRG-5 names a visit that PV1-19 takes the place of, perhaps or surely.
        lists_contacts: One or more NK1 are all next of kin that the sender knows of; else NK1 adds.
        repeats: PID, or MRG under one PID, begins another patient or visit of the same message.
        ignored: Why it changes nothing that the hub tells; empty when it is read.
    """

    name: str
    of: Literal["stay", "person", "a visit named"] = "stay"
    status: str = "unknown"
    merges: bool = False
    replaces_visit: Literal["no", "perhaps", "surely"] = "no"
    lists_contacts: bool = False
    repeats: bool = False
    ignored: str = ""


def _merge(name: str) -> AdtEvent:
    return AdtEvent(name=name, of="person", merges=True, repeats=True)


def _visit(name: str) -> AdtEvent:
    """An event that exists to give a visit another number."""
    return AdtEvent(name=name, replaces_visit="surely", repeats=True)


def _account(name: str, *, merges: bool = False) -> AdtEvent:
    """An event of an account, which speaks of a stay only where it names a visit."""
    return AdtEvent(
        name=name,
        of="a visit named",
        merges=merges,
        replaces_visit="perhaps",
        repeats=True,
        ignored=ACCOUNT,
    )


def _ignored(name: str, why: str) -> AdtEvent:
    return AdtEvent(name=name, ignored=why)


EVENTS: Final = MappingProxyType(
    {
        "A01": AdtEvent(name="Admit", status="in-progress", lists_contacts=True),
        "A02": AdtEvent(name="Transfer", status="in-progress"),
        "A03": AdtEvent(name="Discharge", status="finished"),
        "A04": AdtEvent(name="Register", status="in-progress", lists_contacts=True),
        "A05": AdtEvent(name="Pre-admit", status="planned", lists_contacts=True),
        "A06": AdtEvent(
            name="Out-patient to in-patient", status="in-progress", replaces_visit="perhaps"
        ),
        "A07": AdtEvent(
            name="In-patient to out-patient", status="in-progress", replaces_visit="perhaps"
        ),
        "A08": AdtEvent(name="Update", lists_contacts=True),
        "A09": _ignored("Departing (tracking)", TRACKING),
        "A10": _ignored("Arriving (tracking)", TRACKING),
        "A11": AdtEvent(name="Cancel admit", status="cancelled"),
        "A12": AdtEvent(name="Cancel transfer", status="in-progress"),
        "A13": AdtEvent(name="Cancel discharge", status="in-progress"),
        "A14": AdtEvent(name="Pending admit", status="planned"),
        "A15": _ignored("Pending transfer", PLANNED_MOVE),
        "A16": AdtEvent(name="Pending discharge", status="in-progress"),
        "A17": AdtEvent(name="Swap patients", repeats=True),
        "A18": _merge("Merge patient (2.2)"),
        "A19": _ignored("Patient query", "A question tells nothing."),
        "A20": _ignored("Bed status", "A bed is not a patient."),
        "A21": AdtEvent(name="Leave of absence", status="onleave"),
        "A22": AdtEvent(name="Return from leave", status="in-progress"),
        "A23": AdtEvent(name="Delete visit", status="entered-in-error"),
        "A24": _ignored("Link patients", LINK),
        "A25": AdtEvent(name="Cancel pending discharge", status="in-progress"),
        "A26": _ignored("Cancel pending transfer", PLANNED_MOVE),
        "A27": AdtEvent(name="Cancel pending admit", status="cancelled"),
        "A28": AdtEvent(name="Add person", of="person", lists_contacts=True),
        "A29": _ignored("Delete person", DELETED),
        "A30": _merge("Merge person"),
        "A31": AdtEvent(name="Update person", of="person", lists_contacts=True),
        "A32": _ignored("Cancel arriving (tracking)", TRACKING),
        "A33": _ignored("Cancel departing (tracking)", TRACKING),
        "A34": _merge("Merge patient, id only"),
        "A35": _account("Merge account"),
        "A36": _merge("Merge patient and account"),
        "A37": _ignored("Unlink patients", LINK),
        "A38": AdtEvent(name="Cancel pre-admit", status="cancelled"),
        "A39": _merge("Merge person, external id"),
        "A40": _merge("Merge patient, identifier list"),
        "A41": _account("Merge account"),
        "A42": _visit("Merge visit"),
        "A43": _ignored(
            "Move identifier", "The number that names the patient here is the same afterwards."
        ),
        "A44": _account("Move account"),
        "A45": _visit("Move visit"),
        "A46": _ignored("Change patient id", OTHER_ID),
        "A47": AdtEvent(
            name="Change identifier list",
            of="a visit named",
            merges=True,
            replaces_visit="perhaps",
            repeats=True,
        ),
        "A48": _ignored("Change alternate id", OTHER_ID),
        "A49": _ignored("Change account number", ACCOUNT),
        "A50": _visit("Change visit number"),
        "A51": _ignored("Change alternate visit id", OTHER_ID),
        "A52": AdtEvent(name="Cancel leave", status="in-progress"),
        "A53": AdtEvent(name="Cancel return from leave", status="onleave"),
        "A54": _ignored("Change attending doctor", DOCTOR),
        "A55": _ignored("Cancel change of attending doctor", DOCTOR),
        "A60": _ignored("Allergy", "Allergies are no concern of carers' services."),
        "A61": _ignored("Change consulting doctor", DOCTOR),
        "A62": _ignored("Cancel change of consulting doctor", DOCTOR),
    }
)
