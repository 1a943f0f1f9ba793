"""Checks of the hospitals' feeds, by the numbers of the gateway that runs here. Facts in, findings out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from deploy.checks.finding import Finding, State

VERDICTS: Final = ("understood", "ignored", "rejected", "defect", "not_kept")
"""What becomes of a message, in the order in which it is told."""

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
JUST_STARTED: Final = 10 * MINUTE
"""After a start of the gateway, in which a sender that was not heard is no warning: engines wait minutes before they
connect again, and a quiet ward has little to say."""


@dataclass(slots=True)
class Heard:
    """What a gateway says of one sender since it began.

    Attributes:
        heard: Whether it was heard at all.
        seconds: Since it was last heard; of one that never was, since the gateway began.
        silent: Whether it should have spoken by now.
        counts: Its messages by what became of them.
        ignored: Those that were ignored by what they were.
    """

    heard: bool = False
    seconds: float = 0.0
    silent: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)


def feeds(names: Sequence[str], metrics: str | None) -> Iterable[Finding]:
    """A finding for each sender, and one for connections whose TLS failed.

    Args:
        names: Senders over MLLP, by their names in the configuration.
        metrics: What `/metrics` of the gateway said; None = it did not answer.
    """
    if not names:
        return
    if metrics is None:
        yield Finding("feeds", State.NOT_RUN, "no gateway answers here", "hub up, then look again")
        return
    said, failed = read(metrics)
    for name in names:
        yield feed(name, said.get(name, Heard()))
    if failed:
        says = "connections failed: " + told(failed, sorted(failed))
        do = "connectors/ward_mllp/README.md says what each word means"
        yield Finding("mllp tls", State.WARNING, says, do)


def feed(name: str, said: Heard) -> Finding:
    """How one sender's feed stands."""
    check = f"feed {name}"
    if not said.heard and 0 < said.seconds < JUST_STARTED:
        return Finding(check, State.OK, f"not heard yet; the gateway started {ago(said.seconds)}")
    if not said.heard:
        says = "not heard since the gateway started"
        do = "send a message, and see whether hub dead-letters list shows one in no sender's name"
        return Finding(check, State.WARNING, says, do)
    says = f"last heard {ago(said.seconds)}; {told(said.counts, VERDICTS)}"
    if said.ignored:
        says += f" (ignored: {told(said.ignored, sorted(said.ignored))})"
    if said.silent:
        return Finding(check, State.WARNING, f"silent: {says}", "ask the sender whether it runs")
    if not said.counts["understood"] and said.counts["rejected"]:
        return Finding(check, State.WARNING, says, "hub dead-letters list says why")
    return Finding(check, State.OK, says)


def read(metrics: str) -> tuple[dict[str, Heard], Counter[str]]:
    """What a gateway says of its senders, and of handshakes that failed."""
    said: dict[str, Heard] = {}
    failed: Counter[str] = Counter()
    for family in text_string_to_metric_families(metrics):
        for name, labels, value, *_ in family.samples:
            if name == "hub_ward_handshakes_failed_total":
                failed[labels["reason"]] = int(value)
            else:
                take(said.setdefault(labels.get("sender", ""), Heard()), name, labels, value)
    return said, failed


def take(of: Heard, name: str, labels: Mapping[str, str], value: float) -> None:
    """One number of a sender."""
    match name:
        case "hub_ward_feed_heard":
            of.heard = value > 0
        case "hub_ward_feed_heard_seconds":
            of.seconds = value
        case "hub_ward_feed_silent":
            of.silent = value > 0
        case "hub_ward_feed_messages_total":
            of.counts[labels["verdict"]] = int(value)
        case "hub_ward_ignored_total":
            of.ignored[labels["event"]] = int(value)
        case _:
            pass


def told(counts: Counter[str], order: Sequence[str]) -> str:
    """Counts in words; what never happened is left out."""
    return ", ".join(f"{counts[word]} {word.replace('_', ' ')}" for word in order if counts[word])


def ago(seconds: float) -> str:
    """How long ago, as people say it."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} seconds ago"
    if seconds < 2 * HOUR:
        return f"{seconds // MINUTE:.0f} minutes ago"
    return f"{seconds // HOUR:.0f} hours ago"
