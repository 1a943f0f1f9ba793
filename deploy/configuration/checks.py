"""What must hold between sections. Each check gives places and sentences; none touches anything."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from ipaddress import ip_address
from itertools import combinations
from typing import Final
from urllib.parse import parse_qs, urlsplit

from deploy.configuration.area import CsvSender, KafkaSender, WardSender
from deploy.configuration.document import Path
from deploy.configuration.model import Configuration
from deploy.configuration.servers import Listener

Finding = tuple[Path, str]
Check = Callable[[Configuration], Iterator[Finding]]

UNLESS: Final = "or say `insecure_plaintext: true` here if something else protects the way"
LISTENERS: Final = ("http", "mllp", "worker", "projections", "extracts")
PORTS_THAT_DIFFER: Final = (
    ("http", "mllp"),
    *((each, "extracts") for each in LISTENERS if each != "extracts"),
)
OF_NO_PRACTICE: Final = ("council", "charity", "passport")
"""Layouts of registers whose word is not that of a practice's record."""
OF_A_FOLDER: Final = (
    *("layout", "layout_file", "contents", "former_codes"),
    *("most_ended_share", "most_refused_share", "settle_seconds", "keep_days"),
)
"""Keys of a sender that count for files in its folder alone."""
ENCRYPTED: Final = {"require", "verify-ca", "verify-full"}


def findings(configuration: Configuration) -> Iterator[Finding]:
    """Everything that does not fit together."""
    for check in CHECKS:
        yield from check(configuration)


def is_loopback(host: str) -> bool:
    """Whether only this machine can be meant by a host."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def database_url_finding(url: str, *, insecure_plaintext: bool) -> str | None:
    """What is wrong with the address of the database; the sentence never holds the address.

    None when it may be used.
    """
    parts = urlsplit(url)
    if parts.scheme != "postgresql" or not parts.path.strip("/"):
        return "must be postgresql://user:password@host:port/name"
    hosts = [each.rpartition(":")[0] or each for each in _without_user(parts.netloc).split(",")]
    encrypted = parse_qs(parts.query).get("sslmode", [""])[-1] in ENCRYPTED
    if not encrypted and not insecure_plaintext and not all(map(is_loopback, hosts)):
        return f"goes over the network without TLS; add ?sslmode=verify-full, {UNLESS}"
    return None


def _without_user(netloc: str) -> str:
    return netloc.rpartition("@")[2]


def _names_are_unique(configuration: Configuration) -> Iterator[Finding]:
    regions, organisations = configuration.regions, configuration.organisations
    senders = configuration.senders
    yield from _repeated("regions", "name", [each.name for each in regions])
    yield from _repeated("organisations", "ods_code", [each.ods_code for each in organisations])
    for number, each in enumerate(organisations):
        ids = [reviewer.staff_id for reviewer in each.reviewers]
        if len(set(ids)) != len(ids):
            yield ("organisations", number, "reviewers"), "names a reviewer twice"
    yield from _repeated("senders", "name", [each.name for each in senders])


def _repeated(section: str, key: str, values: Sequence[Hashable]) -> Iterator[Finding]:
    for number, value in enumerate(values):
        if value in values[:number]:
            yield (section, number, key), f"{value} is already taken; give each its own"


def _regions_are_known(configuration: Configuration) -> Iterator[Finding]:
    known = [each.name for each in configuration.regions]
    rows: tuple[tuple[str, int, Iterable[str]], ...] = (
        *(("organisations", n, each.regions) for n, each in enumerate(configuration.organisations)),
        *(("senders", n, each.regions) for n, each in enumerate(configuration.senders)),
    )
    for section, number, regions in rows:
        for place, region in enumerate(regions):
            if region not in known:
                text = f"there is no region {region}; known: {', '.join(known)}"
                yield (section, number, "regions", place), text
        if len(set(regions)) != len(tuple(regions)):
            yield (section, number, "regions"), "names a region twice"


def _organisations_are_known(configuration: Configuration) -> Iterator[Finding]:
    kinds = {each.ods_code: each.kind for each in configuration.organisations}
    for number, sender in enumerate(configuration.senders):
        place: Path = ("senders", number, "organisation")
        if sender.organisation not in kinds:
            yield place, f"{sender.organisation} is not among `organisations`; add it there"
        elif isinstance(sender, WardSender) and kinds[sender.organisation] != "trust":
            yield place, f"{sender.organisation} is no trust; only a trust has wards"
    for number, service in enumerate(configuration.services):
        place = ("services", number, "ods_code")
        if service.ods_code not in kinds:
            yield place, f"{service.ods_code} is not among `organisations`; add it there"
        elif kinds[service.ods_code] not in ("service", "council"):
            yield place, f"{service.ods_code} is neither a service nor a council"


def _wards_can_be_told_apart(configuration: Configuration) -> Iterator[Finding]:
    wards = [
        (n, each) for n, each in enumerate(configuration.senders) if isinstance(each, WardSender)
    ]
    for (_, one), (number, other) in combinations(wards, 2):
        if _overlap(one.sending_applications, other.sending_applications) and _overlap(
            one.sending_facilities, other.sending_facilities
        ):
            text = (
                f"cannot be told apart from {one.name}: give both `sending_applications` (MSH-3) "
                "or `sending_facilities` (MSH-4) that differ"
            )
            yield ("senders", number), text


def _kafka_senders_have_topics(configuration: Configuration) -> Iterator[Finding]:
    """Only a practice or council with the channel has a topic for carer flags, and one sender reads it."""
    own = {
        each.ods_code
        for each in configuration.organisations
        if "kafka" in each.channels and each.kind in ("practice", "council")
    }
    for number, sender in enumerate(configuration.senders):
        if not isinstance(sender, KafkaSender):
            continue
        if sender.organisation not in own:
            text = (
                f"{sender.organisation} is no practice or council with `kafka` among its `channels`"
            )
            yield ("senders", number, "organisation"), text
        others = (each for each in configuration.senders[:number] if isinstance(each, KafkaSender))
        if sender.organisation in {each.organisation for each in others}:
            text = f"{sender.organisation} has one topic, and another sender reads it already"
            yield ("senders", number, "organisation"), text


def _certificates_are_bound(configuration: Configuration) -> Iterator[Finding]:
    """A certificate proves who connects, and only the name in it says whether that is the sender."""
    tls = configuration.mllp.tls
    asked_for = tls is not None and tls.client_ca is not None
    for number, sender in enumerate(configuration.senders):
        if not isinstance(sender, WardSender):
            continue
        place: Path = ("senders", number, "certificate_name")
        if asked_for and sender.certificate_name is None:
            yield (
                place,
                "is missing: `mllp.tls.client_ca` asks for certificates, say whose is this sender's",
            )
        elif sender.certificate_name is not None and not asked_for:
            yield place, "needs `mllp.tls.client_ca`: without it nobody is asked for a certificate"


def _folders_are_apart(configuration: Configuration) -> Iterator[Finding]:
    """Whose file it is, its folder says."""
    folders = [
        (number, sender.folder.resolve())
        for number, sender in enumerate(configuration.senders)
        if isinstance(sender, CsvSender) and sender.folder is not None
    ]
    for (_, one), (number, other) in combinations(folders, 2):
        place: Path = ("senders", number, "folder")
        if one == other:
            yield place, "is another sender's too; give each its own"
        elif one in other.parents or other in one.parents:
            yield place, "lies inside another sender's, or around it; give each its own"


def _registers_are_described(configuration: Configuration) -> Iterator[Finding]:
    """What is said of a folder needs one; what a register's word is, nobody but its keeper can say."""
    for number, sender in enumerate(configuration.senders):
        if isinstance(sender, CsvSender):
            for key, text in _of_a_register(sender):
                yield ("senders", number, key), text


def _of_a_register(sender: CsvSender) -> Iterator[tuple[str, str]]:
    said = sender.model_fields_set
    if sender.folder is None:
        yield from ((key, "means nothing without `folder`") for key in OF_A_FOLDER if key in said)
    elif sender.layout in OF_NO_PRACTICE and sender.layout_file is None:
        text = f"is missing: say it where `layout` is {sender.layout}"
        yield from ((key, text) for key in ("evidence", "confidence") if key not in said)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _tokens_are_unique(configuration: Configuration) -> Iterator[Finding]:
    seen: set[str] = set()
    for section in ("organisations", "senders"):
        for number, each in enumerate(getattr(configuration, section)):
            for place, token in enumerate(getattr(each, "tokens", ())):
                if token.sha256 in seen:
                    text = "is used twice; make one for each with `hub token new`"
                    yield (section, number, "tokens", place, "sha256"), text
                seen.add(token.sha256)


def _ports_differ(configuration: Configuration) -> Iterator[Finding]:
    for first, second in PORTS_THAT_DIFFER:
        if getattr(configuration, first).port == getattr(configuration, second).port:
            in_file = second in configuration.model_fields_set
            said, other = (second, first) if in_file else (first, second)
            yield (said, "port"), f"is the port of `{other}` too; choose another"


def _listening_is_protected(configuration: Configuration) -> Iterator[Finding]:
    for section in LISTENERS:
        door: Listener = getattr(configuration, section)
        if not (is_loopback(door.host) or door.tls or door.insecure_plaintext):
            text = f"listens beyond this machine without TLS; add `tls`, {UNLESS}"
            yield (section, "host"), text


def _brokers_are_protected(configuration: Configuration) -> Iterator[Finding]:
    kafka = configuration.kafka
    if kafka.insecure_plaintext or "PLAINTEXT" not in kafka.security_protocol:
        return
    for number, server in enumerate(kafka.bootstrap_servers or ()):
        if not is_loopback(server.rpartition(":")[0]):
            text = f"goes over the network without TLS; choose SSL or SASL_SSL, {UNLESS}"
            yield ("kafka", "bootstrap_servers", number), text


def _hours_follow(configuration: Configuration) -> Iterator[Finding]:
    section: Path = ("policy", "discharge_involvement")
    policy = configuration.policy.discharge_involvement
    if policy.late_discharge > policy.closing_time:
        yield (*section, "late_discharge"), "must not be after `closing_time`"
    if policy.young_carer_below > policy.young_adult_up_to:
        yield (*section, "young_adult_up_to"), "must not be under `young_carer_below`"
    for name in ("board_round", "closing_time", "late_discharge"):
        if getattr(policy, name).tzinfo is not None:
            yield (*section, name), "takes no zone; it is always Europe/London"


def _silences_make_sense(configuration: Configuration) -> Iterator[Finding]:
    for number, sender in enumerate(configuration.senders):
        if not isinstance(sender, WardSender):
            continue
        for name in ("expected_from", "expected_to"):
            place: Path = ("senders", number, name)
            if getattr(sender, name).tzinfo is not None:
                yield place, "takes no zone; it is always Europe/London"
            if name in sender.model_fields_set and sender.silent_after_minutes is None:
                yield place, "means nothing without `silent_after_minutes`"


CHECKS: Final[tuple[Check, ...]] = (
    _names_are_unique,
    _regions_are_known,
    _organisations_are_known,
    _wards_can_be_told_apart,
    _kafka_senders_have_topics,
    _certificates_are_bound,
    _folders_are_apart,
    _registers_are_described,
    _tokens_are_unique,
    _ports_differ,
    _listening_is_protected,
    _brokers_are_protected,
    _hours_follow,
    _silences_make_sense,
)
