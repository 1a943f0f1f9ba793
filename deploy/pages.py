"""The pages of a hub: who has some, what they are made of, and one-time links to them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final

from starlette.applications import Starlette

from connectors.portal.asked_of_two import FEWEST_REVIEWERS, AskedOfTwo
from connectors.portal.desk import Desk
from connectors.portal.keys import digest_of, new_secret
from connectors.portal.known_pairs import KnownPair, KnownPairs
from connectors.portal.made_up import made_up_pairs
from connectors.portal.pages import pages_of
from connectors.portal.seeded_queue import SeededQueue
from connectors.portal.settings import WITH_PAGES, Organisation, PageSettings, Reviewer
from connectors.portal.weighed_pairs import weighed
from deploy.composition import matcher_from
from deploy.configuration.model import Configuration
from hub.disclosure import ReceiverKind
from hub.errors import Rejected
from hub.keys import Key
from hub.ports.publisher import Publisher
from hub.ports.sessions import Sessions
from hub.reviewing import Seen, Told
from hub.runtime import clock
from hub.store.engine import Engine, engine_for
from hub.store.known_answers import PostgresKnownAnswers
from hub.store.ledger import PostgresLedger
from hub.store.pages import PostgresReferralInbox, PostgresWorklist
from hub.store.review_queue import PostgresReviewQueue
from hub.store.sessions import PostgresSessions

CHANNEL: Final = "portal"


def pages_on(configuration: Configuration, engine: Engine, publisher: Publisher) -> Starlette:
    """The pages on a database and a log."""
    return pages_of(
        Desk(
            settings=page_settings(configuration),
            sessions=PostgresSessions(engine),
            worklist=PostgresWorklist(engine),
            inbox=PostgresReferralInbox(engine),
            queue=SeededQueue(
                PostgresReviewQueue(engine),
                PostgresKnownAnswers(engine),
                known_pairs(configuration, clock.now()),
                asked_of_two(configuration),
            ),
            ledger=PostgresLedger(engine),
            publisher=publisher,
            clock=clock.now,
        )
    )


def known_pairs(configuration: Configuration, since: datetime) -> KnownPairs:
    """The made-up pairs of a configuration, or the hub's own; `since`: since when they seem to wait.

    They are weighed by the model of the workers, where any are shown.

    Raises:
        CannotStart: The model for matching cannot be read.
    """
    pairs, regions = pairs_of(configuration)
    share = configuration.reviews.known_share
    if share and pairs and (regions is None or regions):
        matcher = matcher_from(configuration)
        pairs = tuple(weighed(each, matcher) for each in pairs)
    return KnownPairs(pairs, share, since, regions)


def pairs_of(
    configuration: Configuration,
) -> tuple[tuple[KnownPair, ...], frozenset[int] | None]:
    """The made-up pairs, and the regions where they are shown; None = all."""
    pairs = tuple(
        KnownPair(
            each.name,
            Told(each.truth),
            tuple(field.model_dump() for field in each.fields),
            each.reasons,
        )
        for each in configuration.reviews.known_pairs
    )
    return (pairs, None) if pairs else (made_up_pairs(), enough_reviewers(configuration))


def asked_of_two(configuration: Configuration) -> AskedOfTwo:
    """Which questions two reviewers answer: where there are enough of them."""
    return AskedOfTwo(configuration.reviews.double_share, enough_reviewers(configuration))


def enough_reviewers(configuration: Configuration) -> frozenset[int]:
    """The regions with so many reviewers that answers can be held against one another."""
    of_region = Counter(
        region
        for each in reviewers_of(configuration)
        if each.reviewer is not None
        for region in each.reviewer.seen.regions
    )
    return frozenset(each for each, number in of_region.items() if number >= FEWEST_REVIEWERS)


def page_settings(configuration: Configuration) -> PageSettings:
    """Who has pages, and how long a session lasts."""
    pages = configuration.pages
    return PageSettings(
        organisations={
            **organisations_with_pages(configuration),
            **{each.principal: each for each in reviewers_of(configuration)},
        },
        idle=timedelta(minutes=pages.idle_minutes),
        longest=timedelta(hours=pages.longest_hours),
    )


def organisations_with_pages(configuration: Configuration) -> Mapping[str, Organisation]:
    """By ODS code: trusts, services and councils that are told by the channel `portal`."""
    return {
        each.ods_code: Organisation(
            ods_code=each.ods_code,
            kind=ReceiverKind(each.kind),
            name=each.name,
            keys=tuple(Key(token.sha256, token.expires_on) for token in each.tokens),
        )
        for each in configuration.organisations
        if CHANNEL in each.channels and each.kind in WITH_PAGES
    }


def reviewers_of(configuration: Configuration) -> tuple[Organisation, ...]:
    """Whoever answers questions about two records, each as a visitor of their own."""
    return tuple(
        Organisation(
            ods_code=own.ods_code,
            kind=ReceiverKind(own.kind),
            name=own.name,
            keys=tuple(Key(token.sha256, token.expires_on) for token in each.tokens),
            reviewer=Reviewer(
                staff_id=each.staff_id,
                seen=Seen(
                    frozenset(map(configuration.partition_of, own.regions)),
                    each.cleared,
                    f"{own.ods_code}/{each.staff_id}",
                ),
                lead=each.lead,
            ),
        )
        for own in configuration.organisations
        for each in own.reviewers
    )


def page_address(configuration: Configuration, database_url: str, ods_code: str) -> str:
    """A one-time link to the pages of an organisation, or of one of its reviewers, of a running hub.

    Raises:
        Rejected: The organisation has no pages.
        Unavailable: The database is away.
    """
    engine = engine_for(database_url, connections=1)
    try:
        return new_link(configuration, PostgresSessions(engine), ods_code, clock.now())
    finally:
        engine.dispose()


def new_link(configuration: Configuration, sessions: Sessions, ods_code: str, now: datetime) -> str:
    """A link that opens one session for an organisation. Its secret is kept as SHA-256 alone.

    Raises:
        Rejected: The organisation has no pages.
        Unavailable: The database is away.
    """
    if ods_code not in page_settings(configuration).organisations:
        raise Rejected(
            f"{ods_code} has no pages: it must be a trust, a service or a council among `organisations`, "
            f"with the channel `{CHANNEL}`, or one of `reviewers` there, as ODS code, `/` and staff id.",
            code="no-pages",
        )
    secret = new_secret()
    good_for = timedelta(minutes=configuration.pages.link_minutes)
    sessions.offer(digest_of(secret), ods_code, now + good_for)
    return f"{base_address(configuration)}/login/{secret}"


def base_address(configuration: Configuration) -> str:
    """Where people find the pages."""
    http = configuration.http
    scheme = "https" if http.tls else "http"
    return configuration.pages.address or f"{scheme}://{reachable(http.host)}:{http.port}"


def reachable(host: str) -> str:
    """A host as it stands in an address; every interface of this machine is reached by its own name."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host
    if address.is_unspecified:
        return "localhost"
    return f"[{address}]" if address.version == 6 else str(address)
