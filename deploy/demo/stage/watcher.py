"""Watches the hub's topics while a day is played, and keeps the latest word on each alert and referral."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from deploy.demo.script import AlertKey, AlertState, ReferralKey, ReferralState
from deploy.demo.stage.states import alert_key, alert_states, carer_name, referral_state
from hub.errors import Unavailable
from hub.records import CarerReferral, InvolvementAlert
from hub.runtime.connection import KafkaConnection
from hub.runtime.topics.follow import follow
from hub.topics import topic_of

BEGINS_WITHIN_SECONDS: Final = 20.0
ENDS_WITHIN_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.02
MOST_TOLD: Final = 60
TOPICS: Final = tuple(topic_of(each).name for each in (InvolvementAlert, CarerReferral))

Alter: TypeAlias = Callable[[InvolvementAlert], InvolvementAlert]


def as_it_is(alert: InvolvementAlert) -> InvolvementAlert:
    """Leave an alert alone."""
    return alert


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything seen so far.

    Attributes:
        alerts: The latest version of each.
        referrals: The latest version of each.
        said: How often each action was said, such as "alert corrected".
        told: The last versions of alerts, the newest last.
    """

    alerts: dict[UUID, InvolvementAlert]
    referrals: dict[UUID, CarerReferral]
    said: Counter[str]
    told: tuple[InvolvementAlert, ...]

    def alert_states(self) -> dict[UUID, AlertState]:
        """As the truth is written."""
        return alert_states(self.alerts)

    def referral_states(self) -> dict[UUID, ReferralState]:
        """As the truth is written."""
        return {id_: referral_state(each) for id_, each in self.referrals.items()}


class Watcher:
    """Reads in a thread of its own.

    Args:
        kafka: The brokers.
        alter: What is done to each alert before it is taken in; tests spoil one here.
    """

    def __init__(self, kafka: KafkaConnection, alter: Alter = as_it_is) -> None:
        self._kafka, self._alter = kafka, alter
        self._lock = threading.Lock()
        self._alerts: dict[UUID, InvolvementAlert] = {}
        self._referrals: dict[UUID, CarerReferral] = {}
        self._said: Counter[str] = Counter()
        self._told: deque[InvolvementAlert] = deque(maxlen=MOST_TOLD)
        self._ended: Exception | None = None
        self._going = True
        self._reading = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self.first_alert_at: float | None = None
        self.last_news_at = time.monotonic()

    @contextmanager
    def watching(self) -> Iterator["Watcher"]:
        """Nothing that is said inside is missed.

        Raises:
            Unavailable: The brokers do not answer.
        """
        self._thread.start()
        try:
            self._reading.wait(BEGINS_WITHIN_SECONDS)
            self._refuse_if_ended()
            yield self
        finally:
            self._going = False
            self._thread.join(ENDS_WITHIN_SECONDS)

    def standing(self) -> Standing:
        """What stands now.

        Raises:
            Unavailable: It cannot read any more.
        """
        self._refuse_if_ended()
        with self._lock:
            return Standing(
                dict(self._alerts),
                dict(self._referrals),
                Counter(self._said),
                tuple(self._told),
            )

    def quiet_seconds(self) -> float:
        """Since when nothing was said."""
        return time.monotonic() - self.last_news_at

    def alert(self, key: AlertKey, carer: str) -> InvolvementAlert | None:
        """The alert of this key, if it names this carer; with an empty name any that is there."""
        with self._lock:
            return next(
                (
                    each
                    for each in self._alerts.values()
                    if alert_key(each) == key
                    and (not carer or carer in map(carer_name, each.carers))
                ),
                None,
            )

    def referral(self, key: ReferralKey) -> CarerReferral | None:
        """The referral of this key."""
        with self._lock:
            return next(
                (each for each in self._referrals.values() if referral_state(each).key == key),
                None,
            )

    def _refuse_if_ended(self) -> None:
        if self._ended is not None:
            raise Unavailable(f"Nothing more is seen: {self._ended}") from self._ended

    def _run(self) -> None:
        try:
            for record in follow(self._kafka, TOPICS, self._reading.set, lambda: self._going):
                with self._lock:
                    self._take_in(record)
        except Exception as error:  # noqa: BLE001 - told to whoever asks next, in the first thread
            self._ended = error
            self._reading.set()

    def _take_in(self, record: object) -> None:
        match record:
            case InvolvementAlert():
                alert = self._alter(record)
                self._alerts[alert.alert_id] = alert
                self._told.append(alert)
                self._said[f"alert {alert.action.value}"] += 1
                self.first_alert_at = self.first_alert_at or time.monotonic()
            case CarerReferral():
                self._referrals[record.referral_id] = record
                self._said[f"referral {record.action.value}"] += 1
            case _:
                return
        self.last_news_at = time.monotonic()
