"""Tables: what the codes of a message are called in FHIR. What is in no table stays as it was sent.

Source: ITK HL7 v2 reference tables; HL7 v2-to-FHIR concept maps; UK Core code systems; NHS Data
Dictionary.
"""

from functools import lru_cache
from types import MappingProxyType
from typing import Final

from hub.fhir.systems import (
    ACT_CODE,
    ITK_RELATIONSHIP,
    PATIENT_CLASS,
    RELATIONSHIP_NUMBER,
    RELATIONSHIP_ROLE,
    ROLE_CODE,
    V2_CONTACT_ROLE,
    V2_RELATIONSHIP,
)


def _all_of(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


GENDER: Final = MappingProxyType(
    {
        "1": "male",
        "M": "male",
        "MALE": "male",
        "2": "female",
        "F": "female",
        "FEMALE": "female",
        "0": "unknown",
        "U": "unknown",
        "UNKNOWN": "unknown",
        "9": "unknown",  # not specified: it must not stand against another source's answer
        "A": "other",
        "I": "other",
        "N": "other",
        "O": "other",
    }
)
NAME_USE: Final = MappingProxyType(
    {"L": "official", "D": "usual", "M": "maiden", "B": "maiden", "N": "nickname", "A": "nickname"}
)
ADDRESS_USE: Final = MappingProxyType(
    {"H": "home", "P": "home", "C": "temp", "B": "work", "O": "work", "BA": "old"}
)
NO_HOME: Final = frozenset({"N", "BDL", "BR", "F"})
"""Address types that say where somebody was born, not where they live."""
TELECOM_USE: Final = MappingProxyType({"PRN": "home", "WPN": "work", "PRS": "mobile"})
MOBILE: Final = "CP"
NOT_A_PHONE: Final = MappingProxyType({"FX": "fax", "BP": "pager"})
MAIL: Final = frozenset({"NET", "X.400", "Internet", "INTERNET"})

CLASS: Final = MappingProxyType(
    {
        "E": (ACT_CODE, "EMER"),
        "I": (ACT_CODE, "IMP"),
        "O": (ACT_CODE, "AMB"),
        "P": (ACT_CODE, "PRENC"),
    }
)
OTHER_CLASS: Final = PATIENT_CLASS

NHS_AUTHORITIES: Final = frozenset({"NHS", "NHSNBR", "NHSNUMBER", "2.16.840.1.113883.2.1.4.1"})
NHS_TYPES: Final = frozenset({"NH", "NHS", "NHSNMBR", "NHSNBR", "NNGBR"})
PERHAPS_NHS_TYPE: Final = "HN"
"""Some feeds call the NHS number so, others a hospital number: it takes ten digits to tell."""
HOSPITAL_NUMBER: Final = "MR"
NUMBER_TYPES: Final = frozenset({"MR", "PI", "PT", "AN", "VN", "PN", "EN", "U", "XX"})
"""Types of table 0203 that are kept; any other is a hospital number under a local name."""

DESTINATIONS: Final = _all_of(
    "19 29 30 37 38 40 42 48 49 50 51 52 53 54 55 56 65 66 79 84 85 87 88 89 98 99"
)
METHODS: Final = frozenset("123456789")
METHOD_DIED: Final = "4"
METHODS_OF_DEATH: Final = frozenset({METHOD_DIED, "5"})
ITK_DIED: Final = "10"
METHOD_NOT_FINISHED: Final = "8"
DESTINATION_DIED: Final = "79"
DESTINATION_NOT_DISCHARGED: Final = "98"
ADMISSION_METHODS: Final = _all_of("11 12 13 21 22 23 24 25 28 2A 2B 2C 2D 31 32 81 82 83 98 99")
ADMISSION_SOURCES: Final = _all_of("19 29 39 49 51 52 53 54 65 66 79 85 87 88 98 99")

CARER: Final = (RELATIONSHIP_ROLE, "Carer")
CARER_WORD: Final = "carer"

_NUMBERS: Final = {
    "1": (ROLE_CODE, "SPS"),
    "2": (ROLE_CODE, "DOMPART"),
    "3": (ROLE_CODE, "PRN"),
    "4": (V2_CONTACT_ROLE, "N"),
    "5": (RELATIONSHIP_ROLE, "Guardian"),
    "6": (ROLE_CODE, "PRNFOST"),
    "7": (ROLE_CODE, "STPPRN"),
    "8": (RELATIONSHIP_ROLE, "PolygamousPartner"),
    "9": (ROLE_CODE, "CHILD"),
    "10": (RELATIONSHIP_ROLE, "Dependant"),
    "11": (RELATIONSHIP_ROLE, "NonDependant"),
    "12": (ROLE_CODE, "MTH"),
    "13": (ROLE_CODE, "FTH"),
    "14": (ROLE_CODE, "SIS"),
    "15": (ROLE_CODE, "BRO"),
    "16": (ROLE_CODE, "FAMMEMB"),
    "17": (RELATIONSHIP_ROLE, "ProxyContact"),
    "18": (RELATIONSHIP_ROLE, "ProxyCommunication"),
    "19": (RELATIONSHIP_ROLE, "ProxyContactCommunication"),
    "20": CARER,
    "21": (ROLE_CODE, "ONESELF"),
    "22": (ROLE_CODE, "WIFE"),
    "23": (ROLE_CODE, "HUSB"),
    "30": (ROLE_CODE, "AUNT"),
    "31": (ROLE_CODE, "UNCLE"),
    "32": (ROLE_CODE, "NIECE"),
    "33": (ROLE_CODE, "NEPHEW"),
    "42": (ROLE_CODE, "SON"),
    "43": (ROLE_CODE, "DAU"),
    "44": (ROLE_CODE, "GRPRN"),
    "45": (ROLE_CODE, "GRNDCHILD"),
    "46": (ROLE_CODE, "FRND"),
    "47": (ROLE_CODE, "NBOR"),
    "61": (ROLE_CODE, "STPPRN"),
    "62": (RELATIONSHIP_ROLE, "PolygamousPartner"),
    "98": (V2_CONTACT_ROLE, "U"),
    "99": (RELATIONSHIP_ROLE, "NotSpecified"),
}
"""The UK's numbers. The ITK has 1 to 21, 61, 62, 98 and 99; the others are of the older UK list."""

_ITK: Final = frozenset(str(number) for number in (*range(1, 22), 61, 62, 98, 99)) - {"7", "8"}

_LETTERS: Final = {
    "SEL": (ROLE_CODE, "ONESELF"),
    "SPO": (ROLE_CODE, "SPS"),
    "DOM": (ROLE_CODE, "SIGOTHR"),
    "CHD": (ROLE_CODE, "CHILD"),
    "GCH": (ROLE_CODE, "GRNDCHILD"),
    "NCH": (ROLE_CODE, "NCHILD"),
    "SCH": (ROLE_CODE, "STPCHLD"),
    "FCH": (ROLE_CODE, "CHLDFOST"),
    "PAR": (ROLE_CODE, "PRN"),
    "MTH": (ROLE_CODE, "MTH"),
    "FTH": (ROLE_CODE, "FTH"),
    "GRP": (ROLE_CODE, "GRPRN"),
    "EXF": (ROLE_CODE, "EXT"),
    "SIB": (ROLE_CODE, "SIB"),
    "BRO": (ROLE_CODE, "BRO"),
    "SIS": (ROLE_CODE, "SIS"),
    "FND": (ROLE_CODE, "FRND"),
    "CGV": CARER,
    "EMC": (V2_CONTACT_ROLE, "C"),
    "UNK": (V2_CONTACT_ROLE, "U"),
    "OTH": (V2_CONTACT_ROLE, "O"),
    "DEP": None,
    "WRD": None,
    "GRD": None,
    "OAD": None,
    "EME": None,
    "EMR": (V2_CONTACT_ROLE, "E"),
    "ASC": None,
    "OWN": None,
    "TRA": None,
    "MGR": None,
    "NON": None,
}
"""Table 0063 of the international standard; None where no other system says the same."""

_CONTACT_ROLES: Final = frozenset("CEFINOSU")
"""Table 0131."""


@lru_cache(maxsize=1024)
def relationship_codings(code: str) -> tuple[tuple[str, str], ...]:
    """Every name of a role: first the one that was sent, then the one that others understand."""
    number = code.lstrip("0")
    if number in _NUMBERS:
        sent = ITK_RELATIONSHIP if number in _ITK else RELATIONSHIP_NUMBER
        return (sent, number if number in _ITK else number.zfill(2)), _NUMBERS[number]
    letters = code.upper()
    if letters in _LETTERS:
        known = _LETTERS[letters]
        return (
            ((V2_RELATIONSHIP, letters),) if known is None else ((V2_RELATIONSHIP, letters), known)
        )
    if letters in _CONTACT_ROLES:
        return ((V2_CONTACT_ROLE, letters),)
    return (("", code),)
