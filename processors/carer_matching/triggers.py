"""What each event says about a stay. One table, so that the meaning of a trigger is read in one line.

Sources: HL7 v2.4 chapter 3; ITK HL7 v2 message specifications; FHIR R4 Encounter.status.
"""

from dataclasses import dataclass
from typing import Final, Literal

from hub.records import AdmissionState

Says = Literal["starts", "ends"]
Kind = Literal["in-patient", "out-patient"]

IN_HOSPITAL: Final = "in hospital"
"""What an admission says of an earlier discharge of the same visit: not over, unless it says itself when they left."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """The meaning of one event.

    Attributes:
        admission: What it says of the admission, if anything; `unknown`: there is none, or not yet; of one that is
            cancelled, neither discharge nor leave is left.
        plan: What it says of a planned admission. A plan counts until the patient is admitted, and again when the
            admission is cancelled and then planned anew; that it is cancelled ends no admission.
        makes: Which kind of patient it makes of them, whatever PV1-2 says.
        else_makes: Which kind of patient they are unless PV1-2 says it.
        un_event: It cancels another event, and counts after it.
        discharge: It says that the patient went home, that they did not, or that they are in hospital.
        leave: It says that the patient is on leave, or back.
        pending: It says that the discharge is being planned, or no longer.
        moves: It says whose the visit is, of one that may have been another's.
    """

    admission: AdmissionState | None = None
    plan: AdmissionState | None = None
    makes: Kind | None = None
    else_makes: Kind | None = None
    un_event: bool = False
    discharge: Says | Literal["in hospital"] | None = None
    leave: Says | None = None
    pending: Says | None = None
    moves: bool = False


ADMITTED, PLANNED, CANCELLED, NOT_YET = (
    AdmissionState.ADMITTED,
    AdmissionState.PLANNED,
    AdmissionState.CANCELLED,
    AdmissionState.UNKNOWN,
)

TRIGGERS: Final[dict[str, Trigger]] = {
    "A01": Trigger(
        admission=ADMITTED, discharge=IN_HOSPITAL, leave="ends", else_makes="in-patient"
    ),
    "A02": Trigger(),
    "A03": Trigger(discharge="starts"),
    "A04": Trigger(admission=ADMITTED),
    "A05": Trigger(plan=PLANNED),
    "A06": Trigger(admission=ADMITTED, discharge=IN_HOSPITAL, leave="ends", makes="in-patient"),
    "A07": Trigger(admission=ADMITTED, makes="out-patient"),
    "A08": Trigger(),
    "A11": Trigger(admission=CANCELLED, un_event=True),
    "A12": Trigger(un_event=True),
    "A13": Trigger(discharge="ends", un_event=True),
    "A14": Trigger(plan=PLANNED),
    "A16": Trigger(pending="starts"),
    "A17": Trigger(),
    "A18": Trigger(),
    "A21": Trigger(leave="starts"),
    "A22": Trigger(leave="ends"),
    "A23": Trigger(admission=CANCELLED, plan=CANCELLED, un_event=True),
    "A25": Trigger(pending="ends", un_event=True),
    "A27": Trigger(plan=CANCELLED, un_event=True),
    "A28": Trigger(),
    "A30": Trigger(),
    "A31": Trigger(),
    "A34": Trigger(),
    "A35": Trigger(),
    "A36": Trigger(),
    "A38": Trigger(plan=CANCELLED, un_event=True),
    "A39": Trigger(),
    "A40": Trigger(),
    "A41": Trigger(),
    "A42": Trigger(),
    "A44": Trigger(moves=True),
    "A45": Trigger(moves=True),
    "A47": Trigger(),
    "A50": Trigger(),
    "A52": Trigger(leave="ends", un_event=True),
    "A53": Trigger(leave="starts", un_event=True),
    "planned": Trigger(admission=NOT_YET, plan=PLANNED),
    "arrived": Trigger(admission=ADMITTED),
    "triaged": Trigger(admission=ADMITTED),
    "in-progress": Trigger(admission=ADMITTED, discharge="ends", leave="ends"),
    "onleave": Trigger(admission=ADMITTED, leave="starts"),
    "finished": Trigger(admission=ADMITTED, discharge="starts"),
    "cancelled": Trigger(admission=CANCELLED, plan=CANCELLED, un_event=True),
    "entered-in-error": Trigger(admission=CANCELLED, plan=CANCELLED, un_event=True),
}
"""HL7 v2 triggers, then FHIR Encounter statuses. An event that is not here says only what its fields say."""

SAYS_ONLY_ITS_FIELDS: Final = Trigger()
