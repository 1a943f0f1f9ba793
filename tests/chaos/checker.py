"""Compares what was acknowledged with what stands at the end: lost, doubled, wrong, and the table that says so."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from hub.records import AlertStatus, InvolvementAlert
from tests.chaos.oracle import Right, visit_of

MOST_LINES = 40
Versioned = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Encounter:
    """One record of the hospital's topic: event, key of the record, and the bytes that the sender sent."""

    event_id: UUID
    key: UUID
    original: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on the topics, for readers of committed records, and in the database.

    Attributes:
        encounters: The hospital's topic.
        alerts: The alerts' topic, in order.
        pictures: Subject and version of each picture of a stay, of a carer, and of each question for a reviewer; in
            order within its topic.
        letters: How many dead letters were told of.
        inbox: Event -> what became of it, once for each row.
        refused: Code and reason of each dead letter.
        ignored: How many messages a door ignored.
        alerts_told: Alert -> the version last told, by the database.
        pictures_told: Stay, carer or question -> the same.
        drained: Whether everything had been read and told when this was taken.
    """

    encounters: Sequence[Encounter]
    alerts: Sequence[InvolvementAlert]
    pictures: Sequence[Versioned]
    letters: int
    inbox: Sequence[tuple[UUID, str]]
    refused: Sequence[str]
    ignored: int
    alerts_told: Mapping[UUID, int]
    pictures_told: Mapping[UUID, int]
    drained: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What the ledger says.

    Attributes:
        acknowledged: Frames that were answered AA.
        unanswered: Frames that never were.
        sendings: How often a frame was sent and answered.
        not_kept: Answers AE: the sender kept the message.
        refused: Answers AR and others that are neither.
        differing: Frames whose AA came in different bytes.
    """

    acknowledged: Sequence[bytes]
    unanswered: int
    sendings: int
    not_kept: int
    refused: int
    differing: int


@dataclass(slots=True)
class Findings:
    """Counts of what is not as it must be, and the first of each in words."""

    lost_messages: int = 0
    lost_outputs: int = 0
    doubled: int = 0
    disordered: int = 0
    wrong: int = 0
    differing_answers: int = 0
    refused_answers: int = 0
    unanswered: int = 0
    dead_letters: int = 0
    ignored: int = 0
    undrained: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Acknowledged and not processed, or decided and not told."""
        return self.lost_messages + self.lost_outputs

    @property
    def clean(self) -> bool:
        """Whether everything is as it must be."""
        return not any(value for name, value in asdict(self).items() if name != "lines")

    def say(self, line: str) -> None:
        """Keep a line, up to a limit."""
        if len(self.lines) < MOST_LINES:
            self.lines.append(line)


def check(sent: Sent, standing: Standing, rights: Mapping[str, Right | None]) -> Findings:
    """Everything that must hold once nothing is left to do."""
    found = Findings(
        differing_answers=sent.differing,
        refused_answers=sent.refused,
        unanswered=sent.unanswered,
        dead_letters=len(standing.refused) + standing.letters,
        ignored=standing.ignored,
        undrained=int(not standing.drained),
    )
    for line in standing.refused:
        found.say(f"dead letter: {line}")
    check_messages(found, sent, standing)
    alerts = [(each.alert_id, each.version) for each in standing.alerts]
    check_versions(found, "alert", alerts, standing.alerts_told)
    check_versions(found, "picture", standing.pictures, standing.pictures_told)
    check_alerts(found, standing, rights)
    return found


def check_messages(found: Findings, sent: Sent, standing: Standing) -> None:
    """Every acknowledged message is on the log, and its event once in the inbox."""
    on_log = {each.original: each.event_id for each in standing.encounters}
    processed = Counter(event for event, outcome in standing.inbox if outcome == "processed")
    for frame in sent.acknowledged:
        event = on_log.get(frame)
        if event is None or not processed[event]:
            found.lost_messages += 1
            where = "not on the log" if event is None else "not processed"
            found.say(f"lost: {frame.split(b'|')[9].decode()} {where}")
    for event, times in Counter(event for event, _ in standing.inbox).items():
        if times > 1:
            found.doubled += times - 1
            found.say(f"doubled: event {event} stands {times} times in the inbox")


def check_versions(
    found: Findings, what: str, versions: Sequence[Versioned], told: Mapping[UUID, int]
) -> None:
    """Each version once, from 1 on, none missing, in order, up to the one that the database says was told.

    What was told and stands on no topic at all is lost too, so the subjects are those of both.
    """
    by_subject: dict[UUID, list[int]] = {subject: [] for subject in told}
    for subject, version in versions:
        by_subject.setdefault(subject, []).append(version)
    for subject, seen in by_subject.items():
        last = max(*seen, told.get(subject, 0), 0)
        missing = set(range(1, last + 1)) - set(seen)
        doubled = len(seen) - len(set(seen))
        found.lost_outputs += len(missing)
        found.doubled += doubled
        out_of_order = not doubled and seen != sorted(seen)
        found.disordered += out_of_order
        if missing or doubled or out_of_order:
            found.say(f"{what} {subject}: versions {seen}, the database told {told.get(subject)}")


def check_alerts(found: Findings, standing: Standing, rights: Mapping[str, Right | None]) -> None:
    """The last version of each stay's alert is the right one."""
    stays = stays_of(standing.encounters)
    last = {each.stay_id: each for each in standing.alerts}
    for visit, right in rights.items():
        found_stays = stays.get(visit, set())
        if len(found_stays) > 1:
            found.wrong += 1
            found.say(f"wrong: {visit} became {len(found_stays)} stays")
            continue
        alert = last.pop(next(iter(found_stays), UUID(int=0)), None)
        differing = tuple(differences(alert, right))
        if differing:
            found.wrong += 1
            found.say(f"wrong: {visit} {'; '.join(differing)}")
    for stay in last:
        found.wrong += 1
        found.say(f"wrong: an alert for stay {stay}, of which nobody told")


def stays_of(encounters: Sequence[Encounter]) -> dict[str, set[UUID]]:
    """Visit number -> the ids that the hub gave its stay: the key of its records."""
    stays: dict[str, set[UUID]] = {}
    for each in encounters:
        visit = visit_of(each.original)
        if visit:
            stays.setdefault(visit, set()).add(each.key)
    return stays


def differences(alert: InvolvementAlert | None, right: Right | None) -> Iterator[str]:
    """What of an alert is not as it must be."""
    if right is None:
        if alert is not None and (alert.status is not AlertStatus.CANCELLED or alert.carers):
            yield f"no alert must stand, but version {alert.version} is {alert.status}"
        return
    if alert is None:
        yield "an alert must stand, but there is none"
        return
    is_so = as_told(alert)
    must_be = {"status": AlertStatus.REQUESTED.value, **asdict(right)}
    for name, wanted in must_be.items():
        if is_so[name] != wanted:
            yield f"{name} is {is_so[name]}, must be {wanted} (version {alert.version})"


def as_told(alert: InvolvementAlert) -> dict[str, Any]:
    """An alert in the words of the oracle."""
    name = alert.patient.names[0]
    return {
        "status": alert.status.value,
        "ward": alert.ward,
        "bed": alert.bed,
        "hospital_number": alert.patient.hospital_number,
        "nhs_number": alert.patient.nhs_number,
        "family": name.family,
        "given": " ".join(name.given),
        "carers": tuple(sorted(carer_as_told(each.carer) for each in alert.carers)),
        "due_at": alert.due_at,
        "level": alert.level,
        "went_home": alert.went_home_without_contact,
    }


def carer_as_told(carer: Any) -> tuple[str, str, str]:
    """Family, given and telephone."""
    name = carer.names[0]
    return name.family, " ".join(name.given), " ".join(each.value for each in carer.contacts)


@dataclass(frozen=True, slots=True)
class Report:
    """One run: what was done, what was found."""

    seed: int
    code: str
    did: Mapping[str, Any]
    findings: Findings

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return {
            "seed": self.seed,
            "code": self.code,
            "did": dict(self.did),
            "lost": self.findings.lost,
            "clean": self.findings.clean,
            **asdict(self.findings),
        }

    def table(self) -> str:
        """For people."""
        counts = {
            name.replace("_", " "): value
            for name, value in asdict(self.findings).items()
            if name != "lines"
        }
        rows = [
            ("seed", self.seed),
            ("code", self.code),
            *self.did.items(),
            ("lost", self.findings.lost),
            *counts.items(),
        ]
        width = max(len(name) for name, _ in rows)
        text = [f"{name:<{width}}  {value}" for name, value in rows]
        return "\n".join([*text, *(f"  {line}" for line in self.findings.lines)])
