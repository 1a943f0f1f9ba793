"""Words that a row may say, and the codes that FHIR has for them."""

from typing import Final

EXPIRES_ON: Final = "expires_on"
"""Of registers: the last day on which an entry holds."""

STATUSES: Final = {"active": "active", "ended": "inactive"}
"""What `status` may be -> Flag.status."""

RELATIONSHIPS: Final = {
    "mother": "MTH",
    "father": "FTH",
    "parent": "PRN",
    "daughter": "DAUC",
    "son": "SONC",
    "child": "CHILD",
    "wife": "WIFE",
    "husband": "HUSB",
    "spouse": "SPS",
    "partner": "DOMPART",
    "sister": "SIS",
    "brother": "BRO",
    "sibling": "SIB",
    "grandparent": "GRPRN",
    "grandchild": "GRNDCHILD",
    "aunt": "AUNT",
    "uncle": "UNCLE",
    "niece": "NIECE",
    "nephew": "NEPH",
    "cousin": "COUSN",
    "friend": "FRND",
    "neighbour": "NBOR",
    "other": "",
}
"""What `relationship` may be -> v3-RoleCode: the carer is this to the person cared for."""
