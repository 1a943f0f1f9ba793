"""What fields of ADT usually hold, right and wrong: for laws and for generated messages.

Source: HSCIC ITK HL7 v2 message specifications and reference tables; shapes met in the official examples.
"""

USUAL = {
    "PID": {
        3: ["S1^^^PAS^MR", "9990000018^^^NHS^NH", "9999999999^^^NHS", "S1", "^^^PAS"],
        5: ["GREEN^ANN^MAY^^MRS^^L", "GREEN", "^ANN"],
        7: ["19410712", "1941", "196513121515", "194107120000+0100"],
        8: ["1", "F", "9", "ff"],
        9: ["GREEN^PEGGY"],
        11: ["1 HILL ROAD^^LEEDS^^LS1 1AA^GBR^H", "^^BERLIN^^^^N"],
        13: ["0116^PRN^PH", "^NET^Internet^a@example.org"],
        14: ["0116"],
        15: ["EN", "Q4^BSL"],
        29: ["202603010900", "20260301", "202603", "unknown"],
        30: ["Y", "N"],
        32: ["NSTS01", "ED", "UD"],
    },
    "PD1": {3: ["WIGSTON SURGERY^^C82120", "C82120"], 4: ["G1234567^PATEL"]},
    "NK1": {
        2: ["GREEN^PETER"],
        3: ["20", "4^Next of kin", "CGV", "^Daughter"],
        4: ["1 HILL ROAD^^LEEDS"],
        5: ["07700900123^PRS^CP"],
        7: ["16", "20"],
        8: ["20240101"],
        9: ["20261231", "202401"],
        15: ["1"],
        16: ["19680314", "99999999"],
        20: ["EN"],
        33: ["9990000026^^^NHS"],
    },
    "PV1": {
        2: ["I", "E", "W", "DAY CASE"],
        3: ["RWE^WARD 1^BED 2^RWEAA", "WARD 1"],
        4: ["21", "ff"],
        14: ["19", "GP"],
        19: ["V1^^^PASV", "V1"],
        36: ["1", "4", "19", "Feeling great"],
        37: ["19", "79", "98", "home"],
        44: ["202603011010", "20260301", "202613011010"],
        45: ["202603051500", "20260301"],
        50: ["E7"],
    },
    "PV2": {9: ["20260305", "202603051400", "2026"]},
    "ZU1": {24: ["20260304", "Y"]},
    "ZU8": {4: ["0", "1", "2"]},
    "MRG": {1: ["S2^^^PAS", "22789^^^LOCALID"], 5: ["V0^^^PASV"]},
}
EVENTS = (
    *("A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A11", "A12", "A13", "A16"),
    *("A21", "A22", "A25", "A28", "A29", "A31", "A38", "A40", "A45", "A47", "A52", "A53"),
)
