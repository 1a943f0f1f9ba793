"""Every Bundle that leaves, held against HL7's schema of R4 and against `fhir.resources`: over generated messages.

    .venv/bin/python -m tests.contract.outgoing --messages 10000 --seed 1

A seed makes the same messages again. Half are ordinary admissions of people with a carer, so that alerts follow;
half are made of fields that are usual, absent, null, repeated, escaped or strange, one by one.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson
from fhir.resources.R4B.bundle import Bundle

from connectors.fhir_api.search import bundle_from, query_from
from connectors.fhir_api.told import TASK, told_from
from connectors.ward_mllp.mapping import Ignored, encounter_event_from
from connectors.ward_mllp.settings import SenderSettings
from deploy.composition import fhir_shapes
from deploy.fhir_schema import LAID
from hub.errors import Rejected
from hub.fhir.conformance import Shapes, refuse_malformed
from hub.hl7v2 import message_from
from hub.ports.ledger import Page
from hub.records import EncounterEvent
from hub.testing.memory_hub import MemoryHub
from tests.unit.fhir_api.desks import CHAIN, MemoryLedger
from tests.unit.ward_mllp.usual import EVENTS, USUAL

RECEIVED = datetime(2026, 3, 1, 10, 15, 2, tzinfo=UTC)
SENDER = SenderSettings(name="pas", region=0, trust_ods="RWE", test_numbers="accept")
STRANGE = ("", '""', r"\T\ \X41\ \E", "Ærø ~ Łódź", "x" * 300, "=cmd|'/c'!A1", "<b>&amp;", "\u202e")
SEGMENTS = ("PID", "PD1", "PV1", "PV2", "ZU1", "ZU8", "NK1", "NK1", "MRG")
PAGE = 50


def frames(messages: int, seed: int) -> Iterator[bytes]:
    """Generated messages, each with a control id of its own."""
    lots = random.Random(seed)
    for number in range(messages):
        made = ordinary if lots.random() < 0.5 else strange
        trigger, segments = made(lots, number)
        head = rf"MSH|^~\&|PAS|RWE|HUB|HUB|20260301101500||ADT^{trigger}|M{number}|P|2.4|||||||UNICODE UTF-8"
        evn = "EVN||202603011015||||202603011010"
        yield "\r".join([head, evn, *segments]).encode()


def ordinary(lots: random.Random, number: int) -> tuple[str, list[str]]:
    """Somebody is in hospital who has a carer."""
    trigger = lots.choice(["A01", "A01", "A02", "A08", "A16", "A03"])
    visit = number - (trigger != "A01") * lots.randrange(4)
    discharge = lots.choice(["1||19", "19|", "1||79"]) if trigger == "A03" else "|"
    first, second = discharge.split("|", 1)
    pv1 = {
        2: "I",
        3: lots.choice(USUAL["PV1"][3]),
        4: "21",
        19: f"V{visit}^^^PASV",
        36: first,
        37: second.strip("|"),
    }
    pv1[44] = "202603011010"
    if trigger == "A03":
        pv1[45] = "202603051500"
    role = lots.choice(["20", "20", "CGV", "14"])
    nk1 = {
        2: "GREEN^PETER",
        3: role,
        5: lots.choice(USUAL["NK1"][5]),
        7: lots.choice(["", "16"]),
        16: "19680314",
    }
    pid = {
        3: f"S{visit}^^^PAS^MR",
        5: "GREEN^ANN",
        7: "19410712",
        8: "2",
        11: lots.choice(USUAL["PID"][11]),
    }
    pv2 = {9: lots.choice(["20260305", "202603051400", ""])}
    segments = [("PID", pid), ("NK1", nk1), ("PV1", pv1), ("PV2", pv2)]
    if lots.random() < 0.1:
        segments.append(("ZU8", {4: "2"}))
    return trigger, [segment(name, fields) for name, fields in segments]


def strange(lots: random.Random, number: int) -> tuple[str, list[str]]:
    """Each field usual, absent, null, repeated or odd, by lot."""
    made = []
    for name in SEGMENTS:
        if name in ("PID", "PV1") or lots.random() < 0.6:
            fields = {place: value_of(lots, usual) for place, usual in USUAL[name].items()}
            made.append(segment(name, {place: value for place, value in fields.items() if value}))
    return lots.choice(EVENTS), made


def value_of(lots: random.Random, usual: list[str]) -> str:
    """One field."""
    match lots.randrange(10):
        case 0 | 1:
            return ""
        case 2:
            return lots.choice(STRANGE).replace("|", "/")
        case 3:
            return "~".join(lots.choices(usual, k=3))
        case _:
            return lots.choice(usual)


def segment(name: str, fields: dict[int, str]) -> str:
    """A segment of HL7 v2."""
    return "|".join(
        [name, *(fields.get(place, "") for place in range(1, max(fields, default=1) + 1))]
    )


def held(body: object, shapes: Shapes) -> None:
    """Hold a Bundle against both.

    Raises:
        InvalidResource: It is not as HL7's schema has it.
        ValueError: It is not as fhir.resources has it.
    """
    refuse_malformed(body, shapes)
    Bundle.model_validate(body)


def of_messages(
    messages: int, seed: int, shapes: Shapes
) -> tuple[list[EncounterEvent], Counter[str]]:
    """What generated messages become, each held against both; the rest must be refused with its place."""
    events: list[EncounterEvent] = []
    counts: Counter[str] = Counter()
    for frame in frames(messages, seed):
        try:
            event = encounter_event_from(frame, message_from(frame), SENDER, RECEIVED).event
        except Ignored:
            counts["ignored"] += 1
        except Rejected as refusal:
            counts["refused"] += 1
            if not refusal.expression:
                raise
        else:
            held(orjson.loads(event.resource), shapes)
            counts["message Bundles"] += 1
            events.append(event)
    return events, counts


def of_alerts(events: list[EncounterEvent], shapes: Shapes) -> Counter[str]:
    """The pages that a trust reads of what follows from these, each held against both."""
    hub = MemoryHub(CHAIN, batch_size=100)
    for event in events:
        hub.publish(event)
    hub.run()
    query = query_from(TASK, [], strict=True)
    known = MemoryLedger(hub).alerts_of("RWE", Page(most=len(events) + 1))
    told = [told_from(each, TASK) for each in known]
    for start in range(0, len(told), PAGE):
        page = bundle_from(query, told[start : start + PAGE], "http://hub/fhir/R4", more=False)
        held(orjson.loads(orjson.dumps(page)), shapes)
    return Counter({"alerts": len(told), "searchset Bundles": -(-len(told) // PAGE)})


def main() -> int:
    """The command: counts on standard output, a trace and no zero where a Bundle is not right."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--messages", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    said = asked.parse_args()
    shapes = fhir_shapes(LAID)
    events, counts = of_messages(said.messages, said.seed, shapes)
    counts += of_alerts(events, shapes)
    sys.stdout.write(
        f"seed {said.seed}: "
        + ", ".join(f"{n} {each}" for each, n in sorted(counts.items()))
        + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
