"""The area: trusts with wards, towns with their mix of people, practices and services.

What stands in `deploy/demo/hub.yaml` is repeated here on purpose: a test compares the two, and neither reads the other.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Trust:
    """A hospital trust as it sends.

    Attributes:
        ods_code: Its code, and MSH-4 of its messages.
        sender: Its sender in the configuration.
        site: ODS code of the site that everybody lies in.
        wards: Wards for in-patients.
        charset: MSH-18 of its messages, and Python's name of the codec.
        with_offset: Whether its times carry an offset always, or only where the hour is in doubt.
        ward_first: Whether the ward stands in PV1-3.1 instead of PV1-3.2.
    """

    ods_code: str
    sender: str
    site: str
    wards: tuple[str, ...]
    charset: tuple[str, str]
    with_offset: bool
    ward_first: bool


@dataclass(frozen=True, slots=True)
class Practice:
    """A GP practice as it sends: `fhir` Bundles, or `csv` extracts in a character set."""

    ods_code: str
    sender: str
    how: str = "fhir"
    charset: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Town:
    """A local authority.

    Attributes:
        code: ONS code.
        share: Share of the area's people who live here.
        districts: Postcode districts.
        dial: The landline numbers that Ofcom keeps for drama here, without the last three digits.
        mix: Community -> share. Sources in the README.
        adult_service: Who takes carers from 18 on.
        young_service: Who takes carers under 18.
    """

    code: str
    name: str
    share: float
    trust: Trust
    practices: tuple[Practice, ...]
    districts: tuple[str, ...]
    dial: str
    mix: tuple[tuple[str, float], ...]
    adult_service: str
    young_service: str


LEICESTER_HOSPITALS: Final = Trust(
    ods_code="RWE",
    sender="rwe-adt",
    site="RWEAA",
    wards=("WARD15", "WARD23", "WARD31", "WARD36", "AMU", "STROKE", "ORTHO2"),
    charset=("UNICODE UTF-8", "utf-8"),
    with_offset=False,
    ward_first=False,
)
LEEDS_HOSPITALS: Final = Trust(
    ods_code="RR8",
    sender="rr8-adt",
    site="RR813",
    wards=("J08", "J14", "J19", "J28", "L12", "L21", "C10"),
    charset=("8859/1", "cp1252"),
    with_offset=True,
    ward_first=True,
)
TRUSTS: Final = (LEICESTER_HOSPITALS, LEEDS_HOSPITALS)

WHITE_COUNTY: Final = (
    ("white_british", 0.88),
    ("gujarati", 0.05),
    ("east_european", 0.04),
    ("punjabi", 0.02),
    ("african", 0.01),
)

TOWNS: Final = (
    Town(
        code="E06000016",
        name="Leicester",
        share=0.36,
        trust=LEICESTER_HOSPITALS,
        practices=(Practice("C82901", "c82901-fhir"), Practice("C82902", "c82902-fhir")),
        districts=("LE1", "LE2", "LE3", "LE4", "LE5"),
        dial="0116 496 0",
        mix=(
            ("gujarati", 0.26),
            ("punjabi", 0.09),
            ("bengali_muslim", 0.03),
            ("pakistani", 0.04),
            ("white_british", 0.39),
            ("east_european", 0.09),
            ("african", 0.07),
            ("caribbean", 0.03),
        ),
        adult_service="DEMO1",
        young_service="DEMO3",
    ),
    Town(
        code="E10000018",
        name="Leicestershire",
        share=0.16,
        trust=LEICESTER_HOSPITALS,
        practices=(
            Practice("C82904", "c82904-csv", "csv"),
            Practice("C82905", "c82905-fhir"),
        ),
        districts=("LE7", "LE8", "LE9", "LE10", "LE11", "LE12", "LE18", "LE67"),
        dial="0116 496 0",
        mix=WHITE_COUNTY,
        adult_service="DEMO2",
        young_service="DEMO3",
    ),
    Town(
        code="E06000017",
        name="Oakham",
        share=0.04,
        trust=LEICESTER_HOSPITALS,
        practices=(Practice("C82903", "c82903-fhir"),),
        districts=("LE15",),
        dial="0116 496 0",
        mix=(("white_british", 0.95), ("east_european", 0.05)),
        adult_service="DEMO2",
        young_service="DEMO3",
    ),
    Town(
        code="E08000035",
        name="Leeds",
        share=0.44,
        trust=LEEDS_HOSPITALS,
        practices=(
            Practice("B86901", "b86901-fhir"),
            Practice("B86902", "b86902-fhir"),
            Practice("B86903", "b86903-csv", "csv", "cp1252"),
            Practice("B86904", "b86904-fhir"),
            Practice("B86905", "b86905-fhir"),
        ),
        districts=("LS2", "LS3", "LS4", "LS5", "LS6", "LS7", "LS8", "LS9"),
        dial="0113 496 0",
        mix=(
            ("white_british", 0.77),
            ("pakistani", 0.05),
            ("gujarati", 0.02),
            ("punjabi", 0.02),
            ("bengali_muslim", 0.01),
            ("east_european", 0.06),
            ("african", 0.05),
            ("caribbean", 0.02),
        ),
        adult_service="DEMO4",
        young_service="DEMO5",
    ),
)
"""Services as in ADR-0011: the adults' service takes a town's carers from 18 on, the young carers' those below."""

PRACTICES: Final = tuple(practice for town in TOWNS for practice in town.practices)
