"""Every refusal says what it means to a sender: FHIR code, HTTP status, HL7 acknowledgement."""

import importlib
import pkgutil

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

import connectors
import deploy
import hub
import processors
from connectors.fhir_api import outcome
from hub.errors import (
    HubError,
    InvalidResource,
    NotPermitted,
    Rejected,
    Unavailable,
    Undecodable,
)

for room in (hub, connectors, processors, deploy):
    for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        if found.name != "deploy.set_up":  # made for a bare Python; it is not part of the hub
            importlib.import_module(found.name)

ISSUE_CODES = {
    *("invalid", "structure", "required", "value", "invariant", "security", "login", "unknown"),
    *("expired", "forbidden", "suppressed", "processing", "not-supported", "duplicate"),
    *("multiple-matches", "not-found", "deleted", "too-long", "code-invalid", "extension"),
    *("too-costly", "business-rule", "conflict", "transient", "lock-error", "no-store"),
    *("exception", "timeout", "incomplete", "throttled", "informational"),
}
"""FHIR R4, value set issue-type."""

TABLE = [
    (Rejected, "processing", 422, "AR"),
    (Undecodable, "structure", 400, "AR"),
    (InvalidResource, "invalid", 422, "AR"),
    (NotPermitted, "forbidden", 403, "AR"),
    (Unavailable, "transient", 503, "AE"),
]
"""What the tree of hub.errors means to a sender."""


def descendants(kind: type) -> list[type]:
    children = kind.__subclasses__()
    return sorted(
        {each for child in children for each in (child, *descendants(child))}, key=full_name
    )


def full_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


HEARD = descendants(HubError)


@pytest.mark.parametrize(("kind", "issue", "status", "acknowledgement"), TABLE)
def test_the_table(kind, issue, status, acknowledgement):
    assert (kind.issue_code, kind.http_status, kind.acknowledgement) == (
        issue,
        status,
        acknowledgement,
    )


def test_the_table_is_the_tree():
    own = {kind for kind in HEARD if kind.__module__ == "hub.errors"}
    assert {kind for kind, *_ in TABLE} == own


@pytest.mark.parametrize("kind", HEARD, ids=full_name)
def test_every_refusal_has_a_row(kind):
    assert kind.issue_code in ISSUE_CODES
    assert kind.acknowledgement == ("AE" if issubclass(kind, Unavailable) else "AR")
    if issubclass(kind, Unavailable):
        assert kind.http_status == 503
    else:
        assert 400 <= kind.http_status < 500


@pytest.mark.parametrize("kind", HEARD, ids=full_name)
def test_every_refusal_is_one_of_the_two_sentences(kind):
    assert issubclass(kind, Rejected) != issubclass(kind, Unavailable)


@pytest.mark.parametrize("kind", HEARD, ids=full_name)
def test_every_refusal_is_said_as_an_operation_outcome(kind):
    said = outcome.refusal(kind("Send it again, corrected."))
    assert OperationOutcome.model_validate(said).issue[0].code == kind.issue_code


def test_a_refusal_without_a_row_is_found():
    class Forgotten(HubError):
        pass

    assert Forgotten in descendants(HubError)
    assert not hasattr(Forgotten, "issue_code")
