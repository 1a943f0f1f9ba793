"""Read topics from the brokers, and carry out a plan. Synchronous: for start-up and commands."""

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self

from hub.errors import Unavailable
from hub.runtime.connection import KafkaConnection
from hub.runtime.topics.differences import (
    AddPartitions,
    ChangeSetting,
    Create,
    Difference,
    TopicsRefused,
)
from hub.runtime.topics.kafka_python import (
    ConfigResource,
    KafkaAdminClient,
    KafkaError,
    KafkaNetClient,
    KafkaProducer,
    OffsetSpec,
    RetriableError,
    TopicPartition,
)
from hub.runtime.topics.plan import Cluster, FoundTopic, refusals
from hub.topics import HUB_OUTBOX_POSITION

ANSWERS_WITHIN_SECONDS: Final = 10.0
LOOK_EVERY_SECONDS: Final = 0.1
OK: Final = "OK"


@contextmanager
def translated(connection: KafkaConnection) -> Iterator[None]:
    """Turn what the library raises into `Unavailable`."""
    servers = connection.bootstrap_servers
    try:
        yield
    except KafkaError as error:
        raise Unavailable(f"Kafka at {servers}: {_sentence(error)}") from error
    except OSError as error:
        raise Unavailable(f"Kafka at {servers}: {error.strerror or error}") from error


class TopicAdmin:
    """The brokers' side of topics, for use in a `with` block.

    Every method raises `Unavailable` when the brokers do not answer or refuse; the text names them,
    never a password.
    """

    def __init__(
        self, connection: KafkaConnection, *, within_seconds: float = ANSWERS_WITHIN_SECONDS
    ) -> None:
        self._connection = connection
        self._milliseconds = int(within_seconds * 1000)
        self._clients: list[Any] = []
        _refuse_unreachable(connection.bootstrap_servers, within_seconds)
        with self._translated():
            self._admin = self._connected()

    def __enter__(self) -> Self:
        """It is connected already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection; harmless when it is closed."""
        for client in (self._admin, *self._clients):
            client.close()
        self._clients.clear()

    def cluster(self) -> Cluster:
        """The brokers and all topics, those of others included, as they are now."""
        with self._translated():
            about = self._admin.describe_cluster()
            features = self._admin.get_broker_version_data(about["brokers"][0]["broker_id"])
            described = [t for t in self._admin.describe_topics() if not t["is_internal"]]
            settings = self._settings([topic["name"] for topic in described])
        return Cluster(
            cluster_id=about["cluster_id"],
            brokers=len(about["brokers"]),
            version=tuple(features.broker_version),
            topics={t["name"]: _found(t, settings.get(t["name"], {})) for t in described},
        )

    def apply(self, differences: Sequence[Difference]) -> None:
        """Create topics, add partitions, change settings. Nothing is ever deleted.

        Doing it twice does no harm; when it fails midway, a new plan holds the rest.

        Raises:
            TopicsRefused: The plan holds refusals; nothing was done.
        """
        refused = refusals(differences)
        if refused:
            raise TopicsRefused(refused)
        with self._translated():
            self._create([each for each in differences if isinstance(each, Create)])
            self._grow([each for each in differences if isinstance(each, AddPartitions)])
            self._change([each for each in differences if isinstance(each, ChangeSetting)])

    def broker_clock(self, topic: str = HUB_OUTBOX_POSITION.name) -> datetime:
        """The clock of a broker, UTC: the append time of an empty record that is written for it.

        Args:
            topic: One without readers.
        """
        options = {**self._connection.kafka_python_options(), "kafka_client": self._client}
        with self._translated():
            producer = KafkaProducer(
                **options,
                bootstrap_timeout_ms=self._milliseconds,
                max_block_ms=self._milliseconds,
            )
            try:
                sent = producer.send(topic, value=b"", partition=0)
                appended = sent.get(timeout=self._milliseconds / 1000)
            finally:
                producer.close(timeout=1)
        return datetime.fromtimestamp(appended.timestamp / 1000, tz=UTC)

    def _connected(self) -> Any:
        try:
            return KafkaAdminClient(
                **self._connection.kafka_python_options(),
                kafka_client=self._client,
                bootstrap_timeout_ms=self._milliseconds,
                request_timeout_ms=self._milliseconds,
            )
        except BaseException:
            for client in self._clients:
                client.close()
            raise

    def _client(self, **options: Any) -> Any:
        """A network client that is known here, because a failed start leaves it running."""
        client = KafkaNetClient(**options)
        self._clients.append(client)
        return client

    def _translated(self) -> AbstractContextManager[None]:
        return translated(self._connection)

    def _settings(self, names: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        if not names:
            return {}
        resources = [ConfigResource("TOPIC", name) for name in names]
        described = self._admin.describe_configs(resources, config_filter="all")["topic"]
        return {
            name: {key: entry["value"] or "" for key, entry in entries.items()}
            for name, entries in described.items()
        }

    def _create(self, topics: Sequence[Create]) -> None:
        if not topics:
            return
        self._admin.create_topics(
            {
                each.topic.name: {
                    "num_partitions": each.topic.partitions,
                    "replication_factor": each.copies,
                    "configs": dict(each.settings),
                }
                for each in topics
            },
        )
        self._until_served({each.topic.name: each.topic.partitions for each in topics})

    def _grow(self, topics: Sequence[AddPartitions]) -> None:
        if not topics:
            return
        totals = {each.name: each.total for each in topics}
        self._admin.create_partitions(totals)
        self._until_served(totals)

    def _until_served(self, totals: Mapping[str, int]) -> None:
        """Wait until every partition tells where it ends.

        A broker is named the leader of a new partition before it serves it; with many new ones on a busy machine this
        takes longer than whoever writes first would wait.
        """
        ends = {
            TopicPartition(name, partition): OffsetSpec.LATEST
            for name, total in totals.items()
            for partition in range(total)
        }
        until = time.monotonic() + self._milliseconds / 1000
        while True:
            try:
                self._admin.list_partition_offsets(ends, timeout_ms=self._milliseconds)
            except RetriableError as error:
                if time.monotonic() > until:
                    raise Unavailable(
                        "Kafka is still making partitions; look again in a moment"
                    ) from error
                time.sleep(LOOK_EVERY_SECONDS)  # between looks; given up at `until`
            else:
                return

    def _change(self, changes: Sequence[ChangeSetting]) -> None:
        if not changes:
            return
        by_topic: dict[str, dict[str, str]] = {}
        for each in changes:
            by_topic.setdefault(each.name, {})[each.setting] = each.wanted
        resources = [ConfigResource("TOPIC", name, values) for name, values in by_topic.items()]
        for name, result in self._admin.alter_configs(resources)["topic"].items():
            if result != OK:
                raise Unavailable(f"Kafka refused to change the topic {name}: {result}")


def _refuse_unreachable(servers: str, within_seconds: float) -> None:
    """Say at once what is wrong with the way; the library would try again until its time is up."""
    reasons = []
    for server in servers.split(","):
        host, _, port = server.strip().rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), within_seconds).close()
        except OSError as error:
            reasons.append(f"{server}: {error.strerror or error}")
        else:
            return
    raise Unavailable(f"Kafka cannot be reached: {'; '.join(reasons)}")


def _found(described: Mapping[str, Any], settings: Mapping[str, str]) -> FoundTopic:
    partitions = described["partitions"]
    return FoundTopic(
        name=described["name"],
        topic_id=str(described["topic_id"]),
        partitions=len(partitions),
        copies=min((len(each["replica_nodes"]) for each in partitions), default=0),
        settings=settings,
    )


def _sentence(error: KafkaError) -> str:
    """What went wrong, without the request that the library quotes."""
    text = str(error)
    return type(error).__name__ if "Request '" in text else text
