"""FULL_TRANSITIVE: today reads every landed version, and every version reads what today writes."""

import copy
import io
import json

import fastavro
import pytest

from deploy.generate import ROOT
from deploy.generating.compatibility import breaks
from deploy.generating.registry import grown, landed_text, registry_from, sha256
from deploy.generating.schema_files import schemas_from
from deploy.generating.schemas import ContractBroken
from deploy.generating.wire import declared_by, wire_of
from hub.codec import decode
from hub.records.registry import CURRENT_ID, RECORD_OF, WRITER_SCHEMAS

REGISTRY = ROOT / "schemas/registry"
LANDED = registry_from(
    {path.relative_to(REGISTRY).as_posix(): path.read_text() for path in REGISTRY.glob("*/*.avsc")},
    (REGISTRY / "landed.txt").read_text(),
)
SAMPLES = {
    "string": "x",
    "bytes": b"x",
    "int": 7,
    "long": 7_000_000_000,
    "boolean": True,
    "double": 0.5,
    "uuid": "0b1f2a52-4a5e-5d29-9d3f-1f1b4d0f6a11",
    "timestamp-millis": 1_793_700_902_123,
    "date": 20_760,
}


def sample(wire, *, full):
    """Plain values that fit a wire schema: everything there twice, or as little as possible."""
    named = declared_by(wire)

    def value(kind):
        match named.get(kind, kind) if isinstance(kind, str) else kind:
            case {"logicalType": name} | str(name):
                return SAMPLES[name]
            case ["null", inner]:
                return value(inner) if full else None
            case {"type": "array", "items": items}:
                return [value(items), value(items)] if full else []
            case {"type": "enum", "symbols": symbols}:
                return symbols[-1]
            case {"fields": fields}:
                return {each["name"]: value(each["type"]) for each in fields}

    return value(wire)


def plain(schema):
    """Without logical types, as the codec reads and writes."""
    match schema:
        case {"logicalType": _, "type": base}:
            return base
        case dict():
            return {name: plain(each) for name, each in schema.items()}
        case list():
            return [plain(each) for each in schema]
        case _:
            return schema


def parsed(wire):
    return fastavro.parse_schema(plain(wire))


def written(wire, datum):
    out = io.BytesIO()
    fastavro.schemaless_writer(out, parsed(wire), datum)
    return out.getvalue()


def read(body, writer, reader):
    return fastavro.schemaless_reader(io.BytesIO(body), parsed(writer), parsed(reader))


@pytest.mark.parametrize("version", LANDED, ids=lambda each: each.path)
def test_every_landed_version_is_read_by_todays_code_and_reads_what_it_writes(version):
    today = json.loads(WRITER_SCHEMAS[CURRENT_ID[RECORD_OF[version.schema_id]]])
    for full in (True, False):
        body = written(version.plain(), sample(version.plain(), full=full))
        record = decode(b"\x00" + version.schema_id.to_bytes(4) + body)
        assert type(record) is RECORD_OF[version.schema_id]
        assert type(record).__name__ == version.record

        datum = read(written(today, sample(today, full=full)), today, version.plain())
        assert datum.keys() == {each["name"] for each in version.wire["fields"]}


@pytest.mark.parametrize("version", LANDED, ids=lambda each: each.path)
def test_every_version_keeps_the_rules_against_all_before_it(version):
    before = [
        (each.number, each.plain())
        for each in LANDED
        if each.record == version.record and each.number < version.number
    ]
    assert breaks(version.plain(), before) == []


def test_ids_are_unique_over_all_records_and_versions():
    assert len({each.schema_id for each in LANDED}) == len(LANDED)


# Changes, tried on a small record with everything in it.

STAY = {
    "type": "record",
    "name": "Stay",
    "namespace": "hub",
    "doc": "A stay.",
    "fields": [
        {"name": "stay_id", "type": {"type": "string", "logicalType": "uuid"}, "doc": "Id."},
        {"name": "ward", "type": "string", "doc": "Ward."},
        {"name": "bed", "type": ["null", "string"], "doc": "Bed.", "default": None},
        {"name": "level", "type": "int", "doc": "Level.", "default": 0},
        {"name": "sequence", "type": "long", "doc": "MSH-13."},
        {
            "name": "admitted_at",
            "type": {"type": "long", "logicalType": "timestamp-millis"},
            "doc": "Since.",
        },
        {"name": "ready_on", "type": {"type": "int", "logicalType": "date"}, "doc": "Ready."},
        {"name": "tags", "type": {"type": "array", "items": "string"}, "doc": "Tags."},
        {
            "name": "status",
            "doc": "Status.",
            "type": {
                "type": "enum",
                "name": "Status",
                "doc": "Status.",
                "symbols": ["unknown", "here", "gone"],
                "default": "unknown",
            },
        },
        {
            "name": "patient",
            "doc": "Patient.",
            "type": {
                "type": "record",
                "name": "Patient",
                "doc": "A patient.",
                "fields": [
                    {"name": "family", "type": "string", "doc": "Name."},
                    {"name": "given", "type": ["null", "string"], "doc": "N.", "default": None},
                ],
            },
        },
    ],
}


def field(schema, name):
    return next(each for each in schema["fields"] if each["name"] == name)


def retyped(name, kind, **more):
    return lambda schema: field(schema, name).update(type=kind, **more)


def without(name):
    return lambda schema: schema["fields"].remove(field(schema, name))


def added(name, kind, **more):
    return lambda schema: schema["fields"].append({"name": name, "type": kind, "doc": "N.", **more})


def enum(**changes):
    return lambda schema: field(schema, "status")["type"].update(**changes)


def in_patient(change):
    return lambda schema: change(field(schema, "patient")["type"])


def renamed(name, new):
    return lambda schema: field(schema, name).update(name=new)


def wire(change=None):
    schema = copy.deepcopy(STAY)
    if change is not None:
        change(schema)
    return wire_of("Stay", schemas_from({"Stay.avsc": json.dumps(schema)}))


OPTIONAL = ["null", "string"]
TIME = {"type": "long", "logicalType": "timestamp-millis"}
BAD = {
    "required field removed": (without("ward"), "Stay.ward", "cannot go"),
    "required field added": (added("site", "string"), "Stay.site", "needs a default"),
    "required field renamed": (renamed("ward", "unit"), "Stay.ward", "cannot go"),
    "required field added inside": (
        in_patient(added("prefix", "string")),
        "Stay.patient.prefix",
        "needs a default",
    ),
    "required field removed inside": (
        in_patient(without("family")),
        "Stay.patient.family",
        "cannot go",
    ),
    "string to int": (retyped("ward", "int"), "Stay.ward", "string to int"),
    "string to bytes": (retyped("ward", "bytes"), "Stay.ward", "string to bytes"),
    "string to boolean": (retyped("ward", "boolean"), "Stay.ward", "string to boolean"),
    "int widened to long": (retyped("level", "long"), "Stay.level", "int to long"),
    "int widened to double": (
        retyped("level", "double", default=0.0),
        "Stay.level",
        "int to double",
    ),
    "long narrowed to int": (retyped("sequence", "int"), "Stay.sequence", "long to int"),
    "uuid to string": (retyped("stay_id", "string"), "Stay.stay_id", "uuid to string"),
    "string to uuid": (
        retyped("ward", {"type": "string", "logicalType": "uuid"}),
        "Stay.ward",
        "string to uuid",
    ),
    "time to long": (retyped("admitted_at", "long"), "Stay.admitted_at", "timestamp-millis to"),
    "long to time": (retyped("sequence", TIME), "Stay.sequence", "long to timestamp-millis"),
    "date to int": (retyped("ready_on", "int"), "Stay.ready_on", "date to int"),
    "made optional": (
        retyped("ward", OPTIONAL, default=None),
        "Stay.ward",
        "string to optional string",
    ),
    "made required": (
        retyped("bed", "string", default=""),
        "Stay.bed",
        "optional string to string",
    ),
    "optional of another type": (
        retyped("bed", ["null", "int"]),
        "Stay.bed",
        "string to int",
    ),
    "one to many": (
        retyped("ward", {"type": "array", "items": "string"}),
        "Stay.ward",
        "string to array of string",
    ),
    "array of another type": (
        retyped("tags", {"type": "array", "items": "long"}),
        "Stay.tags",
        "string to long",
    ),
    "enum to string": (retyped("status", "string"), "Stay.status", "Status to string"),
    "symbol removed": (enum(symbols=["unknown", "here"]), "Stay.status", "gone"),
    "symbol renamed": (enum(symbols=["unknown", "here", "left"]), "Stay.status", "gone"),
    "enum renamed": (enum(name="StayStatus"), "Stay.status", "now StayStatus"),
    "default symbol changed": (enum(default="gone"), "Stay.status", "default"),
    "default changed": (
        lambda schema: field(schema, "level").update(default=1),
        "Stay.level",
        "default",
    ),
    "record inside renamed": (
        in_patient(lambda schema: schema.update(name="PersonInBed")),
        "Stay.patient",
        "now PersonInBed",
    ),
}
GOOD = {
    "optional field": added("site", OPTIONAL, default=None),
    "field with a default": added("behind", "boolean", default=False),
    "empty array": added("notes", {"type": "array", "items": "string"}, default=[]),
    "new enum with a default": added(
        "method",
        {
            "type": "enum",
            "name": "Method",
            "doc": "M.",
            "symbols": ["unknown", "advice"],
            "default": "unknown",
        },
        default="unknown",
    ),
    "optional record": added("carer", ["null", "Patient"], default=None),
    "optional field inside": in_patient(added("prefix", OPTIONAL, default=None)),
    "symbol added": enum(symbols=["unknown", "here", "gone", "on_leave"]),
    "symbols in another order": enum(symbols=["gone", "unknown", "here"]),
    "fields in another order": lambda schema: schema["fields"].reverse(),
    "field with a default removed": without("level"),
    "default added": lambda schema: field(schema, "ward").update(default=""),
    "other words in doc": lambda schema: schema.update(doc="Another."),
}


def test_at_least_20_bad_and_6_good_changes_are_tried():
    assert len(BAD) >= 20
    assert len(GOOD) >= 6


@pytest.mark.parametrize("name", BAD)
def test_a_bad_change_is_refused_with_place_and_rule(name):
    change, place, rule = BAD[name]
    found = breaks(wire(change), [(1, wire())])
    assert any(each.place == place and rule in each.rule for each in found), found


@pytest.mark.parametrize("name", sorted(BAD.keys() - {"symbol removed"}))
def test_a_bad_change_is_as_bad_the_other_way_round(name):
    change, _, _ = BAD[name]
    assert breaks(wire(), [(1, wire(change))])


@pytest.mark.parametrize("full", [True, False], ids=["full", "bare"])
@pytest.mark.parametrize("name", GOOD)
def test_a_good_change_is_accepted_and_read_both_ways(name, full):
    old, new = wire(), wire(GOOD[name])
    assert breaks(new, [(1, old)]) == []
    for writer, reader in ((old, new), (new, old)):
        datum = read(written(writer, sample(writer, full=full)), writer, reader)
        assert datum.keys() == {each["name"] for each in reader["fields"]}


@pytest.mark.parametrize("name", BAD)
def test_what_avro_itself_refuses_is_refused_with_a_place(name):
    """No break is left to the veto, which can say no field."""
    change, _, _ = BAD[name]
    assert all("reads" not in each.rule for each in breaks(wire(change), [(1, wire())]))


def test_a_symbol_not_known_yet_reads_as_the_default():
    new, old = wire(enum(symbols=["unknown", "here", "gone", "on_leave"])), wire()
    datum = read(written(new, {**sample(new, full=True), "status": "on_leave"}), new, old)
    assert datum["status"] == "unknown"


def test_every_earlier_version_counts_and_not_only_the_last():
    """Removed, then back with another type: fits the version before, not the one before that."""
    first, second, third = wire(), wire(without("level")), wire(retyped("level", "long"))
    assert breaks(third, [(2, second)]) == []
    found = breaks(third, [(1, first), (2, second)])
    assert [(each.version, each.place) for each in found] == [(1, "Stay.level")]


def schemas(change=None):
    schema = copy.deepcopy(STAY)
    if change is not None:
        change(schema)
    return schemas_from({"Stay.avsc": json.dumps(schema)})


def test_a_refusal_says_record_field_rule_difference_and_what_to_do():
    with pytest.raises(ContractBroken) as broken:
        grown(grown((), schemas()), schemas(retyped("ward", "int")))
    assert str(broken.value).splitlines() == [
        "Stay is incompatible; a breaking change is a new topic .v2",
        "Stay.ward: its type changed from string to int (against Stay/1.avsc)",
        "--- schemas/registry/Stay/1.avsc",
        "+++ schemas/avro/Stay.avsc",
        "@@ -7 +7 @@",
        '-    {"name": "ward", "type": "string"},',
        '+    {"name": "ward", "type": "int"},',
    ]


def test_versions_count_up_and_keep_their_ids():
    registry = grown(grown((), schemas()), schemas(GOOD["optional field"]))
    registry = grown(registry, schemas(GOOD["symbol added"]))
    assert [(each.path, each.schema_id) for each in registry] == [
        ("Stay/1.avsc", 1),
        ("Stay/2.avsc", 2),
        ("Stay/3.avsc", 3),
    ]


def test_the_registry_reads_back_as_it_was_written():
    registry = grown(grown((), schemas()), schemas(GOOD["optional field"]))
    files = {each.path: each.text for each in registry}
    assert registry_from(files, landed_text(registry)) == registry


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('"hub_schema_id": 2', '"hub_schema_id": 1'), "hub_schema_id of"),
        (lambda text: text.replace('"name": "Stay"', '"name": "Spell"'), "holds Spell"),
    ],
)
def test_two_versions_with_one_id_or_a_wrong_name_are_refused(change, said):
    registry = grown(grown((), schemas()), schemas(GOOD["optional field"]))
    files = {each.path: change(each.text) for each in registry}
    landed = "".join(f"{sha256(text)}  {path}\n" for path, text in files.items())
    with pytest.raises(ContractBroken, match=said):
        registry_from(files, landed)


def test_a_gap_in_the_versions_is_refused():
    text = grown((), schemas())[0].text
    with pytest.raises(ContractBroken, match="do not count"):
        registry_from({"Stay/2.avsc": text}, f"{sha256(text)}  Stay/2.avsc\n")
