"""What is posted to a door: FHIR as JSON and as XML, and national notices."""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from connectors.fhir_api.keeping import what_may_stay
from connectors.fhir_api.mapping.heard import heard_from
from connectors.fhir_api.mapping.post import Post
from connectors.fhir_api.settings import FhirSender
from connectors.fhir_api.structures import R4Structures
from connectors.national import mapping as national
from connectors.national.mapping import parts_of
from deploy.composition import fhir_shapes, known_codes
from deploy.configuration.load import DEMO, load
from deploy.fhir_schema import LAID
from hub.errors import Rejected
from tests.fuzz.target import refusal, refuse_other_when_read
from tests.unit.fhir_api.desks import ADMITTED, FLAGGED, NOW, agreement
from tests.unit.fhir_api.test_xml import document
from tests.unit.national.notices import event, in_fhir, sender, version_1

SMALL: Final = 16 * 1024
EXAMPLES: Final = Path(__file__).parents[2] / "schemas/examples"
READ_OVER_HTTP: Final = ("gp.carer-flag.v1", "hospital.encounter.v1", "person.decision.v1")

TRUST: Final = FhirSender(
    name="rwe-fhir",
    ods_code="RWE",
    is_trust=True,
    regions=(0, 1),
    knows=known_codes(load(DEMO, {})),
    test_numbers="accept",
)


@cache
def shapes() -> object:
    return fhir_shapes(LAID)


@cache
def structures() -> R4Structures:
    return R4Structures(LAID.read_bytes())


def as_json(data: bytes) -> str:
    return body(data, Post(sender=TRUST, received_at=NOW, shapes=shapes()))


def as_xml(data: bytes) -> str:
    return body(data, Post(sender=TRUST, received_at=NOW, shapes=shapes(), xml=structures()))


def body(data: bytes, post: Post) -> str:
    """A body becomes events that can be written, or is refused; then what is kept of it can be told as well."""
    try:
        taken = heard_from(data, post)
    except Rejected:
        kept = what_may_stay(data, post)
        if len(data) < SMALL:  # what follows no door does, so its time is not to count
            refuse_other_when_looked_at_again(kept, data, post)
        raise
    for keyed in taken.all:
        refuse_other_when_read(keyed.event)
    return "taken " + " ".join(sorted(type(keyed.event).__name__ for keyed in taken.all)[:3])


def refuse_other_when_looked_at_again(kept: bytes, data: bytes, post: Post) -> None:
    """Of what is kept nothing more goes when it is looked at again."""
    if kept and kept != data:
        again = what_may_stay(kept, replace(post, xml=None))
        assert again == kept, "kept otherwise a second time"


def bodies() -> Iterable[bytes]:
    """Every body of the examples, and those of the tests."""
    for name in READ_OVER_HTTP:
        for path in sorted((EXAMPLES / name).glob("*.json")):
            if "resource" in (example := json.loads(path.read_text())):
                yield json.dumps(example["resource"]).encode()
    yield from (each.resource for each in (FLAGGED, ADMITTED, agreement()))


def documents() -> Iterable[bytes]:
    """The same as XML."""
    yield from (document(json.loads(each)) for each in bodies())


# National notices

SERVICE: Final = sender()


def signals(data: bytes) -> str:
    """Each event of a body becomes notices that can be written, means nothing, or is refused on its own."""
    found = []
    for _, part in parts_of(data):
        try:
            said = national.heard_from(part, SERVICE, NOW)
        except Rejected as error:
            found.append(refusal(error))
            continue
        if isinstance(said, national.NotForUs):
            found.append("ignored")
            continue
        for keyed in said:
            refuse_other_when_read(keyed.event)
        found.append(str(said[0].event.kind))
    return " ".join(found[:3])


def notices() -> Iterable[bytes]:
    """Each kind of notice in its three forms, alone and several together."""
    kinds = [
        "pds-death-notification-2",
        "pds-change-of-gp-2",
        "pds-nhs-number-change-2",
        "pds-record-change-2",
        "proxy-role-created-1",
        "proxy-role-deleted-1",
    ]
    new = [
        event(kind, data={"fullUrl": "https://pds.example/Patient/9990000026"}) for kind in kinds
    ]
    old = [version_1(kind.replace("-2", "-1"), versionId="W/2") for kind in kinds]
    for each in (*new, *old, *map(in_fhir, new)):
        yield json.dumps(each).encode()
    yield json.dumps(new).encode()
