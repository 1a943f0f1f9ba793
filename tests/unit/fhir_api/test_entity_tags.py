"""Versions in headers, as FHIR R4 and RFC 9110 write them."""

from datetime import UTC, datetime

import pytest

from connectors.fhir_api.entity_tags import (
    NotCurrent,
    NoVersion,
    is_known,
    last_modified,
    refuse_stale,
    seen_versions,
    tag_of,
)


def test_a_version_is_a_weak_tag():
    assert tag_of(3) == 'W/"3"'
    assert seen_versions(tag_of(3)) == {"3"}


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        ('W/"3"', {"3"}),
        ('"3"', {"3"}),
        (' W/"3" , "4" ', {"3", "4"}),
        ('W/"a-tag-of-another-server"', {"a-tag-of-another-server"}),
    ],
)
def test_if_match_names_versions(header, versions):
    assert seen_versions(header) == versions


@pytest.mark.parametrize("header", [None, "", "3", "*", "W/3", '"3', 'W/"3" "4"', 'w/"3"', '"3",'])
def test_without_a_version_nothing_is_changed(header):
    with pytest.raises(NoVersion) as refused:
        seen_versions(header)
    assert (refused.value.http_status, refused.value.issue_code) == (400, "required")


def test_what_is_stale_is_refused_and_what_is_current_is_not():
    refuse_stale(frozenset({"2", "3"}), 3)
    for seen in ({"2"}, {"4"}, {"03"}, {"x"}):
        with pytest.raises(NotCurrent) as refused:
            refuse_stale(frozenset(seen), 3)
        assert refused.value.http_status == 412


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ('W/"3"', True),
        ('"3"', True),
        ('"1", W/"3"', True),
        ("*", True),
        ('W/"2"', False),
        (None, False),
        ("nonsense", False),
        ("3", False),
    ],
)
def test_who_has_the_version_already_need_not_read_it(header, known):
    assert is_known(header, 3) is known


def test_the_time_of_a_change_is_said_to_the_second():
    moment = datetime(2026, 11, 25, 10, 0, 59, 999_999, tzinfo=UTC)
    assert last_modified(moment) == "Wed, 25 Nov 2026 10:00:59 GMT"
