"""What practices hand in as CSV: the extract that `connectors/gp_csv/README.md` describes.

Written again from that description, not imported: a column that the reader has wrong must show in the demonstration.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from deploy.demo.world.people import Caring

COLUMNS: Final = (
    "source_record_id",
    "carer_nhs_number",
    "carer_given",
    "carer_family",
    "carer_birth_date",
    "carer_sex",
    "carer_address",
    "carer_postcode",
    "carer_phone",
    "code_system",
    "code",
    "code_term",
    "recorded_on",
    "status",
    "cared_for_nhs_number",
    "cared_for_given",
    "cared_for_family",
    "cared_for_birth_date",
    "relationship",
)
SNOMED: Final = "http://snomed.info/sct"
CODE: Final = ("224484003", "Patient themselves providing care")


@dataclass(frozen=True, slots=True)
class Row:
    """One coded entry; `status` is active or ended."""

    number: int
    caring: Caring
    recorded_on: date
    status: str = "active"


def extract(rows: Sequence[Row], made_on: date, charset: str) -> bytes:
    """A whole file: header, rows, and the last row that counts them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(fields(row) for row in rows)
    writer.writerow(("#END", len(rows), made_on.isoformat()))
    return text.getvalue().encode(charset)


def fields(row: Row) -> tuple[str, ...]:
    """A row in the order of `COLUMNS`."""
    carer, cared_for = row.caring.carer, row.caring.cared_for
    return (
        f"E-{row.number}",
        carer.nhs_number,
        carer.given,
        carer.family,
        carer.born.isoformat(),
        carer.sex,
        f"{carer.home.street}, {carer.home.town.name}",
        carer.home.postcode or "",
        carer.mobile,
        SNOMED,
        *CODE,
        row.recorded_on.isoformat(),
        row.status,
        cared_for.nhs_number,
        cared_for.given,
        cared_for.family,
        cared_for.born.isoformat(),
        row.caring.relationship,
    )
