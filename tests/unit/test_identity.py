"""Ids are UUIDv5 of their parts, always the same."""

from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from hub.identity import HUB, SEPARATOR, derived, namespace, source_record_id

PARTS = st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.uuids() | st.integers())


@given(st.sampled_from(["event", "stay", "source-record"]), PARTS)
def test_an_id_is_the_uuid5_of_its_parts_in_the_namespace_of_its_kind(kind, parts):
    assert derived(kind, *parts) == uuid5(namespace(kind), SEPARATOR.join(map(str, parts)))


def test_the_namespaces_hang_below_the_hubs_own():
    assert namespace("source-record") == uuid5(HUB, "source-record")
    assert source_record_id("rwe-pas", "RWE", "H100") == derived(
        "source-record", "rwe-pas", "RWE", "H100"
    )
