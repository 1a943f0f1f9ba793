"""What is fuzzed: each reader behind a public door, as bytes in and a word for what became of them out.

A reader may refuse with `Rejected` or `Unavailable`. Whatever else it raises, and whatever breaks a promise about
what it gives back, is a finding.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from connectors.fhir_api.answering import answered_from
from connectors.fhir_api.desk import form_from
from connectors.fhir_api.entity_tags import is_known, seen_versions
from connectors.fhir_api.put import Put, canonical, resource_put
from connectors.fhir_api.search import query_from
from connectors.fhir_api.told import KINDS, Told, told_from
from connectors.gp_csv.extract import COLUMNS
from connectors.gp_csv.mapping.events import rows_from
from connectors.gp_csv.settings import CsvSettings
from connectors.ward_mllp.framing import Deframer, Frame, framed
from connectors.ward_mllp.hearing import NOBODY, Refusal, Understood, heard
from connectors.ward_mllp.mapping import Ignored, encounter_event_from
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from deploy.generating.examples import record_from_example
from hub.codec import decode, encode
from hub.errors import Rejected
from hub.hl7v2 import AcknowledgementCode, Limits, header_from, message_from
from hub.hl7v2.acknowledgement import Problem
from hub.hl7v2.acknowledgement_mode import answer
from hub.testing.memory_hub import MemoryHub
from hub.topics import TOPICS
from tests.fuzz.mutation import (
    by_bytes,
    of_avro,
    of_hl7,
    of_json,
    of_table,
    of_xml,
)
from tests.fuzz.posted import as_json, as_xml, bodies, documents, notices, shapes, signals
from tests.fuzz.registers import as_told, register, registers
from tests.fuzz.target import Target, refusal, refuse_other_when_read
from tests.itk.messages import messages
from tests.unit.fhir_api.desks import ADMITTED, CHAIN, FLAGGED, NOW, AskedDesk, agreement

EXAMPLES: Final = Path(__file__).parents[2] / "schemas/examples"
READ_OVER_HTTP: Final = ("gp.carer-flag.v1", "hospital.encounter.v1", "person.decision.v1")
SMALL: Final = Limits(frame_bytes=4096)

# MLLP

MOST_SAID: Final = 4


def stream(data: bytes) -> str:
    """Frames are found in a stream."""
    deframer = Deframer(SMALL)
    found = deframer.feed(data)
    codes = [each.code for each in found[:MOST_SAID] if not isinstance(each, Frame)]
    return f"{min(len(found), MOST_SAID)} {codes} {deframer.inside}"


def as_one(data: bytes) -> None:
    """However a stream is cut, the same frames are found, none larger than allowed."""
    whole = Deframer(SMALL).feed(data)
    deframer, found = Deframer(SMALL), []
    step = max(1 + zlib.crc32(data) % 97, len(data) // 200)
    for start in range(0, len(data), step):
        found += deframer.feed(data[start : start + step])
    assert found == whole, "cut otherwise, read otherwise"
    sizes = [len(each.payload) for each in whole if isinstance(each, Frame)]
    assert max(sizes, default=0) <= SMALL.frame_bytes, "larger than allowed"
    assert sum(not isinstance(each, Frame) and each.closes for each in whole) <= 1, "read on"


def streams() -> Iterable[bytes]:
    frames = [framed(each) for each in messages(1, 6)]
    yield b"".join(frames)
    yield b"\r\n".join(frames[:2])
    yield from frames


# HL7 v2

SENDER: Final = SenderSettings(name="rwe-adt", region=0, trust_ods="RWE", test_numbers="accept")
SENDERS: Final = (
    KnownSender(settings=SENDER, facilities=frozenset({"RWE"})),
    KnownSender(
        settings=replace(SENDER, visit_number_rule="admission", disposition="discharge-method")
    ),
)


def frame(data: bytes) -> str:
    """A frame is understood, ignored or refused, and answered in a frame of its own."""
    what = heard(data, SENDERS, NOW)
    problem = None
    if isinstance(what, Refusal):
        if what.error is None:
            raised_by(data)
        problem = None if what.error is None else Problem.of(what.error)
    if isinstance(what, Understood):
        refuse_other_when_read(what.event)
    for code in AcknowledgementCode.AA, AcknowledgementCode.AR:
        said = answer(data, code, problem)
        if said is not None:
            framed(said)
            header_from(said)
    match what:
        case Understood(event):
            return f"understood {event.event}"
        case Refusal():
            assert what.source in (NOBODY, SENDER.name)
            return f"{what.code} {''.join(each for each in what.expression if not each.isdigit())}"
        case _:
            return f"ignored {what.reason}"


def raised_by(data: bytes) -> None:
    """What the reading of a frame raised, with its trace, which the door keeps to itself."""
    for sender in SENDERS:
        try:
            encounter_event_from(data, message_from(data), sender.settings, NOW)
        except (Rejected, Ignored):
            continue
    raise AssertionError("a defect that does not come again")


def region(data: bytes) -> str:
    """What the door takes, the region can process: a fault there would be nobody's but ours."""
    what = heard(data, SENDERS, NOW)
    if not isinstance(what, Understood):
        return "not taken"
    hub = MemoryHub(CHAIN)
    hub.publish(what.event, what.key)
    hub.run()
    faults = [each for each in hub.refusals if each.defect]
    assert faults == [], f"{faults[0].processor}: {faults[0].code}"
    counts = Counter(topic for topic, said in hub.topics.items() for _ in said)
    return f"{what.event.event} {sorted(counts.items())} {[each.code for each in hub.refusals]}"


# Avro


def record(data: bytes) -> str:
    """What can be read can be written, and is then the same."""
    found = decode(data)
    refuse_other_when_read(found)
    return type(found).__name__


def records() -> Iterable[bytes]:
    """Every example of every topic."""
    for topic in TOPICS:
        for path in sorted((EXAMPLES / topic.name.replace("<ods>", "ods")).glob("*.json")):
            yield encode(record_from_example(topic.record, json.loads(path.read_text())))


# FHIR, put back and searched


@cache
def told() -> tuple[tuple[object, object], ...]:
    """An alert and a referral as their owners have them."""
    desk = AskedDesk(None)
    for event in ADMITTED, FLAGGED, agreement():
        desk.hub.hear(event)
    known = (
        desk.ledger.alert(desk.alert.alert_id),
        desk.ledger.referral(desk.referral.referral_id),
    )
    return tuple(
        (each, told_from(each, kind)) for each in known for kind in KINDS if fits(each, kind)
    )


def fits(known: object, kind: str) -> bool:
    return kind == "Task" or "Referral" in type(known).__name__


def put(data: bytes) -> str:
    """A resource that is put back to its address becomes outcomes, or is refused."""
    its_own = (each for each in told() if all(part in data for part in named_by(each[1])))
    known, shown = next(its_own, told()[0])
    resource = resource_put(data, shown, shapes())
    answer = Put(resource=resource, canonical=canonical(resource), received_at=NOW)
    return f"{len(answered_from(known, shown, answer))} outcomes of {shown.kind}"


def named_by(shown: Told) -> tuple[bytes, bytes]:
    """What names the address of a resource, as it stands in a body."""
    return str(shown.id).encode(), f'"{shown.kind}"'.encode()


def puts() -> Iterable[bytes]:
    """What was told, put back as it is and with an answer."""
    for _, shown in told():
        yield json.dumps(shown.resource).encode()
        yield json.dumps({**shown.resource, "status": "accepted"}).encode()
        yield json.dumps(
            {
                "resourceType": shown.kind,
                "id": str(shown.id),
                "status": "rejected",
                "intent": "order",
                "statusReason": {
                    "coding": [{"system": "urn:carers-hub:code:referral-reason", "code": "full"}]
                },
                "lastModified": "2026-11-25T09:25:00Z",
                "output": [
                    {
                        "type": {
                            "coding": [
                                {
                                    "system": "urn:carers-hub:code:alert-outcome",
                                    "code": "contacted-able",
                                }
                            ]
                        },
                        "valueReference": {"reference": "#carer-1"},
                    }
                ],
            }
        ).encode()


def form(data: bytes) -> str:
    """A search, as a form or in an address, and headers with the same text."""
    text = data.decode("latin-1")
    is_known(text, 3)
    found = []
    for kind in KINDS:
        try:
            query_from(kind, form_from(data), strict=False)
            found.append("asked")
        except Rejected as error:
            found.append(refusal(error))
    try:
        seen_versions(text)
    except Rejected:
        return " ".join(found)
    return " ".join([*found, "tag"])


def forms() -> Iterable[bytes]:
    for said in (
        {"status": "requested,received", "_lastUpdated": "ge2026-11-25T09:00:00Z", "_count": "20"},
        {"owner:identifier": "RWE", "_include:iterate": "*", "_format": "json"},
        {"performer": "Organization/ADULT", "_cursor": "MjAyNi0xMS0yNQ=="},
    ):
        yield urlencode(said).encode()
    yield b'W/"3", "4"'


# CSV

PRACTICE: Final = CsvSettings(name="c82904-csv", ods_code="C82904", regions=(0,), most_rows=500)
ROW: Final = (
    *("E-1", "999 000 0026", "Ben", "Marsh", "1969-07-21", "male", '"1 Abbey Lane, Leicester"', "LE4 0AA"),
    *("0116 496 0001", "http://snomed.info/sct", "224484003", "Gives care", "2026-06-03", "active"),
    *("9990000018", "Ada", "Marsh", "1941-03-02", "son"),
)  # fmt: skip


def extract(data: bytes) -> str:
    """A file becomes events that can be written, or is refused whole."""
    events = rows_from(data, PRACTICE, NOW, hashlib.sha256(data).hexdigest())
    for keyed in events:
        refuse_other_when_read(keyed.event)
    return f"{min(len(events), 4)} events"


def extracts() -> Iterable[bytes]:
    head = ",".join(COLUMNS)
    one, two = ",".join(ROW), ",".join(("E-2", *ROW[1:]))
    yield f"{head}\n{one}\n#END,1\n".encode()
    yield f"{head}\r\n{one}\r\n{two}\r\n#END,2,2026-06-04\r\n".encode()


TARGETS: Final = {
    each.name: each
    for each in (
        Target("stream", streams, by_bytes, stream, as_one),
        Target("hl7", lambda: messages(2, 60), of_hl7, frame),
        Target("region", lambda: messages(3, 40), of_hl7, region),
        Target("avro", records, of_avro, record),
        Target("fhir", bodies, of_json, as_json),
        Target("fhir-xml", documents, of_xml, as_xml),
        Target("national", notices, of_json, signals),
        Target("fhir-put", puts, of_json, put),
        Target("fhir-search", forms, by_bytes, form),
        Target("csv", extracts, of_table, extract),
        Target("register", registers, of_table, register, as_told),
    )
}
