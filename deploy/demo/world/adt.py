"""ADT messages as hospitals send them: HL7 v2.4 in ER7, segments ended by CR.

Written from the standard and the ITK HL7 v2 message specifications (fields of PID, NK1, PV1, PV2, MRG; NK1-3 by ITK
table 0063), not from what any reader of them does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

from deploy.demo.world.area import Trust
from deploy.demo.world.clock import hl7_time
from deploy.demo.world.people import Person
from deploy.demo.world.story import Stay

Fields: TypeAlias = Mapping[int, str]
"""Position -> what stands there, escaped and put together."""

STRUCTURES: Final[Mapping[str, str]] = {
    "A01": "ADT_A01",
    "A02": "ADT_A02",
    "A03": "ADT_A03",
    "A04": "ADT_A01",
    "A05": "ADT_A05",
    "A08": "ADT_A01",
    "A11": "ADT_A09",
    "A12": "ADT_A09",
    "A13": "ADT_A01",
    "A16": "ADT_A16",
    "A25": "ADT_A21",
    "A28": "ADT_A05",
    "A31": "ADT_A05",
    "A40": "ADT_A39",
    "A45": "ADT_A45",
    "A47": "ADT_A30",
}
"""MSH-9.3 by trigger."""

OF_A_PERSON: Final = frozenset({"A28", "A31", "A40"})
"""Events of a person, without a visit."""

CARER: Final = "20"
"""ITK table 0063: carer."""
NEXT_OF_KIN: Final = "4"
RELATIONSHIPS: Final[Mapping[str, str]] = {
    "wife": "1",
    "husband": "1",
    "daughter": "9",
    "son": "9",
    "mother": "12",
    "father": "13",
    "grandchild": "16",
    "friend": "99",
    "neighbour": "99",
    "sister": "14",
    "brother": "15",
    "next of kin": NEXT_OF_KIN,
}
"""ITK table 0063; it has no friend and no grandchild."""

HOME_METHOD, HOME_DESTINATION = "1", "19"
"""NHS discharge method "on clinical advice", destination "usual place of residence"."""
DIED_METHOD, DIED_DESTINATION = "4", "79"
TRACED: Final = "NSTS01"
"""PID-32: NHS number present and verified."""
NOT_TRACED: Final = "NSTS02"


@dataclass(frozen=True, slots=True)
class Contact:
    """One who stands in NK1.

    Attributes:
        roles: NK1-3 and, after it, NK1-7; one of them is `CARER` when the ward was told so.
    """

    person: Person
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """A patient as the hospital knows them at that time.

    Attributes:
        number: The hospital number.
        nhs_number: None while nobody knows it.
        known: False for somebody who came in without a name.
        born: As written down there, right or wrong.
        status: PID-32.
    """

    number: str
    nhs_number: str | None
    born: date | None
    known: bool = True
    status: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes into one message.

    Attributes:
        recorded_at: EVN-2 and MSH-7.
        occurred_at: EVN-6.
        contacts: NK1; empty = none are sent.
        replaced_number: MRG-1.
        replaced_visit: MRG-5.
        clears_expected: PV2-9 is null: no discharge is expected any more.
        died_at: PID-29 and PID-30.
    """

    trigger: str
    control_id: str
    recorded_at: datetime
    occurred_at: datetime
    stay: Stay
    identity: Identity
    contacts: Sequence[Contact] = ()
    replaced_number: str | None = None
    replaced_visit: str | None = None
    clears_expected: bool = False
    died_at: datetime | None = None


def written(message: Message) -> bytes:
    """The message as it goes over the line, without MLLP's frame."""
    segments = [msh(message), evn(message), pid(message), pd1(message)]
    if message.replaced_number is not None or message.replaced_visit is not None:
        segments.append(mrg(message))
    segments += [
        nk1(message, contact, number) for number, contact in enumerate(message.contacts, start=1)
    ]
    if message.trigger not in OF_A_PERSON:
        segments += [pv1(message), *pv2(message)]
    return "".join(f"{each}\r" for each in segments).encode(message.stay.trust.charset[1])


def segment(name: str, fields: Fields) -> str:
    """A segment with its fields in their places."""
    places = range(1, max(fields, default=0) + 1)
    return "|".join([name, *(fields.get(place, "") for place in places)]).rstrip("|")


def escaped(text: str) -> str:
    """Text in which nothing separates anything."""
    for sign, sequence in (("\\", "\\E\\"), ("|", "\\F\\"), ("^", "\\S\\")):
        text = text.replace(sign, sequence)
    return text.replace("~", "\\R\\").replace("&", "\\T\\")


def put(*components: str) -> str:
    """Components of one field."""
    return "^".join(escaped(each) for each in components).rstrip("^")


def time_in(trust: Trust, at: datetime, *, seconds: bool = True) -> str:
    """A time as this trust writes it."""
    return hl7_time(at, with_offset=trust.with_offset, seconds=seconds)


def msh(message: Message) -> str:
    """MSH; the first separator is field 1, so everything stands one place earlier in the list."""
    trust = message.stay.trust
    fields = {
        1: "^~\\&",
        2: "PAS",
        3: trust.ods_code,
        4: "ROUTE",
        5: "ROUTE",
        6: time_in(trust, message.recorded_at),
        8: put("ADT", message.trigger, STRUCTURES[message.trigger]),
        9: message.control_id,
        10: "P",
        11: "2.4",
        17: trust.charset[0],
    }
    return segment("MSH", fields)


def evn(message: Message) -> str:
    """EVN: when it was written down, and when it was true."""
    trust = message.stay.trust
    return segment(
        "EVN",
        {2: time_in(trust, message.recorded_at), 6: time_in(trust, message.occurred_at)},
    )


def pid(message: Message) -> str:
    """PID."""
    identity, trust, person = message.identity, message.stay.trust, message.stay.patient
    numbers = [put(identity.number, "", "", trust.ods_code, "MR")]
    if identity.nhs_number is not None:
        numbers.append(put(identity.nhs_number, "", "", "NHS", "NH"))
    fields = {
        1: "1",
        3: "~".join(numbers),
        5: put(person.family, person.given) if identity.known else put("Unknown", "Unknown"),
        7: identity.born.strftime("%Y%m%d") if identity.born else "",
        8: "2" if person.sex == "female" else "1",
        32: identity.status,
    }
    if identity.known:
        fields |= {11: address(person), 13: put(person.home.landline, "PRN", "PH")}
    if message.died_at is not None:
        fields |= {29: time_in(trust, message.died_at), 30: "Y"}
    return segment("PID", fields)


def pd1(message: Message) -> str:
    """PD1: the practice, where it is known who this is."""
    practice = message.stay.patient.home.practice.ods_code
    return segment("PD1", {3: put("", "", practice)} if message.identity.known else {})


def mrg(message: Message) -> str:
    """MRG: the record and the visit that are replaced."""
    code = message.stay.trust.ods_code
    number = message.replaced_number or message.identity.number
    fields = {1: put(number, "", "", code, "MR")}
    if message.replaced_visit is not None:
        fields[5] = put(message.replaced_visit, "", "", code)
    return segment("MRG", fields)


def nk1(message: Message, contact: Contact, number: int) -> str:
    """NK1: the ITK sends no identifier of a contact."""
    person = contact.person
    fields = {
        1: str(number),
        2: put(person.family, person.given),
        3: contact.roles[0],
        4: address(person),
        5: put(person.mobile, "PRN", "CP"),
        15: "2" if person.sex == "female" else "1",
        16: person.born.strftime("%Y%m%d"),
    }
    if len(contact.roles) > 1:
        fields[7] = contact.roles[1]
    return segment("NK1", fields)


def address(person: Person) -> str:
    """XAD: street, town, postcode, home."""
    home = person.home
    return put(home.street, "", home.town.name, "", home.postcode or "", "", "H")


def pv1(message: Message) -> str:
    """PV1."""
    stay = message.stay
    trust = stay.trust
    place = (
        put(stay.ward, "", stay.bed, trust.site)
        if trust.ward_first
        else put("", stay.ward, stay.bed, trust.site)
    )
    fields = {
        1: "1",
        2: stay.patient_class,
        3: place,
        4: "11" if stay.patient_class in ("O", "DAYCASE") else "21",
        14: "19",
        19: put(stay.visit, "", "", trust.ods_code),
    }
    if message.trigger != "A05":
        fields[44] = time_in(trust, stay.admitted_at, seconds=False)
    if message.trigger == "A03":
        method, destination = (
            (DIED_METHOD, DIED_DESTINATION) if stay.died else (HOME_METHOD, HOME_DESTINATION)
        )
        fields |= {36: method, 37: destination}
        fields[45] = time_in(trust, stay.discharged_at or message.occurred_at, seconds=False)
    return segment("PV1", fields)


def pv2(message: Message) -> Sequence[str]:
    """PV2, where it says anything: when somebody is expected to come, and to go."""
    stay = message.stay
    fields = {}
    if message.trigger == "A05":
        fields[8] = time_in(stay.trust, stay.admitted_at, seconds=False)
    if message.clears_expected:
        fields[9] = '""'
    elif isinstance(stay.expected, datetime):
        fields[9] = time_in(stay.trust, stay.expected, seconds=False)
    elif stay.expected is not None:
        fields[9] = stay.expected.strftime("%Y%m%d")
    return (segment("PV2", fields),) if fields else ()
