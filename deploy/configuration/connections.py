"""What a configuration means for the brokers, their topics and the database."""

from collections.abc import Mapping

from deploy.configuration.model import Configuration
from hub.runtime.connection import KafkaConnection
from hub.runtime.topics.wanted import WantedTopic, wanted_topics
from hub.topics import TOPICS

COPIES_HERE = 1  # one broker on one machine
COPIES = 3  # one may fail while another is being looked after


def needs_local_kafka(configuration: Configuration) -> bool:
    """Whether the hub starts Kafka itself."""
    return configuration.kafka.bootstrap_servers is None


def needs_local_database(configuration: Configuration) -> bool:
    """Whether the hub starts PostgreSQL itself."""
    return configuration.database.url is None


def kafka_connection(
    configuration: Configuration, environment: Mapping[str, str], *, local: str = ""
) -> KafkaConnection:
    """How to reach the brokers.

    Args:
        configuration: Checked.
        environment: Where `{env: NAME}` is looked up.
        local: `host:port` of the hub's own broker, for a configuration that names none.

    Raises:
        SecretUnusable: The password is not where the reference says.
    """
    kafka = configuration.kafka
    if kafka.bootstrap_servers is None:
        return KafkaConnection(local)
    return KafkaConnection(
        ",".join(kafka.bootstrap_servers),
        security_protocol=kafka.security_protocol,
        sasl_mechanism=kafka.sasl.mechanism if kafka.sasl else "SCRAM-SHA-512",
        sasl_user=kafka.sasl.user if kafka.sasl else None,
        sasl_password=(
            kafka.sasl.password.value(environment).get_secret_value() if kafka.sasl else None
        ),
        tls_ca=kafka.tls.ca,
        tls_cert=kafka.tls.cert,
        tls_key=kafka.tls.key,
    )


def database_url(
    configuration: Configuration, environment: Mapping[str, str], *, local: str = ""
) -> str:
    """Where the database is, with the password: not for logs.

    Args:
        configuration: Checked.
        environment: Where `{env: NAME}` is looked up.
        local: Address of the hub's own database, for a configuration that names none.

    Raises:
        SecretUnusable: The address is not where the reference says.
    """
    url = configuration.database.url
    return url.value(environment).get_secret_value() if url else local


def configured_topics(configuration: Configuration) -> tuple[WantedTopic, ...]:
    """Every topic that this configuration needs."""
    return wanted_topics(
        TOPICS,
        regions=len(configuration.regions),
        organisations=[
            (each.ods_code, each.kind)
            for each in configuration.organisations
            if "kafka" in each.channels
        ],
    )


def region_names(configuration: Configuration) -> tuple[str, ...]:
    """The regions in the order of partitions."""
    return tuple(region.name for region in configuration.regions)


def copies(configuration: Configuration) -> int:
    """Copies wanted of each topic."""
    here = COPIES_HERE if needs_local_kafka(configuration) else COPIES
    return configuration.kafka.replication_factor or here
