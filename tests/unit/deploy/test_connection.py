"""The connection to the brokers."""

import ssl
from pathlib import Path

import pytest

from hub.runtime.connection import KafkaConnection

HUNTER = "hunter2"


def test_plaintext_needs_nothing():
    assert KafkaConnection("a:9092,b:9092").aiokafka_options() == {
        "bootstrap_servers": "a:9092,b:9092",
        "security_protocol": "PLAINTEXT",
    }


def test_tls_checks_certificate_and_name():
    context = KafkaConnection("a:9093", security_protocol="SSL").aiokafka_options()["ssl_context"]
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_sasl_says_who_the_hub_is_to_both_libraries():
    connection = KafkaConnection(
        "a:9092", security_protocol="SASL_PLAINTEXT", sasl_user="hub", sasl_password=HUNTER
    )
    assert connection.aiokafka_options() == connection.kafka_python_options()
    assert connection.aiokafka_options()["sasl_plain_password"] == HUNTER
    assert connection.aiokafka_options()["sasl_mechanism"] == "SCRAM-SHA-512"


def test_a_password_is_not_shown():
    assert HUNTER not in repr(KafkaConnection("a:9092", sasl_user="hub", sasl_password=HUNTER))


def test_a_certificate_that_is_not_there(tmp_path):
    connection = KafkaConnection("a:9093", security_protocol="SSL", tls_ca=tmp_path / "none.pem")
    with pytest.raises(OSError, match="No such file"):
        connection.kafka_python_options()


def test_both_libraries_take_the_options():
    from aiokafka.client import AIOKafkaClient

    from hub.runtime.topics.kafka_python import KafkaAdminClient

    options = KafkaConnection(
        "a:9092", security_protocol="SASL_SSL", sasl_user="hub", sasl_password=HUNTER
    ).aiokafka_options()
    accepted = AIOKafkaClient.__init__.__kwdefaults__
    assert set(options) <= set(accepted)
    assert set(options) <= set(KafkaAdminClient.DEFAULT_CONFIG)


def test_file_names_may_be_paths():
    assert KafkaConnection("a:1", tls_ca=Path("ca.pem")).tls_ca == Path("ca.pem")
