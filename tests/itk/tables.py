"""What the ITK says an ADT message may hold: events, segments, fields, data types and values.

Written from the published tables, never from what the hub reads of them.

Source: HSCIC ITK HL7 v2 message specifications 1.0.15, reference tables 1.0.14; HL7 v2.4 chapters 2 and 3.
"""

from typing import Final, NamedTuple


class Field(NamedTuple):
    """One field of a segment.

    Attributes:
        number: Counted from 1.
        kind: Its data type, a key of `VALUES`.
        repeats: Whether the tables let it repeat.
    """

    number: int
    kind: str
    repeats: bool = False


EVENTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "A01": ("ADT_A01", ("PID", "PD1", "NK1", "PV1", "PV2", "ZU1", "ZU8")),
    "A02": ("ADT_A02", ("PID", "PD1", "PV1", "PV2", "ZU1", "ZU8")),
    "A03": ("ADT_A03", ("PID", "PD1", "PV1", "PV2", "ZU1", "ZU8")),
    "A04": ("ADT_A01", ("PID", "PD1", "NK1", "PV1", "PV2", "ZU1", "ZU8")),
    "A05": ("ADT_A05", ("PID", "PD1", "NK1", "PV1", "PV2", "ZU1", "ZU8")),
    "A06": ("ADT_A06", ("PID", "PD1", "MRG", "NK1", "PV1", "PV2")),
    "A07": ("ADT_A06", ("PID", "PD1", "MRG", "NK1", "PV1", "PV2")),
    "A08": ("ADT_A01", ("PID", "PD1", "NK1", "PV1", "PV2", "ZU1", "ZU8")),
    "A11": ("ADT_A09", ("PID", "PD1", "PV1", "PV2")),
    "A12": ("ADT_A09", ("PID", "PD1", "PV1", "PV2")),
    "A13": ("ADT_A01", ("PID", "PD1", "NK1", "PV1", "PV2", "ZU1", "ZU8")),
    "A16": ("ADT_A16", ("PID", "PD1", "NK1", "PV1", "PV2", "ZU1", "ZU8")),
    "A21": ("ADT_A21", ("PID", "PD1", "PV1", "PV2")),
    "A22": ("ADT_A21", ("PID", "PD1", "PV1", "PV2")),
    "A25": ("ADT_A21", ("PID", "PD1", "PV1", "PV2")),
    "A28": ("ADT_A05", ("PID", "PD1", "NK1", "PV1", "ZU8")),
    "A31": ("ADT_A05", ("PID", "PD1", "NK1", "PV1", "ZU8")),
    "A38": ("ADT_A38", ("PID", "PD1", "PV1", "PV2")),
    "A40": ("ADT_A39", ("PID", "PD1", "MRG", "PV1")),
    "A45": ("ADT_A45", ("PID", "PD1", "MRG", "PV1")),
    "A47": ("ADT_A30", ("PID", "PD1", "MRG")),
    "A52": ("ADT_A52", ("PID", "PD1", "PV1", "PV2")),
    "A53": ("ADT_A52", ("PID", "PD1", "PV1", "PV2")),
}
"""Trigger -> message structure, and its segments after MSH and EVN in their order."""

REPEATING: Final = {"NK1": 4}
"""Segments that may come several times, and how often they do here at most."""

FIELDS: Final[dict[str, tuple[Field, ...]]] = {
    "EVN": (Field(2, "TS"), Field(4, "IS"), Field(5, "XCN", repeats=True), Field(6, "TS")),
    "PID": (
        Field(1, "SI"),
        Field(3, "CX", repeats=True),
        Field(5, "XPN", repeats=True),
        Field(6, "XPN", repeats=True),
        Field(7, "TS-born"),
        Field(8, "sex"),
        Field(9, "XPN", repeats=True),
        Field(11, "XAD", repeats=True),
        Field(13, "XTN", repeats=True),
        Field(14, "XTN", repeats=True),
        Field(15, "language"),
        Field(16, "IS"),
        Field(17, "IS"),
        Field(22, "IS", repeats=True),
        Field(23, "ST"),
        Field(24, "yes-no"),
        Field(29, "TS"),
        Field(30, "yes-no"),
        Field(32, "reliability", repeats=True),
    ),
    "PD1": (Field(3, "XON", repeats=True), Field(4, "XCN", repeats=True)),
    "NK1": (
        Field(1, "SI"),
        Field(2, "XPN", repeats=True),
        Field(3, "relationship"),
        Field(4, "XAD", repeats=True),
        Field(5, "XTN", repeats=True),
        Field(6, "XTN", repeats=True),
        Field(7, "relationship"),
        Field(8, "DT"),
        Field(9, "DT"),
        Field(15, "sex"),
        Field(16, "TS-born"),
        Field(20, "language"),
        Field(33, "CX", repeats=True),
    ),
    "PV1": (
        Field(1, "SI"),
        Field(2, "class"),
        Field(3, "PL"),
        Field(4, "admission-method"),
        Field(6, "PL"),
        Field(7, "XCN", repeats=True),
        Field(8, "XCN", repeats=True),
        Field(9, "XCN", repeats=True),
        Field(10, "IS"),
        Field(14, "admission-source"),
        Field(19, "CX"),
        Field(36, "disposition"),
        Field(37, "destination"),
        Field(44, "TS"),
        Field(45, "TS"),
        Field(50, "CX"),
    ),
    "PV2": (Field(3, "CE"), Field(8, "TS"), Field(9, "TS"), Field(38, "IS")),
    "MRG": (Field(1, "CX", repeats=True), Field(5, "CX")),
    "ZU1": (Field(1, "TS"), Field(22, "yes-no"), Field(24, "TS")),
    "ZU8": (Field(1, "IS"), Field(2, "consent"), Field(3, "yes-no"), Field(4, "hiding")),
}
"""Segment -> the fields that the tables use."""

VALUES: Final[dict[str, tuple[str, ...]]] = {
    "SI": ("1", "2"),
    "ST": ("Leicester", "Köln"),
    "IS": ("A", "C22", "300"),
    "TS": ("202603011015", "20260301101500", "20260301101500.1234+0000", "20260301"),
    "TS-born": ("19410712", "194107120000", "1941", "196513121515"),
    "DT": ("20240101", "202401"),
    "CX": ("S1041^^^PAS^MR", "9990000018^^^NHS^NH", "9990000026^^^NHS", "V77^^^VISITID", "^^^PAS"),
    "XPN": ("GREEN^ANN^MAY^^MRS^^L", "O'NEIL^SEÁN^^JR", "WREN", "^ANN"),
    "XAD": ("1 HILL ROAD^OADBY^LEICESTER^^LE2 5ZZ^GBR^H", "^^LEEDS", "FLAT 2&HILL ROAD^^LEEDS"),
    "XTN": ("0116 496 0001^PRN^PH", "07700900142^PRS^CP", "^NET^Internet^ann@example.org", "+44"),
    "XON": ("OADBY SURGERY^^C82009", "C82120"),
    "XCN": ("G1234567^Pell^Joan^^^Dr^^^GMP", "C3456789^Roe^Sam^^^Dr^^^GMC"),
    "PL": ("RWE^WARD23^BED4^RWEAA", "RWE^WARD23", "^WARD23&ANNEX^^RWEAA"),
    "CE": ("Labour", "LAB^Labour^L"),
    "sex": ("1", "2", "9", "0", "F"),
    "language": ("EN", "PL^Polish", "Q4"),
    "yes-no": ("Y", "N"),
    "reliability": ("NSTS01", "NSTS02", "UD", "ED"),
    "relationship": ("1", "4", "16", "20", "20^Carer", "99"),
    "class": ("I", "O", "E", "P", "W"),
    "admission-method": ("11", "21", "2A"),
    "admission-source": ("19", "51"),
    "disposition": ("1", "2", "3"),
    "destination": ("19", "54", "98"),
    "consent": ("1", "2", "3"),
    "hiding": ("0", "1", "2"),
}
"""Data type or value list -> what is sent of it. The month 13 is what a published example holds."""

ESCAPES: Final = (r"\T\ ", r"\S\ ", r"\R\ ", r"\F\ ", r"\E\ ", r"\X41\ ", r"\.br\ ", r"\Zx\ ")
"""Put before a text; the last one is known to nobody, and stays as it is."""
