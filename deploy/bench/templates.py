"""How a patient administration system writes ADT: segments with as many places as real ones fill.

Source: HL7 v2.4 chapter 3; ITK HL7 v2 message specifications, for ZU1, ZU3 and ZU8.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from deploy.bench.people import CARER, Kin, Patient

LONDON: Final = ZoneInfo("Europe/London")
TRUST: Final = "RWE"
SITE: Final = "RWEAA"
WITH_KIN: Final = frozenset({"A01", "A04", "A05", "A08", "A28", "A31"})


@dataclass(slots=True, eq=False)
class Stay:
    """One visit as the hospital knows it. Times are instants."""

    patient: Patient
    number: str
    patient_class: str
    ward: str
    bed: str
    consultant: int
    admitted_at: datetime
    expected_at: datetime | None = None
    discharged_at: datetime | None = None
    before: tuple[str, str] | None = None
    note: int = 0


def written(moment: datetime) -> str:
    """A time as such systems write it: to the second, local, without an offset."""
    return f"{moment.astimezone(LONDON):%Y%m%d%H%M%S}"


def message(
    trigger: str, control: str, moment: datetime, patient: Patient, stay: Stay | None
) -> bytes:
    """One message, without its MLLP frame."""
    at = written(moment)
    lines = [
        f"MSH|^~\\&|PAS|{TRUST}|HUB|HUB|{at}||ADT^{trigger}|{control}|P|2.4|||||GBR|UNICODE UTF-8|EN^English",
        f"EVN|{trigger}|{at}||01|WARDCLERK{control[-2:]}^Clerk^Ward^^^^^^PAS|{at}",
        pid(patient),
        pd1(patient),
    ]
    if trigger in WITH_KIN:
        lines += [nk1(place, kin) for place, kin in enumerate(patient.kin, start=1)]
    allergy = f"AL1|1|DA|{int(control[-1]) % 4 + 1}^Penicillin^LOCAL|MO|Rash|20190412"
    if stay is None:
        lines.append(allergy)
    else:
        lines += [pv1(stay, trigger), pv2(stay), allergy, dg1(stay), zu1(stay, at)]
    lines.append(zu8(patient))
    return ("\r".join(lines) + "\r").encode()


def pid(patient: Patient) -> str:
    """Who it is."""
    numbers = f"{patient.hospital_number}^^^{TRUST}^MR"
    if patient.nhs_number:
        numbers += f"~{patient.nhs_number}^^^NHS^NH"
    name = f"{patient.family}^{patient.given}^{patient.middle}^^{patient.title}^^L"
    telecoms = f"{patient.telephone}^PRN^PH~{patient.mobile}^PRS^CP"
    status = "NSTS01" if patient.nhs_number else "NSTS03"
    return (
        f"PID|1||{numbers}||{name}||{patient.born}|{patient.sex}||A^White British^NHSETHNIC"
        f"|{patient.address}||{telecoms}|0116 496 0999^WPN^PH|en|M|C1^Christian^LOCAL"
        f"|A{patient.hospital_number}^^^{TRUST}^AN||||A|Leicester|N||GBR||GBR||N||{status}"
    )


def pd1(patient: Patient) -> str:
    """Where they are registered."""
    code, name = patient.practice
    return f"PD1|||{name}^^{code}|G9990012^Verma^Sunita^^^Dr||||||||N"


def nk1(place: int, kin: Kin) -> str:
    """One next of kin."""
    role = "Carer" if kin.role == CARER else "Relative"
    return (
        f"NK1|{place}|{kin.family}^{kin.given}^^^^^L|{kin.role}^{role}|{kin.address}"
        f"|{kin.telephone}^PRN^PH~{kin.mobile}^PRS^CP|0116 496 0998^WPN^PH|N^Next of kin^HL70131|20200301|||||||"
        "|||||en"
    )


def pv1(stay: Stay, trigger: str) -> str:
    """The visit, to PV1-45."""
    fields = [""] * 46
    fields[1], fields[2] = "1", stay.patient_class
    fields[3] = f"{stay.ward}^^{stay.bed}^{SITE}^^^^^{stay.ward} level 4"
    fields[4] = "21" if stay.patient_class == "I" else ""
    if trigger in ("A02", "A12") and stay.before is not None:
        fields[6] = f"{stay.before[0]}^^{stay.before[1]}^{SITE}"
    doctor = f"C999{stay.consultant:04}^Consultant{'abcdefghij'[stay.consultant % 10]}^Robin^^^Dr"
    fields[7] = fields[9] = fields[17] = doctor
    fields[8] = "G9990012^Verma^Sunita^^^Dr"
    fields[10] = "300"
    fields[14], fields[15], fields[16], fields[18] = "19", "A0", "N", "NHS"
    fields[19] = f"{stay.number}^^^{TRUST}^VN"
    if stay.discharged_at is not None:
        fields[36], fields[37] = "1", "19"
    fields[39], fields[41] = SITE, "A"
    fields[44] = written(stay.admitted_at)
    if stay.discharged_at is not None:
        fields[45] = written(stay.discharged_at)
    fields[0] = "PV1"
    return "|".join(fields).rstrip("|")


def pv2(stay: Stay) -> str:
    """Why, and until when."""
    expected = f"{stay.expected_at.astimezone(LONDON):%Y%m%d}" if stay.expected_at else ""
    return f"PV2||2^General^LOCAL|R{stay.note:03}^Shortness of breath^LOCAL||||||{expected}|4||||||||||||N"


def dg1(stay: Stay) -> str:
    """A diagnosis, which the hub does not read."""
    return (
        f"DG1|1||J{stay.note % 90 + 10}.9^Reason for admission^I10||{written(stay.admitted_at)}|A"
    )


def zu1(stay: Stay, at: str) -> str:
    """What the UK adds to a visit."""
    return f"ZU1|{at}|1|03|2||{stay.consultant}|||N||||{stay.note}||||N|||||||"


def zu8(patient: Patient) -> str:
    """What the UK adds to a patient: whether where they live must be hidden is the fourth."""
    return f"ZU8|1|{patient.practice[0]}|N|N||{patient.born[:4]}"
