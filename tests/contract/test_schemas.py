"""Schemas, topics and examples as people write them: each law once, over all files."""

import dataclasses
import json
import re

import fastavro
import pytest
import yaml
from fhir.resources.R4B import get_fhir_model_class

from deploy.generate import ROOT
from deploy.generating.examples import datum_from_example, record_from_example
from deploy.generating.schema_files import schemas_from
from deploy.generating.schemas import ContractBroken
from deploy.generating.topics import (
    FRAME,
    TopicSource,
    example_faults,
    topic_faults,
    topics_from,
)
from hub.codec import decode, encode
from hub.records import CarerFlagEvent, EncounterEvent, ReferralOutcome, Word
from hub.records.registry import CURRENT_ID, WRITER_SCHEMAS
from hub.topics import GP_CARER_FLAG, HOSPITAL_ENCOUNTER, TO_ALERT, TOPICS, topic_of

META_SCHEMA = (ROOT / "schemas/topics.schema.json").read_text()
AVRO = {path.name: path.read_text() for path in (ROOT / "schemas/avro").glob("*.avsc")}
YAML = {path.name: path.read_text() for path in (ROOT / "schemas/topics").glob("*.yaml")}
SCHEMAS = schemas_from(AVRO)
SOURCES = topics_from(YAML, META_SCHEMA)
EXAMPLES = sorted((ROOT / "schemas/examples").glob("*/*.json"))
BY_STEM = {each.name.replace("<ods>", "ods"): each for each in TOPICS}
FRAMED = [each for each in SOURCES if each.record and not each.topic.startswith("to.")]


def of(path):
    return f"{path.parent.name}/{path.stem}"


def loaded(path):
    return json.loads(path.read_text())


# Examples


@pytest.mark.parametrize("path", EXAMPLES, ids=of)
def test_every_example_is_valid_and_goes_round(path):
    record = BY_STEM[path.parent.name].record
    wire = json.loads(WRITER_SCHEMAS[CURRENT_ID[record]])
    datum = datum_from_example(wire, loaded(path))
    assert fastavro.validate(datum, fastavro.parse_schema(wire), strict=True, raise_errors=False)
    meant = record_from_example(record, loaded(path))
    assert decode(encode(meant)) == meant


@pytest.mark.parametrize("path", EXAMPLES, ids=of)
def test_every_resource_in_an_example_is_fhir_r4(path):
    resource = loaded(path).get("resource")
    if resource is not None:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


@pytest.mark.parametrize("path", EXAMPLES, ids=of)
def test_every_nhs_number_in_an_example_is_a_valid_one_of_the_test_range(path):
    for number in re.findall(r"(?<![\d.-])\d{10}(?![\d.-])", path.read_text()):
        remainder = 11 - sum(int(digit) * (10 - n) for n, digit in enumerate(number[:9])) % 11
        assert number.startswith("999"), number
        assert int(number[9]) == remainder % 11, number


@pytest.mark.parametrize("path", EXAMPLES, ids=of)
def test_every_example_is_named_for_its_situation(path):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem)


def test_every_topic_with_a_record_has_an_example_and_no_folder_is_without_topic():
    folders = [path for path in (ROOT / "schemas/examples").iterdir() if path.is_dir()]
    found = {path.name: [each.name for each in path.glob("*.json")] for path in folders}
    assert example_faults(SOURCES, found) == []


@pytest.mark.parametrize(
    ("examples", "fault"),
    [
        ({"hub.reminder.v1": []}, "schemas/examples/hub.reminder.v1: the topic has no example"),
        ({}, "schemas/examples/hub.reminder.v1: the topic has no example"),
        (
            {"hub.reminder.v1": ["a.json"], "hub.remainder.v1": ["a.json"]},
            "schemas/examples/hub.remainder.v1: there is no such topic",
        ),
    ],
)
def test_a_missing_example_and_a_folder_without_topic_are_found(examples, fault):
    reminder = [each for each in SOURCES if each.topic == "hub.reminder.v1"]
    assert example_faults(reminder, examples) == [fault]


WORD = {
    "about": "ward",
    "recorded_at": "2026-11-03T10:15:02.123Z",
    "un_event": False,
    "sequence": 0,
    "event_id": "0b1f2a52-4a5e-5d29-9d3f-1f1b4d0f6a11",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "red"}, "Word: expected no such field as colour"),
        ({"about": 3}, "Word.about: expected a value of type str"),
        ({"sequence": "3"}, "Word.sequence: expected a value of type int"),
        ({"un_event": 1}, "Word.un_event: expected a value of type bool"),
        ({"recorded_at": "2026-11-03T10:15:02"}, "Word.recorded_at: expected a time with Z"),
        ({"recorded_at": "yesterZ"}, "Word.recorded_at: expected a value that can be read"),
        ({"event_id": "7"}, "Word.event_id: expected a value that can be read"),
    ],
)
def test_an_example_that_breaks_its_schema_says_where(change, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        record_from_example(Word, {**WORD, **change})


def test_an_example_may_leave_out_only_what_has_a_default():
    with pytest.raises(ValueError, match=r"Word\.about: expected a value"):
        record_from_example(Word, {name: each for name, each in WORD.items() if name != "about"})


# Topics


def test_topics_and_records_fit():
    assert topic_faults(SOURCES, SCHEMAS) == []


def topic(**changes):
    whole = {
        "topic": "hub.test.v1",
        "description": "A topic to try the rules with.",
        "record": "ReminderDue",
        "key": "subject id",
        "partitions": "region",
        "written_by": ["relay"],
        "read_by": ["projections"],
        "cleanup": "delete",
        "retention_days": 28,
        "owner": "region",
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not ...}


def read(*topics):
    texts = {f"{each['topic'].replace('<ods>', 'ods')}.yaml": each for each in topics}
    return topics_from({file: yaml.safe_dump(each) for file, each in texts.items()}, META_SCHEMA)


def test_a_right_topic_is_accepted():
    assert [each.topic for each in read(topic())] == ["hub.test.v1"]


ORGANISATION = {"per_organisation": True, "partitions": "one"}


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
        {"retentiondays": 28},
        {"owner": ...},
        {"owner": ""},
        {"written_by": ...},
        {"written_by": []},
        {"read_by": ...},
        {"read_by": ["relay", "relay"]},
        {"description": ...},
        {"key": ...},
        {"record": ...},
        {"record": None},
        {"record": "reminder_due"},
        {"partitions": ...},
        {"partitions": "one"},
        {"partitions": 3},
        {"cleanup": ...},
        {"cleanup": "both"},
        {"retention_days": ...},
        {"retention_days": 0},
        {"cleanup": "compact"},
        {"per_organisation": True},
        {"topic": "hub.test"},
        {"topic": "hub.test.v0"},
        {"topic": "hub.test.1"},
        {"topic": "hub.test_case.v1"},
        {"topic": "hub_test.case.v1"},
        {"topic": "Hub.test.v1"},
        {"topic": "hub.test.case.v1"},
        {"topic": "hub..v1"},
        {"topic": "to.test.v1"},
        {"topic": "to.<ods>.test.v1"},
        {"topic": "to.<ods>.test.v1", "partitions": "one"},
        {"topic": "at.<ods>.test.v1", **ORGANISATION},
        {"topic": "to.<ods>.test_case.v1", **ORGANISATION},
        {"topic": "to.<ODS>.test.v1", **ORGANISATION},
    ],
    ids=str,
)
def test_the_meta_schema_refuses(changes):
    with pytest.raises(ContractBroken):
        read(topic(**changes))


def test_the_meta_schema_accepts_the_longer_form():
    assert read(topic(topic="to.<ods>.test.v1", **ORGANISATION))


def test_a_file_that_is_no_topic_is_refused():
    for text in ("", "[]", "topic: [", "topic"):
        with pytest.raises(ContractBroken, match=r"schemas/topics/a\.yaml"):
            topics_from({"a.yaml": text}, META_SCHEMA)


def test_a_file_has_the_name_of_its_topic():
    with pytest.raises(ContractBroken, match=r"the file of hub\.test\.v1 is hub\.test\.v1\.yaml"):
        topics_from({"reminders.yaml": yaml.safe_dump(topic())}, META_SCHEMA)


def test_a_topic_in_two_files_is_refused():
    text = yaml.safe_dump(topic())
    with pytest.raises(ContractBroken, match=r"hub\.test\.v1 is there twice"):
        topics_from({"hub.test.v1.yaml": text, "a.yaml": text}, META_SCHEMA)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ([topic()], "schemas/topics: ReminderDue is on 2 topics; one topic carries one record"),
        (
            [topic(record="Reminder")],
            "schemas/topics/hub.test.v1.yaml: there is no schemas/avro/Reminder.avsc",
        ),
        (
            [topic(topic="from.<ods>.test.v1", record="AlertTold", **ORGANISATION)],
            "schemas/topics/from.ods.test.v1.yaml: AlertTold has no topic inside the hub",
        ),
        (
            [topic(record="AlertTold")],
            f"schemas/avro/AlertTold.avsc: begins with the frame: {', '.join(FRAME)}",
        ),
    ],
)
def test_a_topic_that_does_not_fit_its_record_is_found(more, fault):
    assert fault in topic_faults([*SOURCES, *read(*more)], SCHEMAS)


def with_schema(**changes):
    """All schemas, one of them changed."""
    name, change = next(iter(changes.items()))
    schema = json.loads(AVRO[f"{name}.avsc"])
    change(schema)
    return schemas_from({**AVRO, f"{schema['name']}.avsc": json.dumps(schema)})


def test_a_record_that_nothing_carries_holds_or_remembers_is_found():
    def other(schema):
        schema.update(name="Lonely", doc="Nobody needs it.")

    assert topic_faults(SOURCES, with_schema(Coding=other)) == [
        "schemas/avro/Lonely.avsc: no topic carries it and no record holds it;"
        " if it is remembered, its doc begins with 'State of '"
    ]


@pytest.mark.parametrize("source", FRAMED, ids=lambda each: each.topic)
def test_every_record_inside_the_hub_begins_with_the_frame(source):
    names = [each.name for each in SCHEMAS.record(source.record).fields]
    assert tuple(names[: len(FRAME)]) == FRAME


@pytest.mark.parametrize("n", range(len(FRAME)))
def test_a_frame_that_lacks_a_field_or_is_in_another_order_is_found(n):
    def swapped(schema):
        fields = schema["fields"]
        fields[n], fields[n + 1] = fields[n + 1], fields[n]

    def lacking(schema):
        del schema["fields"][n]

    for change in (swapped, lacking):
        faults = topic_faults(SOURCES, with_schema(ReminderDue=change))
        assert faults == [
            f"schemas/avro/ReminderDue.avsc: begins with the frame: {', '.join(FRAME)}"
        ]


@pytest.mark.parametrize("name", ["AlertNotice", "ReferralNotice"])
def test_nothing_of_the_frame_goes_to_an_organisation(name):
    assert not {each.name for each in SCHEMAS.record(name).fields} & set(FRAME)


@pytest.mark.parametrize("name", FRAME)
def test_a_field_of_the_frame_on_the_way_to_an_organisation_is_found(name):
    def leaking(schema):
        schema["fields"].append({"name": name, "type": "string", "doc": "Leak."})

    assert topic_faults(SOURCES, with_schema(AlertNotice=leaking)) == [
        f"schemas/avro/AlertNotice.avsc: the frame stays inside the hub, but it has {name}"
    ]


def test_the_topics_in_the_code_are_those_in_the_files():
    for source in SOURCES:
        said = dataclasses.asdict(source)
        row = BY_STEM[source.stem]
        assert row.name == said.pop("topic")
        assert (row.record.__name__ if row.record else None) == said.pop("record")
        assert {name: getattr(row, name) for name in said} == said
    assert len(TOPICS) == len(SOURCES)


def test_a_record_has_one_topic_whoever_else_sends_it():
    assert topic_of(EncounterEvent) is HOSPITAL_ENCOUNTER
    assert topic_of(CarerFlagEvent) is GP_CARER_FLAG
    assert topic_of(ReferralOutcome).name == "outcome.referral.v1"
    with pytest.raises(LookupError, match="no topic carries Word"):
        topic_of(Word)


def test_the_topic_of_an_organisation_is_in_lower_case():
    assert TO_ALERT.name_for("RWE") == "to.rwe.alert.v1"
    for topic_, ods in ((TO_ALERT, "R.E"), (TO_ALERT, ""), (HOSPITAL_ENCOUNTER, "RWE")):
        with pytest.raises(ValueError, match="ODS code"):
            topic_.name_for(ods)


def test_from_version_2_on_the_constant_says_the_version():
    later = dataclasses.replace(SOURCES[0], topic="hospital.carer-flag.v2")
    assert isinstance(later, TopicSource)
    assert later.constant == "HOSPITAL_CARER_FLAG_V2"


# Schemas

THING = {
    "type": "record",
    "name": "Thing",
    "namespace": "hub",
    "doc": "A thing.",
    "fields": [{"name": "about", "type": "string", "doc": "What."}],
}


def thing(**changes):
    return json.dumps({**THING, **changes})


def thing_with(**changes):
    return thing(fields=[{**THING["fields"][0], **changes}])


COLOUR = {"type": "enum", "name": "Colour", "doc": "A.", "symbols": ["red"], "default": "red"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[]", "one record per file"),
        (json.dumps(COLOUR), "one record per file"),
        (thing(namespace="nhs"), "the namespace is 'hub'"),
        (thing(name="Other"), "file and record have one name"),
        (thing(name="thing"), "is no type name"),
        (thing(doc=""), "Thing: needs a doc"),
        (thing(doc="Two\nlines."), "Thing: needs a doc"),
        (thing(doc='It is """quoted""" here.'), "Thing: needs a doc"),
        (thing(fields=[]), "has no fields"),
        (thing(fields=THING["fields"] * 2), "the same field twice"),
        (thing(aliases=["Old"]), "attribute 'aliases' is not used here"),
        (thing_with(order="ascending"), "attribute 'order' is not used here"),
        (thing_with(doc=" "), "Thing.about: needs a doc"),
        (thing_with(name="class"), "is no name for a field"),
        (thing_with(name="date"), "is no name for a field"),
        (thing_with(name="From"), "is no name for a field"),
        (thing_with(type="float"), 'type "float" is not used here'),
        (thing_with(type={"type": "map", "values": "string"}), "is not used here"),
        (thing_with(type={"type": "fixed", "name": "Hash", "size": 4}), "is not used here"),
        (thing_with(type=["string", "null"]), "is not used here"),
        (thing_with(type=["null", "string", "int"]), "is not used here"),
        (thing_with(type=["null", "null"]), "is not used here"),
        (thing_with(type={"type": "long", "logicalType": "uuid"}), "is not used here"),
        (thing_with(type={"type": "string", "logicalType": "url"}), "is not used here"),
        (thing_with(type=None), "is not used here"),
        (thing_with(type="Nothing"), "there is no type Nothing"),
        (thing_with(type=["null", "string"]), "optional means default null"),
        (thing_with(type=["null", "string"], default="x"), "optional means default null"),
        (thing_with(type="int", default="1"), 'default "1" does not fit'),
        (thing_with(type="int", default=True), "default true does not fit"),
        (thing_with(type="bytes", default=""), 'default "" does not fit'),
        (thing_with(type={"type": "array", "items": "int"}, default=[1]), "does not fit"),
        (thing_with(type=COLOUR, default="blue"), 'default "blue" does not fit'),
        (thing_with(type={**COLOUR, "default": "blue"}), "needs a default among its symbols"),
        (
            thing_with(type={**COLOUR, "symbols": ["red", "in-patient"]}),
            "'in-patient' is no symbol",
        ),
        (thing_with(type={**COLOUR, "symbols": ["red", "Red"]}), "differ in nothing but case"),
        (thing_with(type={**COLOUR, "name": "Word"}), "names are unique"),
        (thing_with(type={"type": "array", "items": "Thing"}), "holds its own record"),
        (thing_with(type={**THING, "name": "Thing"}), "names are unique"),
        ('{"type": "record", "type": "record"}', "the same key twice"),
    ],
)
def test_a_schema_that_the_hub_does_not_use_is_refused(text, said):
    with pytest.raises(ContractBroken, match=r"schemas/avro") as broken:
        schemas_from({"Thing.avsc": text, "Word.avsc": AVRO["Word.avsc"]})
    assert said in str(broken.value)


def test_files_that_need_each_other_are_refused():
    one = thing_with(type="Other")
    other = json.dumps({**json.loads(thing_with(type="Thing")), "name": "Other"})
    with pytest.raises(ContractBroken, match=r"need each other: Other\.avsc, Thing\.avsc"):
        schemas_from({"Thing.avsc": one, "Other.avsc": other})


def test_all_faults_of_all_files_are_told_at_once():
    with pytest.raises(ContractBroken) as broken:
        schemas_from({"Thing.avsc": thing(doc="", namespace=""), "A.avsc": "["})
    assert len(broken.value.faults) == 3
