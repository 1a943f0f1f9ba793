"""The names of Faust that are used here, and its settings.

Its own worker is never used, so that it redirects no output and sets up no logs.
"""

import warnings
from pathlib import Path

from hub.runtime.connection import KafkaConnection

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import faust
    import faust.transport.drivers.aiokafka
    from faust import App
    from faust.types import EventT, StreamT

__all__ = ("App", "EventT", "StreamT", "app_of")


def app_of(group: str, kafka: KafkaConnection, folder: Path) -> App:
    """An application of one consumer group; it does nothing until it is started.

    At least once, values as bytes (never pickle), no web server, no topics of its own; it keeps nothing in `folder`.
    """
    return App(
        group,
        broker=[f"kafka://{server}" for server in kafka.bootstrap_servers.split(",")],
        broker_credentials=credentials_of(kafka),
        datadir=folder,
        autodiscover=False,
        broker_commit_interval=1.0,
        broker_heartbeat_interval=2.0,
        broker_max_poll_records=500,
        broker_session_timeout=6.0,
        consumer_auto_offset_reset="earliest",
        key_serializer="raw",
        processing_guarantee="at_least_once",
        producer_linger=0.005,
        reply_create_topic=False,
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        value_serializer="raw",
        web_enabled=False,
        worker_redirect_stdouts=False,
    )


def credentials_of(
    kafka: KafkaConnection,
) -> faust.SASLCredentials | faust.SSLCredentials | None:
    """Who the hub is, as Faust takes it."""
    options = kafka.aiokafka_options()
    context = options.get("ssl_context")
    if "sasl_mechanism" in options:
        return faust.SASLCredentials(
            username=kafka.sasl_user,
            password=kafka.sasl_password,
            ssl_context=context,
            mechanism=kafka.sasl_mechanism,
        )
    return faust.SSLCredentials(context=context) if context is not None else None
