"""Laws of the mapping: messages whose every field is present, absent, null, repeated or strange."""

import json
from datetime import UTC, datetime

from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from connectors.ward_mllp.mapping import Ignored, encounter_event_from
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries
from hub.fhir.encounter import encounter_news_from
from hub.fhir.message_header import header_news_from
from hub.fhir.patient import patient_news_from, replaced_by_this
from hub.fhir.record import hospital_number_of, person_record_id, stay_ids
from hub.fhir.related_person import related_person_news_from
from hub.hl7v2 import message_from, place_from
from tests.unit.ward_mllp.usual import EVENTS, USUAL

RECEIVED = datetime(2026, 3, 1, 10, 15, 2, tzinfo=UTC)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n\x0b\x1c"), max_size=12)
TRIGGERS = st.sampled_from(EVENTS)
SENDERS = st.builds(
    SenderSettings,
    name=st.just("pas"),
    region=st.just(0),
    trust_ods=st.just("RWE"),
    visit_number_rule=st.sampled_from(["visit", "admission"]),
    nk1_rule=st.sampled_from(["replace-by-event", "always-add"]),
    test_numbers=st.sampled_from(["accept", "refuse"]),
    disposition=st.sampled_from(["unsure", "discharge-method", "itk-0112"]),
    ward_component=st.sampled_from([1, 2]),
)


def fields_of(usual):
    usually = st.sampled_from(usual)
    value = st.one_of(
        usually,
        usually,
        st.just(""),
        st.just('""'),
        st.lists(usually, min_size=2, max_size=3).map("~".join),
        TEXT,
        TEXT.map(lambda text: r"\T\ " + text + r"\X41\ \E"),
    )
    return value.map(lambda text: text.replace("|", "/"))


def segments_of(name):
    return st.fixed_dictionaries(
        {}, optional={number: fields_of(usual) for number, usual in USUAL[name].items()}
    ).map(
        lambda fields: "|".join(
            [name, *(fields.get(number, "") for number in range(1, max(fields, default=1) + 1))]
        )
    )


@st.composite
def frames(draw):
    trigger = draw(TRIGGERS)
    lines = [
        rf"MSH|^~\&|PAS|RWE|HUB|HUB|20260301101500||ADT^{trigger}|M1|P|2.4|||||||UNICODE UTF-8",
        "EVN||202603011015||||202603011010",
        draw(segments_of("PID")),
    ]
    for name in ("PD1", "PV1", "PV2", "ZU1", "ZU8", "MRG"):
        lines += draw(st.lists(segments_of(name), min_size=name == "PV1", max_size=1))
    lines += draw(st.lists(segments_of("NK1"), max_size=2))
    return "\r".join(lines).encode()


def outcome_of(frame, sender):
    try:
        return encounter_event_from(frame, message_from(frame), sender, RECEIVED), None
    except (Ignored, InvalidResource) as refusal:
        return None, refusal


@given(frames(), SENDERS)
def test_a_message_becomes_a_bundle_that_everybody_can_read_or_is_refused_with_its_place(
    frame, sender
):
    keyed, refusal = outcome_of(frame, sender)
    if keyed is None:
        assert refusal.reason
        assert isinstance(refusal, Ignored) or place_from(refusal.expression)
        return
    body = json.loads(keyed.event.resource)
    Bundle.model_validate(body)
    entries = bundle_entries(body)
    person = stay = None
    for entry in entries:
        match entry.type:
            case "MessageHeader":
                assert header_news_from(entry.resource, entry.path).event is not None
            case "Patient":
                person = patient_news_from(entry.resource, entry.path, sender.test_numbers).facts
                replaced_by_this(entry.resource, entry.path)
            case "Encounter":
                stay = encounter_news_from(entry.resource, entry.path, entries).facts
            case "RelatedPerson":
                news = related_person_news_from(entry.resource, entry.path, sender.test_numbers)
                assert entries.resolved(news.patient, entry).type == "Patient"
    if stay is None:
        assert keyed.key == person_record_id("pas", person, "PID-3")
    else:
        assert keyed.key == stay_ids("RWE", stay, hospital_number_of(person))[0]
        assert person_record_id("pas", person, "PID-3", keyed.key)


@given(frames(), SENDERS)
def test_the_same_bytes_become_the_same_event(frame, sender):
    first, refusal = outcome_of(frame, sender)
    again, refused = outcome_of(frame, sender)
    assert first == again
    assert repr(refusal) == repr(refused)
