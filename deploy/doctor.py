"""`hub doctor`: every check there is, in order, each ending in a plain sentence."""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from connectors.gp_csv.layout import BadLayout
from deploy.checks import clocks, database, facts, feeds, files, kafka, machine
from deploy.checks.finding import Finding, State
from deploy.code_lists import carer_codes
from deploy.configuration.area import CsvSender, WardSender
from deploy.configuration.connections import (
    configured_topics,
    copies,
    database_url,
    kafka_connection,
    needs_local_database,
    needs_local_kafka,
    region_names,
)
from deploy.configuration.document import key_of
from deploy.configuration.errors import ConfigurationError
from deploy.configuration.load import chosen, load
from deploy.configuration.model import Configuration
from deploy.configuration.secret import SecretUnusable
from deploy.configuration.secrets import key_files, references, secret_findings
from deploy.configuration.servers import Listener
from deploy.exit_codes import ExitCode
from deploy.fhir_schema import fhir_schema_place, wanted_sha256
from deploy.here import folders_of, local_bootstrap_servers, local_database_url
from deploy.layouts import layout_of
from deploy.local.errors import CannotStart
from deploy.log_memory import remembered_at
from deploy.matching.lists import read_model
from deploy.output import columns
from deploy.roles.up_yet import EVERYWHERE
from deploy.settings import Settings
from hub.errors import Unavailable
from hub.matching.scoring.model import BadModel
from hub.runtime import clock as here_clock
from hub.runtime.topics.admin import TopicAdmin
from hub.runtime.topics.plan import Known, plan
from hub.topics import HUB_OUTBOX_POSITION

T = TypeVar("T")

WORST_FIRST = (
    (State.MISCONFIGURED, ExitCode.CONFIGURATION),
    (State.DOWN, ExitCode.DEPENDENCY_DOWN),
    (State.FAILED, ExitCode.CHECK_FAILED),
)
STARTS_WITH_HUB_UP = "starts with hub up"


def examine(config: Path | None, here: Settings) -> list[Finding]:
    """Run every check that can be run. A configuration that cannot be used ends it early."""
    findings = [
        machine.python_version(sys.version_info[:3]),
        _disk(here),
        *_files(here),
    ]
    path = chosen(config, here.config)
    try:
        configuration = load(path, here.environment, with_secrets=False)
    except ConfigurationError as error:
        findings += [
            Finding("configuration", State.MISCONFIGURED, str(each)) for each in error.problems
        ]
        return findings
    findings.append(Finding("configuration", State.OK, f"{path} is valid"))
    findings += _secrets(configuration, here)
    findings += _certificates(configuration)
    findings += _ports(configuration)
    findings += _folders(configuration)
    if not any(each.state is State.MISCONFIGURED for each in findings):
        memory = _memory(configuration, here)
        findings += _kafka(configuration, here, memory)
        findings += _database(configuration, here)
        findings += _gateway(configuration)
    return findings


def exit_code(findings: Sequence[Finding]) -> ExitCode:
    """How the command ends: by the worst that was found; a warning is no failure."""
    states = {finding.state for finding in findings}
    return next((code for state, code in WORST_FIRST if state in states), ExitCode.OK)


def lines(findings: Sequence[Finding]) -> list[str]:
    """For people: state, check, what is so, and below it what to do."""
    table = columns([(each.state.value, each.check, each.says) for each in findings])
    shown: list[str] = []
    for finding, line in zip(findings, table, strict=True):
        shown.append(line)
        if finding.do:
            shown.append(f"    -> {finding.do}")
    return shown


def _disk(here: Settings) -> Finding:
    state = folders_of(here).state
    return machine.disk_space(state, facts.free_bytes(state))


def _files(here: Settings) -> Iterator[Finding]:
    place = fhir_schema_place(here.environment)
    yield files.fhir_schema(place, facts.sha256_of(place), wanted_sha256())
    yield files.code_lists(_lists_version())


def _lists_version() -> str | None:
    try:
        return carer_codes().version
    except CannotStart:
        return None


def _secrets(configuration: Configuration, here: Settings) -> tuple[Finding, ...]:
    problems = {
        key_of(path): text for path, text in secret_findings(configuration, here.environment)
    }
    count = len(list(references(configuration))) + len(list(key_files(configuration)))
    return machine.secrets(problems, count)


def _certificates(configuration: Configuration) -> Iterator[Finding]:
    sections = (
        ("kafka", configuration.kafka.tls),
        *((name, listener.tls) for name, listener in _listeners(configuration)),
    )
    for name, tls in sections:
        if tls is not None and tls.cert is not None:
            end = facts.certificate_end(tls.cert)
            yield machine.certificate(f"{name}.tls.cert", end, here_clock.now())


def _listeners(configuration: Configuration) -> Iterator[tuple[str, Listener]]:
    """Whatever listens in a hub of this configuration, by its section, the first worker for all."""
    yield "http", configuration.http
    yield "mllp", configuration.mllp
    yield "worker", configuration.worker
    yield "projections", configuration.projections
    if configuration.has_folders:
        yield "extracts", configuration.extracts


def _ports(configuration: Configuration) -> Iterator[Finding]:
    for door, listener in _listeners(configuration):
        yield machine.port(door, listener.port, facts.port_state(listener.host, listener.port))


def _folders(configuration: Configuration) -> Iterator[Finding]:
    for sender in configuration.senders:
        if isinstance(sender, CsvSender) and sender.folder is not None:
            yield machine.folder(sender.name, facts.folder_state(sender.folder))
            try:
                layout_of(sender)
            except BadLayout as error:
                do = "mend the file that layout_file names"
                yield Finding(f"layout of {sender.name}", State.MISCONFIGURED, str(error), do)


def _memory(configuration: Configuration, here: Settings) -> Known | Unavailable | None:
    """What the database remembers of its topics, or why that cannot be asked; None before the first start."""
    try:
        local = local_database_url(here) if needs_local_database(configuration) else ""
        return remembered_at(database_url(configuration, here.environment, local=local))
    except Unavailable as error:
        return error
    except (CannotStart, SecretUnusable) as error:
        return Unavailable(str(error))


def _kafka(
    configuration: Configuration, here: Settings, memory: Known | Unavailable | None
) -> Iterator[Finding]:
    local = needs_local_kafka(configuration)
    try:
        servers = local_bootstrap_servers(here) if local else ""
        connection = kafka_connection(configuration, here.environment, local=servers)
        with TopicAdmin(connection) as admin:
            yield from _brokers(admin, configuration, memory)
    except CannotStart as error:
        yield Finding("kafka", State.NOT_RUN, str(error), STARTS_WITH_HUB_UP)
    except (Unavailable, SecretUnusable, OSError) as error:
        if local:
            yield Finding("kafka", State.NOT_RUN, f"the hub's own: {error}", STARTS_WITH_HUB_UP)
        else:
            yield kafka.broker_down(str(error))


def _brokers(
    admin: TopicAdmin, configuration: Configuration, memory: Known | Unavailable | None
) -> Iterator[Finding]:
    cluster = admin.cluster()
    wanted = configured_topics(configuration)
    regions = region_names(configuration)
    yield kafka.broker(cluster)
    known = None if isinstance(memory, Unavailable) else memory
    yield from kafka.topics(
        plan(cluster, wanted, regions=regions, copies=copies(configuration), known=known)
    )
    yield kafka.memory(memory)
    yield kafka.append_time(cluster, wanted)
    if HUB_OUTBOX_POSITION.name in cluster.topics:
        there, before, after = _timed(admin.broker_clock)
        yield clocks.clock("kafka", there, before, after)
    else:
        yield Finding("kafka clock", State.NOT_RUN, "needs the topics", "hub topics apply")


def _database(configuration: Configuration, here: Settings) -> Iterator[Finding]:
    local = needs_local_database(configuration)
    try:
        url = local_database_url(here) if local else ""
        address = database_url(configuration, here.environment, local=url)
        answer, before, after = _timed(lambda: facts.database_facts(address))
        yield from database.database(answer)
        yield clocks.clock("database", answer.clock, before, after)
        yield database.dead_letters(facts.open_letters(address))
        yield from _model(configuration, address)
    except CannotStart as error:
        yield Finding("database", State.NOT_RUN, str(error), STARTS_WITH_HUB_UP)
    except (Unavailable, SecretUnusable) as error:
        if local:
            yield Finding("database", State.NOT_RUN, f"the hub's own: {error}", STARTS_WITH_HUB_UP)
        else:
            yield database.database_down(str(error))


def _model(configuration: Configuration, address: str) -> Iterator[Finding]:
    """The model of one's own register, where records are joined by one.

    Raises:
        Unavailable: The database does not answer.
    """
    worker = configuration.worker
    if not worker.match_by_evidence or worker.matching_model is None:
        return
    try:
        model = read_model(worker.matching_model)
    except BadModel as error:
        do = "name another in worker.matching_model"
        yield Finding("matching model", State.MISCONFIGURED, str(error), do)
        return
    records = facts.records_of_the_largest_region(address)
    yield database.matching_model(model.people, records)


def _gateway(configuration: Configuration) -> Iterator[Finding]:
    """What the gateway on this machine heard; one that asks for certificates cannot be asked."""
    names = [each.name for each in configuration.senders if isinstance(each, WardSender)]
    http = configuration.http
    host = EVERYWHERE.get(http.host, http.host)
    url = f"{'https' if http.tls else 'http'}://{host}:{http.port}/metrics"
    metrics = facts.metrics_of(url)
    yield from feeds.feeds(names, metrics)
    yield from files.lists_heard_by(metrics, _lists_version())


def _timed(ask: Callable[[], T]) -> tuple[T, datetime, datetime]:
    before = here_clock.now()
    answer = ask()
    return answer, before, here_clock.now()
