"""Which ADT events are read, and what each of them means.

Source: HL7 v2.4 chapter 3; ITK HL7 v2 message specifications; HL7 v2-to-FHIR, event to status.
"""

from types import MappingProxyType
from typing import Final

STATUS: Final = MappingProxyType(
    {
        "A01": "in-progress",  # admit
        "A02": "in-progress",  # transfer
        "A03": "finished",  # discharge
        "A04": "in-progress",  # register: the patient is there
        "A05": "planned",  # pre-admit
        "A06": "in-progress",  # out-patient to in-patient
        "A07": "in-progress",  # in-patient to out-patient
        "A08": "unknown",  # update: must keep the status that is known
        "A11": "cancelled",  # cancel admit
        "A12": "in-progress",  # cancel transfer
        "A13": "in-progress",  # cancel discharge
        "A16": "in-progress",  # pending discharge
        "A21": "onleave",  # leave of absence
        "A22": "in-progress",  # return from leave
        "A25": "in-progress",  # cancel pending discharge
        "A38": "cancelled",  # cancel pre-admit
        "A45": "unknown",  # move visit
        "A47": "unknown",  # change identifiers
        "A52": "in-progress",  # cancel leave
        "A53": "onleave",  # cancel return from leave
    }
)
"""FHIR Encounter.status of the events that may speak of a stay."""

OF_A_PERSON: Final = frozenset({"A28", "A31", "A40"})
"""Events of a person and of no stay; a PV1 that comes with them says nothing."""
MAYBE_OF_A_STAY: Final = frozenset({"A47"})
"""Events of a person, and of a stay when they name a visit."""
MERGES: Final = frozenset({"A40", "A47"})
"""MRG-1 names records that PID-3 takes the place of."""
REPLACES_VISIT: Final = frozenset({"A06", "A07", "A45", "A47"})
"""MRG-5 names a visit that PV1-19 takes the place of."""
CONTACTS_REPLACE: Final = frozenset({"A01", "A04", "A05", "A08", "A28", "A31"})
"""One or more NK1 are all next of kin that the sender knows of; in other events NK1 adds."""
