"""What somebody is to a patient, in words.

Source: HL7 v3 RoleCode, HL7 v2 table 0131, UK Core AdditionalPersonRelationshipRole. Every other code system is
followed by one of these where the hub knows what its code means; else the words that came with it count.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from hub.fhir.systems import RELATIONSHIP_ROLE, ROLE_CODE, V2_CONTACT_ROLE

FAMILY: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("SPS", "MARPART"), "husband, wife or civil partner"),
        "HUSB": "husband",
        "WIFE": "wife",
        **dict.fromkeys(("DOMPART", "SIGOTHR"), "partner"),
        "FORMERSPS": "former husband or wife",
        **dict.fromkeys(("PRN", "NPRN"), "parent"),
        **dict.fromkeys(("MTH", "NMTH"), "mother"),
        **dict.fromkeys(("FTH", "NFTH"), "father"),
        "PRNFOST": "foster parent",
        "ADOPTP": "adoptive parent",
        "STPPRN": "step-parent",
        "STPMTH": "stepmother",
        "STPFTH": "stepfather",
        "PRNINLAW": "parent-in-law",
        "MTHINLAW": "mother-in-law",
        "FTHINLAW": "father-in-law",
        **dict.fromkeys(("CHILD", "NCHILD"), "son or daughter"),
        **dict.fromkeys(("SON", "SONC"), "son"),
        **dict.fromkeys(("DAU", "DAUC"), "daughter"),
        "CHLDADOPT": "adopted child",
        "SONADOPT": "adopted son",
        "DAUADOPT": "adopted daughter",
        "CHLDFOST": "foster child",
        "SONFOST": "foster son",
        "DAUFOST": "foster daughter",
        "STPCHLD": "stepchild",
        "STPSON": "stepson",
        "STPDAU": "stepdaughter",
        "CHLDINLAW": "son- or daughter-in-law",
        "SONINLAW": "son-in-law",
        "DAUINLAW": "daughter-in-law",
        **dict.fromkeys(("SIB", "NSIB"), "brother or sister"),
        **dict.fromkeys(("BRO", "NBRO"), "brother"),
        **dict.fromkeys(("SIS", "NSIS"), "sister"),
        "HBRO": "half-brother",
        "HSIS": "half-sister",
        "STPSIB": "stepbrother or stepsister",
        "STPBRO": "stepbrother",
        "STPSIS": "stepsister",
        "SIBINLAW": "brother- or sister-in-law",
        "BROINLAW": "brother-in-law",
        "SISINLAW": "sister-in-law",
        "GRPRN": "grandparent",
        "GRMTH": "grandmother",
        "GRFTH": "grandfather",
        "GGRPRN": "great-grandparent",
        "GRNDCHILD": "grandchild",
        "GRNDSON": "grandson",
        "GRNDDAU": "granddaughter",
        "AUNT": "aunt",
        "UNCLE": "uncle",
        "NIECE": "niece",
        "NEPHEW": "nephew",
        "NIENEPH": "niece or nephew",
        "COUSN": "cousin",
        **dict.fromkeys(("EXT", "FAMMEMB"), "family"),
        "FRND": "friend",
        "NBOR": "neighbour",
        "ROOM": "shares a home",
    }
)
ROLES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        **{(ROLE_CODE, code): words for code, words in FAMILY.items()},
        (RELATIONSHIP_ROLE, "Guardian"): "guardian",
        (RELATIONSHIP_ROLE, "PolygamousPartner"): "partner",
        (RELATIONSHIP_ROLE, "ProxyContact"): "speaks for the patient",
        (RELATIONSHIP_ROLE, "ProxyCommunication"): "speaks for the patient",
        (RELATIONSHIP_ROLE, "ProxyContactCommunication"): "speaks for the patient",
        (RELATIONSHIP_ROLE, "Agent"): "acts for the patient",
        (V2_CONTACT_ROLE, "N"): "next of kin",
        (V2_CONTACT_ROLE, "C"): "emergency contact",
    }
)
CARER: Final = (RELATIONSHIP_ROLE, "Carer")
SAYS_NOTHING: Final = frozenset(
    {
        (RELATIONSHIP_ROLE, "NotSpecified"),
        (RELATIONSHIP_ROLE, "Personal"),
        (RELATIONSHIP_ROLE, "Dependant"),
        (RELATIONSHIP_ROLE, "NonDependant"),
        (V2_CONTACT_ROLE, "U"),
        (V2_CONTACT_ROLE, "O"),
        (ROLE_CODE, "ONESELF"),
    }
)


def in_words(roles: Iterable[tuple[str, str, str]]) -> str:
    """Roles, each a system, a code and the words that came with it, said once; empty when none says anything.

    That somebody is a carer is what every list here is about, so it is left out.
    """
    said = dict.fromkeys(words_of(*role) for role in roles)
    return ", ".join(filter(None, said))


def words_of(system: str, code: str, display: str) -> str:
    """One role."""
    if (system, code) == CARER or (system, code) in SAYS_NOTHING:
        return ""
    return ROLES.get((system, code), display.strip().lower())
