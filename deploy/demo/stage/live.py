"""The live view: a day that people would rather look at than read. Only made-up people are ever shown here."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from deploy.demo.stage.scene import Scene, Trust
from deploy.demo.stage.sentences import (
    LONDON,
    alert_sentence,
    clock_time,
    day,
    referral_sentence,
    ward_called,
)
from deploy.demo.stage.watcher import Standing
from hub.records import AlertAction, AlertStatus, InvolvementAlert, ReferralAction

MOST_WARDS: Final = 7
MOST_LINES: Final = 40
STYLES: Final = {
    AlertAction.RAISED: "bold",
    AlertAction.CORRECTED: "cyan",
    AlertAction.MOVED: "cyan",
    AlertAction.REOPENED: "yellow",
    AlertAction.ESCALATED: "bold yellow",
    AlertAction.CLOSED: "green",
    AlertAction.WITHDRAWN: "red",
    AlertAction.SUPERSEDED: "red",
}
REFERRAL_STYLES: Final = {
    ReferralAction.ACCEPTED: "green",
    ReferralAction.CLOSED: "green",
    ReferralAction.DECLINED: "yellow",
    ReferralAction.WITHDRAWN: "strike red",
}
STRUCK: Final = "strike dim"


def picture(scene: Scene) -> RenderableType:
    """The whole view, as things stand now."""
    standing = scene.watcher.standing()
    layout = Layout()
    layout.split_column(
        Layout(heading(scene), size=3),
        Layout(name="body"),
    )
    layout["body"].split_row(
        Layout(counters(scene, standing), size=34),
        Layout(name="right"),
    )
    layout["right"].split_column(
        Layout(name="trusts", size=MOST_WARDS + 3),
        Layout(panel("Discharge teams are told", alert_lines(standing.told)), ratio=2),
        Layout(panel("Carers' services are told", referral_lines(standing)), ratio=1),
    )
    layout["trusts"].split_row(
        *(Layout(wards_of(trust, scene, standing)) for trust in scene.trusts())
    )
    return layout


def heading(scene: Scene) -> RenderableType:
    """The clock of the day, and how far it is played."""
    progress = scene.progress
    row = Table.grid(expand=True)
    row.add_column(ratio=2)
    row.add_column(ratio=1)
    row.add_row(the_time(scene), ProgressBar(total=progress.steps, completed=progress.played))
    return Panel(row, title="Carers' hub: a made-up hospital day", border_style="blue")


def the_time(scene: Scene) -> Text:
    """Weekday, day and time in London."""
    now = scene.progress.now
    if now is None:
        return Text("The day begins", style="bold")
    text = f"{now.astimezone(LONDON):%A} {day(now)}, {clock_time(now)}"
    return Text(text, style="bold")


def counters(scene: Scene, standing: Standing) -> RenderableType:
    """What was sent, by kind, and what was told."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    for kind, number in sorted(scene.progress.sent.items(), key=lambda each: (-each[1], each[0])):
        table.add_row(kind, str(number))
    told = Table.grid(padding=(0, 1), expand=True)
    told.add_column()
    told.add_column(justify="right")
    for what, number in sorted(standing.said.items()):
        told.add_row(what, str(number))
    body = Group(
        Text("told", style="bold blue"), told, Text(), Text("heard", style="bold blue"), table
    )
    return Panel(body, border_style="dim")


def wards_of(trust: Trust, scene: Scene, standing: Standing) -> RenderableType:
    """A trust: its wards with messages heard and open alerts."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", style="dim")
    table.add_column(style="yellow", no_wrap=True, ratio=1)
    for ward in scene.wards(trust, standing)[:MOST_WARDS]:
        table.add_row(ward_called(ward.name), str(ward.messages), "●" * ward.open_alerts)
    return Panel(table, title=trust.name, border_style="dim")


def panel(title: str, lines: Sequence[Text]) -> RenderableType:
    """Lines in a frame; what does not fit below is cut."""
    for line in lines:
        line.no_wrap, line.overflow = True, "ellipsis"
    return Panel(Group(*lines), title=title, border_style="dim")


def alert_lines(told: Sequence[InvolvementAlert]) -> list[Text]:
    """The newest first. What was said and holds no longer is struck through; what says the same again is left out."""
    later: dict[UUID, str] = {}
    lines: list[Text] = []
    for alert, sentence in reversed(sentences(told)):
        if later.get(alert.alert_id) == sentence:
            continue
        over = alert.alert_id in later
        later[alert.alert_id] = sentence
        label = Text(f"{alert.action.value:<10} ", style="dim" if over else STYLES[alert.action])
        gone = over or alert.status is AlertStatus.CANCELLED
        lines.append(label.append(sentence, style=STRUCK if gone else ""))
    return lines


def sentences(told: Sequence[InvolvementAlert]) -> list[tuple[InvolvementAlert, str]]:
    """What each says; of what was withdrawn, what it said before."""
    before: dict[UUID, str] = {}
    found = []
    for alert in told:
        withdrawn = alert.status is AlertStatus.CANCELLED
        said = before.get(alert.alert_id) if withdrawn else None
        before[alert.alert_id] = said or alert_sentence(alert)
        found.append((alert, before[alert.alert_id]))
    return found


def referral_lines(standing: Standing) -> list[Text]:
    """The newest first."""
    newest = list(standing.referrals.values())[-MOST_LINES:]
    return [
        Text(referral_sentence(each), style=REFERRAL_STYLES.get(each.action, ""))
        for each in reversed(newest)
    ]
