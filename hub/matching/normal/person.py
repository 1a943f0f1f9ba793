"""A person as one record says it, before anything is made comparable."""

from dataclasses import dataclass
from typing import Final

from hub.records import Address, HumanName, PersonFacts, Precision, Telecom


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as it was sent, in parts."""

    given: str = ""
    middle: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """An address as it was sent: its lines without town, and the postcode."""

    line: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What one record says of a person. Whatever is missing is empty; what is current stands first.

    Attributes:
        names: Current and earlier names, all of them used.
        born: Date of birth as sent: ISO, `YYYYMMDD`, `DD/MM/YYYY`, or year and month, or the year alone.
        sex: FHIR administrative gender, `m`, `f`, or 1 and 2 as in the NHS Data Dictionary.
        nhs_number: Ten digits, in one piece or 3-3-4; a superseded one already replaced by its heir.
        nhs_number_status: NHS NUMBER STATUS INDICATOR CODE; empty when none was stated.
        homes: Current and earlier addresses.
        deceased: Said to have died.
        restricted: Sensitive record: never joined without a person.
        withdrawn: Its subject withdrew consent to be linked.
    """

    names: tuple[Name, ...] = ()
    born: str = ""
    sex: str = ""
    nhs_number: str = ""
    nhs_number_status: str = ""
    homes: tuple[Home, ...] = ()
    telephones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    deceased: bool = False
    restricted: bool = False
    withdrawn: bool = False


WRITTEN: Final = {
    Precision.YEAR: "%Y",
    Precision.MONTH: "%Y-%m",
    Precision.DAY: "%Y-%m-%d",
    Precision.MINUTE: "%Y-%m-%d",
}
"""How much of a date is known, as it is written."""


def person_from(facts: PersonFacts) -> Person:
    """The facts of a source record, as the matcher takes them. Restricted is what the record calls shielded."""
    form = WRITTEN.get(facts.birth_precision)
    return Person(
        names=tuple(_name_from(each) for each in facts.names),
        born=facts.birth_on.strftime(form) if facts.birth_on and form else "",
        sex=facts.gender or "",
        nhs_number=facts.nhs_number or "",
        nhs_number_status=facts.nhs_number_status or "",
        homes=tuple(_home_from(each) for each in facts.addresses),
        telephones=tuple(each.value for each in facts.telecoms if _is_telephone(each)),
        emails=tuple(each.value for each in facts.telecoms if each.system == "email"),
        deceased=bool(facts.deceased),
        restricted=bool(facts.shielded),
    )


def _name_from(name: HumanName) -> Name:
    """A name in parts; one that was sent unsplit has its last word as family name."""
    if name.given or name.family:
        first, *others = name.given or ("",)
        return Name(given=first, middle=" ".join(others), family=name.family or "")
    *given, family = (name.text or "").split() or [""]
    return Name(given=" ".join(given), family=family)


def _home_from(address: Address) -> Home:
    return Home(line=" ".join(address.lines), postcode=address.postcode or "")


def _is_telephone(telecom: Telecom) -> bool:
    return telecom.system in ("phone", "sms")
