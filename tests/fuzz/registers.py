"""Registers in a watched folder: the files of every source, and the reader that streams them."""

from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from itertools import islice
from typing import Final

from connectors.gp_csv.ending import End
from connectors.gp_csv.entry import Entry
from connectors.gp_csv.layout import ACTION, ANY_OTHER, DELETE, Layout
from connectors.gp_csv.register import entries_of
from connectors.gp_csv.settings import RegisterSettings
from connectors.gp_csv.telling import Telling
from deploy.layouts import SHIPPED, layout_in
from hub.errors import Rejected
from hub.ports.registers import Reading, ToTell
from tests.fuzz.target import refusal, refuse_other_when_read
from tests.unit.fhir_api.desks import NOW

LAYOUTS: Final = {file.stem: layout_in(file) for file in sorted(SHIPPED.glob("*.yaml"))}
REGISTER: Final = RegisterSettings(
    name="c82904-register", ods_code="C82904", regions=(0,), test_numbers="accept"
)
TOLD: Final = Telling(REGISTER, "0" * 64, Reading(number=1, moment=NOW, began_at=NOW))
MOST_NAMED: Final = 3
MOST_READ: Final = 100
"""Rows of one input: a file is a stream, and a long one takes as long as it has rows."""
END: Final = "Total rows: 1"
CELLS: Final = {
    "carer_nhs_number": "999 000 0026",
    "cared_for_nhs_number": "999 000 0018",
    "carer_birth_date": "1969-07-21",
    "cared_for_birth_date": "1941-03-02",
    "recorded_on": "2026-06-03",
    "expires_on": "2027-06-03",
    "practice_ods": "C82904",
    "code_system": "http://snomed.info/sct",
    "code": "224484003",
    "status": "active",
    "relationship": "son",
    "carer_sex": "male",
    "action": "add",
}
"""What a cell says where the layout has no words for it; any other column says a name."""


def split(data: bytes) -> tuple[Layout, bytes]:
    """The layout, which stands in the first line, and the file below it."""
    name, _, file = data.partition(b"\n")
    return LAYOUTS.get(name.decode("latin-1"), LAYOUTS["emis"]), file


def register(data: bytes) -> str:
    """A file of a source: every entry can be used, or says why not and where."""
    layout, file = split(data)
    found: list[Rejected | str] = []
    try:
        for entry in islice(entries_of(BytesIO(file), layout, REGISTER), MOST_READ):
            refused = None if isinstance(entry, End) else entry.refused
            found.append(refused or type(entry).__name__)
    except Rejected as error:
        found.append(error)
    refusals = [each for each in found if isinstance(each, Rejected)]
    assert all(each.expression for each in refusals), "no place"
    said = [refusal(each) if isinstance(each, Rejected) else each for each in found[:MOST_NAMED]]
    return f"{said}"


def as_told(data: bytes) -> None:
    """What can be used becomes events; a row that deletes only names its entry."""
    layout, file = split(data)
    with suppress(Rejected):
        for entry in islice(entries_of(BytesIO(file), layout, REGISTER), MOST_READ):
            if isinstance(entry, Entry) and entry.refused is None and entry.action != DELETE:
                known = ToTell(entry.row.number, known=False, linked=True)
                for keyed in TOLD.row(entry, known):
                    refuse_other_when_read(keyed.event)


def registers() -> Iterable[bytes]:
    """A small file of each source, as a whole and as changes, and both again as a spreadsheet saves them."""
    for name, layout in LAYOUTS.items():
        headings = {column: heading for heading, column in reversed(layout.headings.items())}
        for columns in (headings.keys() - {ACTION}, headings.keys()):
            told = sorted(columns)
            head = ",".join(headings[each] for each in told)
            row = ",".join(cell_of(layout, each) for each in told)
            yield f"{name}\n{head}\n{row}\n#END,1,2026-06-04\n".encode()
            yield f"{name}\n\ufeffCarers\r\n\r\n{head}\r\n{row}\r\n{END}\r\n".encode()


def cell_of(layout: Layout, column: str) -> str:
    """Something that this layout takes in this column."""
    words = [each for each in layout.words.get(column, ()) if each != ANY_OTHER]
    return words[0] if words else CELLS.get(column, "Marsh")
