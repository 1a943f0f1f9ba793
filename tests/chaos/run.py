"""One chaos run: the shipped processes, a sender, faults by plan, and a check of what stands at the end.

python -m tests.chaos.run --messages 20000 --seed 7
"""

import argparse
import asyncio
import contextlib
import json
import logging
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.folders import Folders, folders
from deploy.local.parts import LocalParts
from tests.chaos.checker import Report, check
from tests.chaos.commit_proxy import CommitProxy
from tests.chaos.faults import Faults
from tests.chaos.ledger import Ledger
from tests.chaos.messages import script_from
from tests.chaos.oracle import LONDON, Hours, right_from
from tests.chaos.plan import Plan, full
from tests.chaos.program import SOURCE, copied
from tests.chaos.roles import Roles, configuration, free_ports
from tests.chaos.seeded_bugs import BUGS, Bug
from tests.chaos.sender import Sender
from tests.chaos.standing import ENCOUNTERS, Drain, reader, standing_at

WHOLE = (1_000_000, 100, 20)
"""Messages, kills of workers, kills of the broker."""
TELL_SECONDS = 10.0
LOOK_SECONDS = 1.0
SECONDS_OF_A_MINUTE = 60
LEAD = 10_000
"""A sender that is spread is never more sendings ahead of the region."""
READ = "SELECT next_offset FROM offsets WHERE region = 0 AND topic = %s"


@contextmanager
def parts_of_a_run(folder: Path) -> Iterator[LocalParts]:
    """Kafka and PostgreSQL for a run or for several, and gone afterwards."""
    folder.chmod(0o755)
    parts = LocalParts(Folders(cache=folders().cache, state=folder / "state"))
    parts.start()
    try:
        yield parts
    finally:
        parts.stop()


async def emptied(parts: LocalParts) -> None:
    """No topics and no tables, as on the first day."""
    admin = AIOKafkaAdminClient(bootstrap_servers=parts.kafka.bootstrap_servers)
    await admin.start()
    try:
        while topics := [name for name in await admin.list_topics() if not name.startswith("__")]:
            with contextlib.suppress(Exception):
                await admin.delete_topics(topics)
            await asyncio.sleep(0.1)
    finally:
        await admin.close()
    with psycopg.connect(parts.postgres.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def hours_at(now: datetime) -> Hours:
    """Deadlines of stays of today lie half a day away, whenever the run is."""
    board_round = (
        (now.astimezone(LONDON) + timedelta(hours=12)).time().replace(second=0, microsecond=0)
    )
    return Hours(board_round=board_round, closing_time=clock(23, 59), late_discharge=clock(0, 0))


async def chaos(plan: Plan, parts: LocalParts, folder: Path, program: Path, code: str) -> Report:
    """Run the plan on a program; `folder` takes the ledger, the logs and the configuration."""
    started = time.monotonic()
    now = datetime.now(UTC)
    hours, script = hours_at(now), script_from(plan.seed, plan.messages, now, plan.share)
    database = parts.postgres.url
    proxy = CommitProxy(urlsplit(database).port or 0, plan.losses, plan.seed)
    ports = free_ports(plan.workers)
    (folder / "hub.yaml").write_text(configuration(parts.kafka.bootstrap_servers, ports, hours))
    did: dict[str, Any] = {}
    async with proxy.listening() as port:
        roles = Roles(folder, program, ports, (database, through(database, port)), plan.workers)
        with Ledger(folder / "ledger.jsonl") as ledger:
            sender = Sender(ports.mllp, ledger, script.frames, plan.seconds, plan.most_seconds)
            faults = Faults(plan, roles, parts, proxy, lambda: sender.gone)
            try:
                await roles.make_topics()
                await roles.start()
                did["seconds to start"] = round(time.monotonic() - started, 1)
                proxy.losing = True
                await sent_under(faults, sender, plan, parts.kafka.bootstrap_servers, database)
                proxy.losing = False
                did["seconds to send"] = round(time.monotonic() - started, 1)
                drain = Drain(parts.kafka.bootstrap_servers, database)
                drained = await drain.unless_still_for(plan.still_seconds)
                did["seconds to rest"] = round(time.monotonic() - started, 1)
                if not drained:
                    did["where it stands"] = await roles.where()
            finally:
                await roles.stop()
            sent = ledger.sent(sender.unanswered)
    standing = await standing_at(parts.kafka.bootstrap_servers, database, drained=drained)
    rights = right_from(sent.acknowledged, hours, datetime.now(UTC))
    findings = check(sent, standing, rights)
    did |= {
        "messages": script.messages,
        "acknowledged": len(sent.acknowledged),
        "sendings answered": sent.sendings,
        "answers AE": sent.not_kept,
        "records on the hospital's topic": len(standing.encounters),
        "stays": len(rights),
        "stays with an alert": sum(right is not None for right in rights.values()),
        "alert versions": len(standing.alerts),
        "picture versions": len(standing.pictures),
        "workers killed": faults.workers_killed,
        **{str(fault): times for fault, times in sorted(faults.done.items())},
        "what was done when": faults.log,
        "rows untold at aimed kills": faults.untold,
        "commits seen, of batches": (proxy.commits, proxy.batches),
        "commits cut": {str(cut): times for cut, times in sorted(proxy.cut.items())},
        "commits of batches cut": {
            str(cut): times for cut, times in sorted(proxy.cut_batches.items())
        },
        "ended by themselves": {role.name: role.ended for role in roles.all if role.ended},
        "said by workers": dict(sorted(roles.events().items())),
        "seconds": round(time.monotonic() - started, 1),
    }
    return Report(plan.seed, code, did, findings)


async def sent_under(
    faults: Faults, sender: Sender, plan: Plan, servers: str, database_url: str
) -> None:
    """Send everything while the faults are done; both must come to their end."""
    leading = asyncio.create_task(
        lead(sender, servers, database_url) if plan.spread else asyncio.sleep(0)
    )
    sending = asyncio.create_task(sender.run(plan.connections))
    doing = asyncio.create_task(faults.run())
    telling = asyncio.create_task(progress(faults, sender, plan))
    try:
        await doing
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(plan.send_seconds):
                await sending
    finally:
        tasks = (leading, sending, doing, telling)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def lead(sender: Sender, servers: str, database_url: str) -> None:
    """Keep the sender near the region: what only waits on a topic is under no fault of a worker."""
    place = TopicPartition(ENCOUNTERS, 0)
    async with reader(servers) as consumer:
        while True:
            with contextlib.suppress(psycopg.OperationalError, KafkaError):
                unread = -await asyncio.to_thread(read_of, database_url)
                unread += (await consumer.end_offsets([place]))[place]
                sender.may_begin = sender.accepted + max(0, LEAD - unread)
            await asyncio.sleep(LOOK_SECONDS)


def read_of(database_url: str) -> int:
    """How many of the hospital's records the region has read."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute(READ, (ENCOUNTERS,)).fetchone()
        return row[0] if row else 0


async def progress(faults: Faults, sender: Sender, plan: Plan) -> None:
    """A line now and then, for whoever waits."""
    while True:
        await asyncio.sleep(TELL_SECONDS)
        print(
            f"{sender.accepted:,} of {sender.planned:,} answered, "
            f"{sum(faults.done.values())} of {len(plan.faults)} faults done",
            file=sys.stderr,
        )


def through(url: str, port: int) -> str:
    """The same database by way of the proxy."""
    parts = urlsplit(url)
    user, _, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}@127.0.0.1:{port}").geturl()


def run(
    plan: Plan, bug: Bug | None = None, source: Path = SOURCE, keep: Path | None = None
) -> Report:
    """One run on parts of its own; nothing is left of it but what `keep` is to hold."""
    with (
        tempfile.TemporaryDirectory(prefix="hub-chaos-", ignore_cleanup_errors=True) as temporary,
        parts_of_a_run(Path(temporary)) as parts,
    ):
        return run_on(parts, plan, Path(temporary), bug, source, keep)


def run_on(
    parts: LocalParts,
    plan: Plan,
    temporary: Path,
    bug: Bug | None = None,
    source: Path = SOURCE,
    keep: Path | None = None,
) -> Report:
    """One run on these parts."""
    name = bug.name if bug else "as shipped"
    place = temporary / name.replace(" ", "-")
    program = copied(place / "program", bug.patches if bug else (), source)
    folder = keep or place / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return asyncio.run(chaos(plan, parts, folder, program, name))


def main() -> int:
    """Run once, print the table, write the JSON."""
    known = {bug.name: bug for bug in BUGS}
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--messages", type=int, default=20_000)
    ask.add_argument("--seed", type=int, help="absent = a new one, which is printed")
    ask.add_argument("--kills", type=int, default=15, help="of workers")
    ask.add_argument("--brokers", type=int, default=2, help="kills of the broker")
    ask.add_argument(
        "--whole", action="store_true", help="1,000,000 messages, 100 kills of workers, 20 of Kafka"
    )
    ask.add_argument(
        "--minutes", type=float, help="send no longer; what was sent by then is checked"
    )
    ask.add_argument("--calm", action="store_true", help="no faults at all")
    ask.add_argument("--bug", choices=sorted(known), help="put this mistake into the program")
    ask.add_argument("--report", type=Path, help="JSON goes here")
    ask.add_argument("--source", type=Path, default=SOURCE, help="the program to copy")
    ask.add_argument("--keep", type=Path, help="keep logs and ledger in this folder")
    given = ask.parse_args()
    if given.whole:
        given.messages, given.kills, given.brokers = WHOLE
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    bug = known.get(given.bug)
    if bug is not None:
        plan = bug.plan
    else:
        plan = (
            Plan(seed, given.messages, 0.0)
            if given.calm
            else full(seed, given.messages, given.kills, given.brokers)
        )
    if given.minutes is not None:
        plan = replace(plan, most_seconds=given.minutes * SECONDS_OF_A_MINUTE)
    print(f"seed {plan.seed}", file=sys.stderr)
    logging.getLogger("aiokafka").setLevel(
        logging.CRITICAL
    )  # that Kafka is gone now and then is the plan
    report = run(plan, bug, given.source, given.keep)
    print(report.table())
    if given.report:
        given.report.write_text(json.dumps(report.as_json(), indent=1, default=str))
    return 0 if report.findings.clean else 1


if __name__ == "__main__":
    sys.exit(main())
