"""Read models: declared as the topics say, shown as the pages ask, and read under settings that lose nothing."""

import logging
import sys
from dataclasses import fields

import pytest

from connectors.portal.projection import REFERRAL_INBOX, REVIEW_QUEUE, WORKLIST
from deploy.roles.projections import MODELS
from hub.ports.pages import ReferralRow, WorklistRow
from hub.reviewing import ReviewRow
from hub.runtime.connection import KafkaConnection
from hub.runtime.faust_names import app_of
from hub.topics import TOPICS

KAFKA = KafkaConnection("one:9092,two:9092")
WORD = "a-word"


def test_each_read_model_has_a_name_and_a_table_of_its_own():
    assert len({each.name for each in MODELS}) == len({each.table.name for each in MODELS})
    assert len({each.name for each in MODELS}) == len(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_read_model_reads_a_topic_that_names_the_projections(model):
    (topic,) = (each for each in TOPICS if each.name == model.topic)
    assert "projections" in topic.read_by
    assert (topic.cleanup, topic.partitions) == ("compact", "region"), "a rebuild reads all of it"


@pytest.mark.parametrize(
    ("row", "model"),
    [(WorklistRow, WORKLIST), (ReferralRow, REFERRAL_INBOX), (ReviewRow, REVIEW_QUEUE)],
)
def test_a_page_asks_for_columns_that_are_there(row, model):
    columns = {each.name: each.required for each in model.table.columns}
    assert {each.name for each in fields(row)} <= columns.keys()
    optional = {each.name for each in fields(row) if "None" in str(each.type)}
    assert all(
        columns[each.name] or each.name in optional or each.name == "needs" for each in fields(row)
    )


def test_faust_is_set_so_that_nothing_is_lost_served_or_redirected(tmp_path):
    handlers, output = list(logging.getLogger().handlers), (sys.stdout, sys.stderr)
    settings = app_of("a-group", KAFKA, tmp_path).conf
    assert settings.id == "a-group"
    assert [str(each) for each in settings.broker] == ["kafka://one:9092", "kafka://two:9092"]
    assert settings.processing_guarantee.value == "at_least_once"
    assert (settings.key_serializer, settings.value_serializer) == ("raw", "raw")
    assert settings.consumer_auto_offset_reset == "earliest"
    assert settings.topic_disable_leader
    assert not settings.topic_allow_declare
    assert not settings.web_enabled
    assert not settings.worker_redirect_stdouts
    assert (list(logging.getLogger().handlers), (sys.stdout, sys.stderr)) == (handlers, output)


@pytest.mark.parametrize(
    ("protocol", "kind"),
    [("PLAINTEXT", None), ("SSL", "SSLCredentials"), ("SASL_SSL", "SASLCredentials")],
)
def test_faust_proves_who_the_hub_is_as_the_other_clients_do(tmp_path, protocol, kind):
    kafka = KafkaConnection(
        "one:9092", security_protocol=protocol, sasl_user="hub", sasl_password=WORD
    )
    found = app_of("a-group", kafka, tmp_path).conf.broker_credentials
    assert (None if found is None else type(found).__name__) == kind
    if kind is not None:
        assert found.protocol.value == protocol
        assert WORD not in repr(found)
    if kind == "SASLCredentials":
        assert found.mechanism.value == "SCRAM-SHA-512"
