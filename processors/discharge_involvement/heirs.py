"""A visit that goes on under another number (A45): what people did about its alert counts in the alert of its heir.

Every outcome is kept on the alert that it was recorded on, and copied to the heir, to its heir, and so on, each copy
with the alert that it came from. So a visit that was moved elsewhere after all takes its outcomes along.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from hub.identity import alert_id
from hub.records import AlertTold, OutcomeKept, StayPicture


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of an alert, and of those that its visit goes on as.

    Attributes:
        subject: The alert that an event is about.
        rows: Each alert in reach of it.
    """

    subject: UUID
    rows: Mapping[UUID, AlertTold]

    @property
    def own(self) -> AlertTold:
        """The row of the alert itself."""
        return self.row(self.subject)

    def row(self, alert: UUID) -> AlertTold:
        """The row of an alert; nothing told yet when there is none."""
        return self.rows.get(alert) or AlertTold(alert_id=alert)


def heir_in(picture: StayPicture | None) -> UUID | None:
    """The alert of the stay that this one goes on as."""
    if picture is None or picture.superseded_by is None:
        return None
    return alert_id(picture.trust_ods, picture.superseded_by)


def handed_on(told: Told, now: AlertTold) -> Mapping[UUID, AlertTold]:
    """Every row that differs once `now` stands for the subject's, itself first."""
    rows = {now.alert_id: now}
    came_from = frozenset(each.recorded_on for each in now.outcomes) - {None} | {now.alert_id}
    left, heir = heir_in(told.own.picture), heir_in(now.picture)
    if left != heir:
        take(told, rows, left, came_from, ())
    copies = tuple(
        replace(each, recorded_on=each.recorded_on or now.alert_id) for each in now.outcomes
    )
    take(told, rows, heir, came_from, copies)
    return rows


def take(
    told: Told,
    rows: dict[UUID, AlertTold],
    heir: UUID | None,
    came_from: frozenset[UUID | None],
    copies: tuple[OutcomeKept, ...],
) -> None:
    """Put `copies` in the place of what came from these alerts before: in the heir's row, and in those after it."""
    seen = {told.subject}
    while heir is not None and heir not in seen:
        seen.add(heir)
        row = rows.get(heir) or told.row(heir)
        others = [each for each in row.outcomes if each.recorded_on not in came_from]
        taken = [each for each in copies if each.recorded_on != heir]
        rows[heir] = replace(row, outcomes=in_order((*others, *taken)))
        heir = heir_in(row.picture)


def in_order(outcomes: tuple[OutcomeKept, ...]) -> tuple[OutcomeKept, ...]:
    """Outcomes by the time when it was done."""
    return tuple(sorted(outcomes, key=lambda each: (each.at, each.event_id.int)))
