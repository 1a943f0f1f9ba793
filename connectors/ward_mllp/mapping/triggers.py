"""Which ADT events are read, and how: the columns of `adt_events.py`, each as it is asked for."""

from types import MappingProxyType
from typing import Final

from connectors.ward_mllp.mapping.adt_events import EVENTS

STATUS: Final = MappingProxyType({name: event.status for name, event in EVENTS.items()})
"""FHIR Encounter.status of the events that may speak of a stay."""

IGNORED: Final = MappingProxyType(
    {
        name: event.ignored
        for name, event in EVENTS.items()
        if event.ignored and event.of != "a visit named"
    }
)
"""Events that change nothing that the hub tells, with the reason."""
NEEDS_VISIT: Final = MappingProxyType(
    {
        name: f"{event.ignored} This message names no visit (PV1-19)."
        for name, event in EVENTS.items()
        if event.ignored and event.of == "a visit named"
    }
)
"""Events that are ignored unless they name a visit, with the reason."""

OF_A_PERSON: Final = frozenset(name for name, event in EVENTS.items() if event.of == "person")
"""Events of a person and of no stay; a PV1 that comes with them says nothing."""
MAYBE_OF_A_STAY: Final = frozenset(
    name for name, event in EVENTS.items() if event.of == "a visit named"
)
"""Events of a person, and of a stay when they name a visit."""
MERGES: Final = frozenset(name for name, event in EVENTS.items() if event.merges)
"""MRG-1 names records that PID-3 takes the place of."""
REPLACES_VISIT: Final = frozenset(
    name for name, event in EVENTS.items() if event.replaces_visit != "no"
)
"""MRG-5 names a visit that PV1-19 takes the place of."""
MUST_REPLACE_VISIT: Final = frozenset(
    name for name, event in EVENTS.items() if event.replaces_visit == "surely"
)
"""The same, and the event is for nothing else."""
CONTACTS_REPLACE: Final = frozenset(name for name, event in EVENTS.items() if event.lists_contacts)
"""One or more NK1 are all next of kin that the sender knows of; in other events NK1 adds."""
REPEATS: Final = frozenset(name for name, event in EVENTS.items() if event.repeats)
"""Several patients, or visits of one, in one message."""
