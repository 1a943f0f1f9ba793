"""Whether every field of a row can be used."""

import re
from typing import Final

from connectors.gp_csv.extract import Row
from connectors.gp_csv.mapping.words import RELATIONSHIPS, STATUSES
from hub.errors import InvalidResource
from hub.fhir.person import GENDERS
from hub.fhir.systems import SNOMED_CT, canonical
from hub.fhir.times import day_from

_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", re.ASCII)
_CODE: Final = re.compile(r"\S+(?: \S+)*")
_SNOMED_CODE: Final = re.compile(r"[0-9]{6,18}", re.ASCII)
_REQUIRED: Final = ("source_record_id", "code_system", "code", "status")
_WORDS: Final = {
    "status": frozenset(STATUSES),
    "carer_sex": GENDERS,
    "relationship": frozenset(RELATIONSHIPS),
}
_BIRTH_DATES: Final = ("carer_birth_date", "cared_for_birth_date")
_OF_THE_CARED_FOR: Final = ("cared_for_given", "cared_for_birth_date")


def checked(row: Row) -> Row:
    """The row, if every field of it can be used.

    Raises:
        InvalidResource: With the row and the column.
    """
    for column in _REQUIRED:
        if not row.values[column]:
            raise refusal(row, column, "This is required.", "required")
    refuse_other_code(row)
    for column, words in _WORDS.items():
        if row.values[column] and row.values[column] not in words:
            raise refusal(row, column, f"Use one of: {', '.join(sorted(words))}.")
    for column in _BIRTH_DATES:
        if row.values[column]:
            day_from(row.values[column], row.place(column))
    refuse_nobody(row)
    return row


def refuse_other_code(row: Row) -> None:
    """A code looks like one of its system.

    Raises:
        InvalidResource: It does not, or the system is no URI.
    """
    code, system = row.values["code"], row.values["code_system"]
    if not _URI.fullmatch(system):
        raise refusal(row, "code_system", f"Expected a URI, such as {SNOMED_CT}.")
    if not (_SNOMED_CODE if canonical(system) == SNOMED_CT else _CODE).fullmatch(code):
        reason = "This is no code of its system; a spreadsheet may have changed it."
        raise refusal(row, "code", reason)


def refuse_nobody(row: Row) -> None:
    """A row names the carer, and the person cared for either by number or family name or not at all.

    Raises:
        InvalidResource: Somebody is spoken of and not named.
    """
    if not (row.values["carer_nhs_number"] or row.values["carer_family"]):
        raise refusal(row, "carer_family", "Name the carer, or give an NHS number.", "required")
    if not names_cared_for(row) and any(row.values[column] for column in _OF_THE_CARED_FOR):
        reason = "Name the person cared for, give an NHS number, or leave them out."
        raise refusal(row, "cared_for_family", reason, "required")


def refusal(row: Row, column: str, reason: str, code: str = "value") -> InvalidResource:
    """What is wrong with a field."""
    return InvalidResource(reason, expression=row.place(column), code=code)


def names_cared_for(row: Row) -> bool:
    """Whether the row says of whom this person is the carer."""
    return bool(row.values["cared_for_nhs_number"] or row.values["cared_for_family"])
