"""What the view looks at: the script as far as it was played, and what the hub said of it."""

from collections import Counter
from dataclasses import dataclass

from deploy.configuration.area import WardSender
from deploy.configuration.model import Configuration
from deploy.demo.stage.player import Progress
from deploy.demo.stage.watcher import Standing, Watcher
from hub.records import AlertStatus

CLOSED = frozenset({AlertStatus.COMPLETED, AlertStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Trust:
    """A hospital trust, and by which name it sends."""

    ods_code: str
    name: str
    sender: str


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward at a glance: messages heard, and alerts that still ask for something."""

    name: str
    messages: int
    open_alerts: int


@dataclass(frozen=True, slots=True)
class Scene:
    """A day while it is played."""

    configuration: Configuration
    progress: Progress
    watcher: Watcher

    def trusts(self) -> list[Trust]:
        """Those that send."""
        return [
            Trust(
                each.organisation,
                self.configuration.organisation(each.organisation).name,
                each.name,
            )
            for each in self.configuration.senders
            if isinstance(each, WardSender)
        ]

    def wards(self, trust: Trust, standing: Standing) -> list[Ward]:
        """Its wards, the busiest first."""
        open_alerts = Counter(
            each.ward or ""
            for each in standing.alerts.values()
            if each.trust_ods == trust.ods_code and each.status not in CLOSED
        )
        messages = {
            ward: number
            for (sender, ward), number in tuple(self.progress.wards.items())
            if sender == trust.sender and ward
        }
        names = sorted(
            messages.keys() | open_alerts.keys(),
            key=lambda name: (-open_alerts[name], -messages.get(name, 0), name),
        )
        return [Ward(name, messages.get(name, 0), open_alerts[name]) for name in names if name]
