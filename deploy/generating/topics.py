"""The topics of `schemas/topics`: read, held against the records, written as Python."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jsonschema_rs
import yaml

from deploy.generating.python_records import header
from deploy.generating.schemas import ContractBroken, Schemas, fields_with_types, names_in

FRAME: Final = (
    "event_id",
    "caused_by",
    "correlation_id",
    "source",
    "source_event_id",
    "occurred_at",
    "recorded_at",
    "received_at",
    "region",
)
STATE_DOC: Final = "State of "


@dataclass(frozen=True)
class TopicSource:
    """One topic as its file says it."""

    topic: str
    description: str
    record: str | None
    key: str
    partitions: str
    written_by: tuple[str, ...]
    read_by: tuple[str, ...]
    cleanup: str
    owner: str
    retention_days: int | None = None
    per_organisation: bool = False

    @property
    def stem(self) -> str:
        """The name of its file and of its folder of examples: file systems mind `<`."""
        return self.topic.replace("<ods>", "ods")

    @property
    def constant(self) -> str:
        """`hospital.encounter.v1` is `HOSPITAL_ENCOUNTER`; from `.v2` on the constant says it."""
        *words, major = self.topic.replace(".<ods>", "").split(".")
        name = "_".join(words).replace("-", "_").upper()
        return name if major == "v1" else f"{name}_{major.upper()}"


def topics_from(texts: Mapping[str, str], meta_schema: str) -> tuple[TopicSource, ...]:
    """Read all topics, given by file name.

    Raises:
        ContractBroken: A file is no YAML, breaks the meta-schema, or names another's topic.
    """
    validator = jsonschema_rs.validator_for(json.loads(meta_schema))
    topics, faults = [], []
    for file, text in sorted(texts.items()):
        found = _loaded(text)
        wrong = [f"schemas/topics/{file}: {_said(each)}" for each in validator.iter_errors(found)]
        faults += wrong
        if not wrong:
            topics.append(_topic(found))
            if (right := f"{topics[-1].stem}.yaml") != file:
                faults.append(f"schemas/topics/{file}: the file of {topics[-1].topic} is {right}")
    twice = [name for name, times in Counter(each.topic for each in topics).items() if times > 1]
    faults += [f"schemas/topics: {name} is there twice" for name in twice]
    if faults:
        raise ContractBroken(faults)
    return tuple(topics)


def topic_faults(topics: Sequence[TopicSource], schemas: Schemas) -> list[str]:
    """What topics and records say against each other, one sentence each."""
    return sorted(
        [
            *_record_faults(topics, schemas),
            *_frame_faults(topics, schemas),
            *_unreferenced(topics, schemas),
        ]
    )


def example_faults(
    topics: Sequence[TopicSource], examples: Mapping[str, Sequence[str]]
) -> list[str]:
    """Topics without examples and examples without a topic; `examples` lists files by folder."""
    wanted = {each.stem for each in topics if each.record is not None}
    missing = [
        f"schemas/examples/{stem}: the topic has no example"
        for stem in wanted
        if not examples.get(stem)
    ]
    return sorted(
        missing
        + [
            f"schemas/examples/{folder}: there is no such topic"
            for folder in examples.keys() - wanted
        ]
    )


def topics_module(topics: Sequence[TopicSource]) -> str:
    """`hub/topics.py`: one constant a topic."""
    records = sorted({each.record for each in topics if each.record})
    rows = sorted(topics, key=lambda each: each.constant)
    return "\n".join(
        [
            header("schemas/topics"),
            '"""Every topic as a value. Code names these constants, never a topic in a string."""',
            "",
            "from collections.abc import Mapping",
            "from dataclasses import dataclass",
            "from typing import Final, Literal",
            "",
            f"from hub.records import {', '.join(records)}",
            "from hub.records.registry import Record",
            "",
            _TOPIC_CLASS,
            *(_constant(each) for each in rows),
            "TOPICS: Final[tuple[Topic, ...]] = (",
            *(f"    {each.constant}," for each in rows),
            ")",
            "",
            "_BY_RECORD: Final[Mapping[type[Record], Topic]] = {",
            *(
                f"    {each.record}: {each.constant},"
                for each in rows
                if each.record and not _sent_in(each)
            ),
            "}",
            "",
            _TOPIC_OF,
        ]
    )


_TOPIC_CLASS: Final = '''
@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic: what it carries, who writes and reads it, how long it is kept.

    Attributes:
        name: As Kafka knows it; with `<ods>` where each organisation has its own.
        record: What its values are; None when it carries none.
        key: What its keys are.
        cleanup: Kafka's cleanup policy.
        retention_days: How long values are kept; None on compacted topics.
        partitions: One for each region, or one.
        per_organisation: True when each organisation has its own.
        written_by: Who may write it.
        read_by: Who reads it.
        owner: The room that answers for it.
        description: One sentence.
    """

    name: str
    record: type[Record] | None
    key: str
    cleanup: Literal["delete", "compact"]
    retention_days: int | None
    partitions: Literal["region", "one"]
    per_organisation: bool
    written_by: tuple[str, ...]
    read_by: tuple[str, ...]
    owner: str
    description: str

    def name_for(self, ods_code: str) -> str:
        """The topic of one organisation, in lower case."""
        if not self.per_organisation or not (ods_code.isascii() and ods_code.isalnum()):
            raise ValueError(f"{self.name} is no topic of one organisation, or this is no ODS code")
        return self.name.replace("<ods>", ods_code.lower())

'''
_TOPIC_OF: Final = '''
def topic_of(record: type[Record]) -> Topic:
    """The one topic that carries a record; `from.<ods>` topics hold some as they were sent.

    Raises:
        LookupError: No topic carries it: it is state, or part of another record.
    """
    if record not in _BY_RECORD:
        raise LookupError(f"no topic carries {record.__name__}")
    return _BY_RECORD[record]
'''


def _loaded(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def _said(error: jsonschema_rs.ValidationError) -> str:
    place = "/".join(str(each) for each in error.instance_path)
    return f"{place}: {error.message}" if place else error.message


def _topic(found: dict[str, Any]) -> TopicSource:
    rooms = {name: tuple(found[name]) for name in ("written_by", "read_by")}
    return TopicSource(**{**found, **rooms, "description": " ".join(found["description"].split())})


def _sent_in(topic: TopicSource) -> bool:
    """`from.<ods>` topics carry what an organisation sends: the records of other topics."""
    return topic.topic.startswith("from.")


def _sent_out(topic: TopicSource) -> bool:
    return topic.topic.startswith("to.")


def _record_faults(topics: Sequence[TopicSource], schemas: Schemas) -> Iterator[str]:
    for each in topics:
        if each.record is not None and each.record not in schemas.records:
            yield f"schemas/topics/{each.stem}.yaml: there is no schemas/avro/{each.record}.avsc"
    homes = Counter(each.record for each in topics if each.record and not _sent_in(each))
    for record, times in homes.items():
        if times > 1:
            yield f"schemas/topics: {record} is on {times} topics; one topic carries one record"
    for each in topics:
        if _sent_in(each) and each.record not in homes:
            yield f"schemas/topics/{each.stem}.yaml: {each.record} has no topic inside the hub"


def _frame_faults(topics: Sequence[TopicSource], schemas: Schemas) -> Iterator[str]:
    for each in topics:
        if each.record is None or each.record not in schemas.records:
            continue
        names = [field.name for field in schemas.record(each.record).fields]
        place = f"schemas/avro/{each.record}.avsc"
        if _sent_out(each) and (inside := [name for name in FRAME if name in names]):
            yield f"{place}: the frame stays inside the hub, but it has {', '.join(inside)}"
        if not _sent_out(each) and tuple(names[: len(FRAME)]) != FRAME:
            yield f"{place}: begins with the frame: {', '.join(FRAME)}"


def _unreferenced(topics: Sequence[TopicSource], schemas: Schemas) -> Iterator[str]:
    on_topics = {each.record for each in topics}
    held = {name for _, field in fields_with_types(schemas.types) for name in names_in(field.type)}
    for name in schemas.records:
        if name not in on_topics | held and not schemas.record(name).doc.startswith(STATE_DOC):
            yield (
                f"schemas/avro/{name}.avsc: no topic carries it and no record holds it;"
                f" if it is remembered, its doc begins with {STATE_DOC!r}"
            )


def _constant(topic: TopicSource) -> str:
    values = {
        "name": repr(topic.topic),
        "record": topic.record or "None",
        "key": repr(topic.key),
        "cleanup": repr(topic.cleanup),
        "retention_days": repr(topic.retention_days),
        "partitions": repr(topic.partitions),
        "per_organisation": repr(topic.per_organisation),
        "written_by": repr(topic.written_by),
        "read_by": repr(topic.read_by),
        "owner": repr(topic.owner),
        "description": repr(topic.description),
    }
    given = "".join(f"    {name}={value},\n" for name, value in values.items())
    return f"{topic.constant}: Final = Topic(\n{given})\n"
