"""How different systems write the same event: HL7 v2.2 to v2.8, written from the tables of the standard and the ITK."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from tests.flow.histories.people import Record, Visit

LONDON = ZoneInfo("Europe/London")
USUAL = "|^~\\&"


@dataclass(frozen=True)
class Dialect:
    """One system's way to write."""

    name: str
    version: str
    delimiters: str = USUAL
    end: str = "\r"
    terminated: bool = True
    charset: str = ""
    numbers: str = "PAS^MR"
    nhs: str = "NHS^NH"
    visits: str = ""
    carer: str = "20"
    evn: str = "ITK"
    offset: bool = False
    seconds: bool = False
    sequence: bool = False
    extra: tuple[str, ...] = ()
    birth: str = ""

    def at(self, moment: datetime) -> str:
        """A time as this system writes it."""
        local = moment.astimezone(LONDON)
        text = local.strftime("%Y%m%d%H%M%S" if self.seconds else "%Y%m%d%H%M")
        return text + local.strftime("%z") if self.offset else text


DIALECTS = (
    Dialect("itk", "2.4", charset="UNICODE UTF-8", visits="VISITID", extra=("ZU1|1",)),
    Dialect("epic", "2.5.1", numbers="EPI^MRN", visits="CSN", evn="with event", seconds=True,
            extra=("ZPD|1|x", "PD1|"), carer="CGV^Care giver", birth="0000"),
    Dialect("cerner", "2.3", end="\r\n", terminated=False, numbers="CERN^MR", visits="FIN",
            evn="header only", nhs="NHSNBR^NHS", carer="O^Other^^Carer^carer", extra=("ZVI|7",)),
    Dialect("old", "2.2", delimiters="!$@\\%", end="\n", charset="8859/1", numbers="", nhs="NHS",
            sequence=True, birth="2359"),
    Dialect("new", "2.8", numbers="MAIN^MR", visits="V", offset=True, seconds=True,
            charset="UNICODE UTF-8", extra=("ZUK|a^b", "ARV|1"), birth="000000+0100"),
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """What one group of a message is about."""

    record: Record
    visit: Visit | None = None
    kind: str | None = None
    ward: str | None = None
    sparse: bool = False
    replaced_record: str = ""
    replaced_visit: str = ""
    contacts: Sequence[tuple[str, bool]] = ()
    left: datetime | None = None
    number: str = ""


def message(
    dialect: Dialect,
    trigger: str,
    at: datetime,
    control: int,
    groups: Sequence[Group],
    random: Random,
) -> bytes:
    """One message."""
    lines = [header(dialect, trigger, at, control), event(dialect, trigger, at)]
    for group in groups:
        lines += segments(dialect, group)
    for extra in dialect.extra:
        lines.insert(random.randint(2, len(lines)), extra)
    text = dialect.end.join(lines) + (dialect.end if dialect.terminated else "")
    if dialect.delimiters != USUAL:
        text = text.translate(str.maketrans(USUAL, dialect.delimiters))
    return text.encode("cp1252" if dialect.charset == "8859/1" else "utf-8")


def header(dialect: Dialect, trigger: str, at: datetime, control: int) -> str:
    written = [
        r"MSH|^~\&", dialect.name, "RWE", "HUB", "HUB", dialect.at(at), "",
        f"ADT^{trigger}", f"{dialect.name}-{control}", "P", dialect.version,
        str(control) if dialect.sequence else "", "", "", "", "", dialect.charset,
    ]  # fmt: skip
    return "|".join(written).rstrip("|")


def event(dialect: Dialect, trigger: str, at: datetime) -> str:
    match dialect.evn:
        case "ITK":
            return f"EVN||{dialect.at(at)}||||{dialect.at(at)}"
        case "with event":
            return f"EVN|{trigger}|{dialect.at(at)}||REASON^^"
        case _:
            return f"EVN|{trigger}"


def segments(dialect: Dialect, group: Group) -> list[str]:
    record, visit = group.record, group.visit
    numbers = [cx(record.number, dialect.numbers)]
    if record.nhs:
        numbers.append(cx(record.nhs, dialect.nhs))
    born = record.born + dialect.birth
    found = [f"PID|1||{'~'.join(numbers)}||{record.family}^{record.given}||{born}|2"]
    if group.replaced_record or group.replaced_visit:
        replaced = cx(group.replaced_record, dialect.numbers) if group.replaced_record else ""
        visit_before = cx(group.replaced_visit, dialect.visits) if group.replaced_visit else ""
        found.append(f"MRG|{replaced}||||{visit_before}")
    for given, is_carer in group.contacts:
        role = dialect.carer if is_carer else "4"
        found.append(f"NK1|1|{record.family}^{given}|{role}|||||||||||||19690721")
    if visit is not None:
        found.append(pv1(dialect, group, visit))
        if visit.expected and not group.sparse:
            found.append(f"PV2|||||||||{visit.expected}")
    return found


def pv1(dialect: Dialect, group: Group, visit: Visit) -> str:
    written = {19: cx(group.number or visit.number, dialect.visits)}
    if not group.sparse:
        written[2] = visit.kind if group.kind is None else group.kind
        written[3] = f"RWE^{group.ward or visit.ward}^B1"
        if visit.admitted:
            written[44] = dialect.at(visit.admitted)
    if group.left:
        written[45] = dialect.at(group.left)
    return "|".join(["PV1", *(written.get(number, "") for number in range(1, 46))]).rstrip("|")


def cx(number: str, rest: str) -> str:
    """An identifier with authority and type."""
    return f"{number}^^^{rest}" if rest else number
