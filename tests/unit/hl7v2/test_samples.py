"""The official example messages, read in place from the folder that HUB_SAMPLES names."""

import os
from pathlib import Path

import hl7
import pytest

from hub.errors import InvalidResource
from hub.hl7v2 import (
    AcknowledgementCode,
    acknowledgement,
    calendar_day_at,
    message_from,
    messages_from,
    timestamp_at,
)

if "HUB_SAMPLES" not in os.environ:
    pytest.skip(
        "HUB_SAMPLES does not name a folder with the official example messages",
        allow_module_level=True,
    )

FOLDERS = ("uk-itk-adt", "hl7-v2-to-fhir/samples/messages")
TIMES = ("MSH-7", "EVN-2", "EVN-6", "PV1-44", "PV1-45", "PV2-8", "PV2-9", "ZU1-24")
DAYS = ("PID-7", "NK1-16")


@pytest.fixture(scope="module")
def sample_messages() -> dict[str, bytes]:
    """The bytes of every HL7 v2 example, by file name."""
    folders = [Path(os.environ["HUB_SAMPLES"]) / folder for folder in FOLDERS]
    messages = {file.name: file.read_bytes() for folder in folders for file in folder.glob("*.txt")}
    assert len(messages) >= 9
    return messages


def test_every_example_is_read_or_refused_with_its_place(sample_messages):
    for name, content in sample_messages.items():
        for frame in messages_from(content):
            message = message_from(frame)
            assert message.value("MSH-9.1") in ("ADT", "MDM"), name
            assert message.value("PID-3.1") is not None, name
            answer = message_from(acknowledgement(frame, AcknowledgementCode.AA))
            assert answer.value("MSA-2") == message.value("MSH-10"), name


def test_every_time_of_the_examples_is_read_or_refused_with_its_place(sample_messages):
    refused = {
        (name, refusal.expression)
        for name, content in sample_messages.items()
        for read, places in ((timestamp_at, TIMES), (calendar_day_at, DAYS))
        for place in places
        if (refusal := refusal_of(read, message_from(content), place)) is not None
    }
    assert refused == {("A28_Example.txt", "PID-7"), ("A31_example.txt", "PID-7")}


def refusal_of(read, message, place):
    try:
        read(message, place)
    except InvalidResource as refusal:
        return refusal
    return None


def test_the_itk_admission_is_read_as_it_was_meant(sample_messages):
    admission = message_from(sample_messages["A01_example.txt"])
    places = {
        "MSH-9.2": "A01",
        "MSH-21": "iTKv1.0",
        "PID-3.1": "3333333333",
        "PID-3.4": "NHS",
        "PID-3.5": None,
        "NK1-3": "1",
        "PV1-3.2": "OBS1",
        "PV1-3.4": "RCB55",
        "PV1-19.1": "2139",
        "PV2-9": None,
        "ZU1-24": None,
        "ZU8-2": "1",
    }
    assert {place: admission.value(place) for place in places} == places
    assert str(calendar_day_at(admission, "PID-7")) == "1965-12-13"


def test_the_hl7_package_reads_the_same_parts_of_every_example(sample_messages):
    for content in sample_messages.values():
        text = content.decode().replace("\r\n", "\r").replace("\n", "\r")
        ours = message_from(content).segments()[1:]
        for segment, other in zip(ours, list(hl7.parse(text))[1:], strict=True):
            read = [parts(segment.field(number)) for number in range(1, len(other))]
            assert read == [parts_of_other(field) for field in other[1:]], segment.place


def parts(field):
    return [[part.raw for part in one.components] for one in field.repetitions] or [[""]]


def parts_of_other(field):
    return [[one] if isinstance(one, str) else [str(part) for part in one] for one in field]
