"""Made-up patients and their next of kin. NHS numbers are of the 999 test range, telephones of Ofcom's for drama."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Final

from hub.fhir.nhs_number import TEST_RANGE, check_digit


def listed(text: str, between: str = " ") -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split(between))


FAMILIES: Final = listed(
    "Abbott Adeyemi Ahmed Appleby Bailey Barnett Begum Bhatt Blackwood Brennan Carmichael Chaudhry Clarke Cohen"
    " Dhillon Doyle Eze Farrell Fenwick Gallagher Gill Goddard Grewal Hartley Hussain Ibrahim Islam Jarvis Joshi Kaur"
    " Kelly Khan Kowalska Lancaster Lewis Mahmood Marsh McAllister Mistry Moss Nowak Nwosu O'Connor O'Neill Okafor"
    " Osborne Parmar Patel Pearce Quinn Rahman Rees Robinson Sandhu Shah Sharma Singh Solanki Thorne Underwood"
    " Vaghela Walsh Whitfield Yilmaz"
)
MEN: Final = listed(
    "Abdul Aidan Alan Amir Arthur Brian Colin Daniel Derek Edwin Frank George Harold Hassan Ivan Jack Jagdish Kenneth"
    " Leonard Malcolm Mohammed Neil Oliver Patrick Rajesh Ronald Samuel Stanley Thomas Vikram"
)
WOMEN: Final = listed(
    "Ada Aisha Alice Anjali Beryl Brenda Carol Daphne Doris Edith Eileen Fatima Freda Gloria Grace Hilda Irene Joan"
    " Kamala Lilian Mabel Maria Nasreen Nora Olive Parveen Queenie Rita Sheila Zofia"
)
STREETS: Final = listed(
    "Abbey Lane, Belgrave Road, Canal Street, Dover Close, Evington Drive, Fosse Road North, Groby Road, Hinckley Road,"
    " Ivydale Walk, Jarrom Street, Knighton Rise, London Road, Mill Hill, Narborough Road South, Oadby Court,"
    " Park Vale, Queens Road, Regent Street, Saffron Lane, Tudor Road, Uppingham Road, Victoria Park Road",
    ", ",
)
DISTRICTS: Final = (
    ("LE1", "Leicester", "E06000016"),
    ("LE2", "Leicester", "E06000016"),
    ("LE4", "Leicester", "E06000016"),
    ("LE11", "Loughborough", "E10000018"),
    ("LE15", "Oakham", "E06000017"),
    ("LE18", "Wigston", "E10000018"),
)
PRACTICES: Final = (
    ("C82901", "Abbey Lane Surgery"),
    ("C82902", "Belgrave Road Medical Centre"),
    ("C82903", "Oakham Market Place Practice"),
    ("C82904", "Loughborough Canal Side Surgery"),
)

CARER: Final = "20"
"""NK1-3 of a carer (ITK table 0063)."""
ROLES: Final = ("1", "3", "9", "12", "14", "15", "16", "99")
"""NK1-3 of others: spouse, parent, child, mother, sister, brother, another relative, not specified."""

SHARE_WITH_CARER: Final = 0.15
"""Of patients whose hospital knows a carer; ours, to make work: no hospital publishes it."""
SHARE_WITHOUT_NHS_NUMBER: Final = 0.04
SHARE_OF_CHILDREN: Final = 0.08


@dataclass(slots=True, eq=False)
class Kin:
    """One next of kin, as the hospital wrote them down."""

    family: str
    given: str
    role: str
    telephone: str
    mobile: str
    address: str


@dataclass(slots=True, eq=False)
class Patient:
    """Somebody whom the hospital has registered. Days are written as HL7 v2 writes them."""

    hospital_number: str
    nhs_number: str
    family: str
    given: str
    middle: str
    title: str
    born: str
    sex: str
    address: str
    telephone: str
    mobile: str
    practice: tuple[str, str]
    kin: list[Kin] = field(default_factory=list)
    is_in: bool = False


class People:
    """Makes people, each only once, from a chance that has a seed."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._nhs_numbers = nhs_numbers()
        self._made = 0

    def patient(self, *, with_carer: bool | None = None) -> Patient:
        """A new one; whether their carer is known is up to chance, unless it is said. Who must have one is an adult."""
        chance = self._chance
        self._made += 1
        sex = chance.choice("12")
        child = not with_carer and chance.random() < SHARE_OF_CHILDREN
        year = chance.randint(2011, 2024) if child else chance.randint(1926, 2005)
        patient = Patient(
            hospital_number=f"H{self._made:07}",
            nhs_number=""
            if chance.random() < SHARE_WITHOUT_NHS_NUMBER
            else next(self._nhs_numbers),
            family=chance.choice(FAMILIES),
            given=chance.choice(MEN if sex == "1" else WOMEN),
            middle=chance.choice(MEN if sex == "1" else WOMEN) if chance.random() < 0.6 else "",
            title="" if child else ("Mr" if sex == "1" else chance.choice(("Mrs", "Ms", "Miss"))),
            born=f"{year}{chance.randint(1, 12):02}{chance.randint(1, 28):02}",
            sex=sex,
            address=self.address(),
            telephone=self.telephone(),
            mobile=self.mobile(),
            practice=chance.choice(PRACTICES),
        )
        patient.kin = [self.kin(patient) for _ in range(chance.randint(0, 2))]
        has_carer = chance.random() < SHARE_WITH_CARER if with_carer is None else with_carer
        if has_carer:
            patient.kin.append(self.kin(patient, CARER))
        return patient

    def kin(self, patient: Patient, role: str | None = None) -> Kin:
        """Somebody near to a patient, mostly of the same house."""
        chance = self._chance
        return Kin(
            family=patient.family if chance.random() < 0.7 else chance.choice(FAMILIES),
            given=chance.choice(WOMEN + MEN),
            role=role or chance.choice(ROLES),
            telephone=self.telephone(),
            mobile=self.mobile(),
            address=patient.address if chance.random() < 0.6 else self.address(),
        )

    def address(self) -> str:
        """XAD; now and then with an ampersand, which is written escaped."""
        chance = self._chance
        outward, town, _ = chance.choice(DISTRICTS)
        house = f"{chance.randint(1, 240)} {chance.choice(STREETS)}"
        flat = f"Flat {chance.randint(1, 40)}" if chance.random() < 0.2 else ""
        if chance.random() < 0.03:
            flat = "Rose \\T\\ Crown Court"
        line = f"{flat}^{house}" if flat else f"{house}^"
        inward = f"{chance.randint(1, 9)}{chance.choice('ABDEFGHJLN')}{chance.choice('PQRSTUWXYZ')}"
        return f"{line}^{town}^Leicestershire^{outward} {inward}^GBR^H"

    def telephone(self) -> str:
        """A number of a house in Leicester."""
        return f"0116 496 0{self._chance.randint(0, 999):03}"

    def mobile(self) -> str:
        """A mobile number."""
        return f"07700 900{self._chance.randint(0, 999):03}"


TEST_NUMBERS: Final = 1_000_000
"""Of nine digits, before those are left out that have no check digit."""
AFTER_IT: Final = "4"


def nhs_numbers() -> Iterator[str]:
    """The numbers of the test range, in order; when they are used up, right numbers that begin with 4."""
    for number in count():
        nine = f"{TEST_RANGE}{number:06}" if number < TEST_NUMBERS else f"{AFTER_IT}{number:08}"
        digit = check_digit(nine)
        if digit != "X":
            yield nine + digit
