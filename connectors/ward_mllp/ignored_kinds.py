"""What an ignored message is called where it is counted: one of a bounded list of words, whatever a sender sends."""

from typing import Final

from connectors.ward_mllp.mapping.triggers import STATUS

_TYPES: Final = "ACK BAR DFT MDM MFN OMG OMI OML OMP ORL ORM ORR ORU OUL PPR QRY RAS RDE RDS REF RRI RSP SIU SRM VXU"
OTHER_TYPES: Final = frozenset(_TYPES.split())
"""Message types beside ADT that hospitals' engines send (HL7 table 0076)."""

OTHER: Final = "other"


def ignored_kind(event: str) -> str:
    """The trigger event of ADT, such as `A60`; the type of another message, such as `ORU`; else `other`.

    `event` is MSH-9 as `ADT^A60`. What is written there is the sender's and may be anything, so only what the
    standard has is repeated.
    """
    kind, _, trigger = event.partition("^")
    if kind == "ADT":
        return trigger if trigger in STATUS else OTHER
    return kind if kind in OTHER_TYPES else OTHER
