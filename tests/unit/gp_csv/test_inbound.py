"""A file that is handed in: whole or not at all, durable when refused, the same when read again."""

import os
from datetime import UTC, datetime

import pytest

from connectors.gp_csv.inbound import KEPT_OF_TOO_LARGE, ExtractDoor
from connectors.gp_csv.settings import CsvSettings
from hub.errors import Rejected, Unavailable

HEADER = (
    "source_record_id,carer_nhs_number,carer_given,carer_family,carer_birth_date,carer_sex,carer_address,"
    "carer_postcode,carer_phone,code_system,code,code_term,recorded_on,status,cared_for_nhs_number,"
    "cared_for_given,cared_for_family,cared_for_birth_date,relationship"
)


def row(number, status="active"):
    return f"E-{number},9990000026,Ben,Marsh,1969-07-21,,,,,http://snomed.info/sct,224484003,,2026-11-03,{status},,,,,"


def content_of(*rows):
    return "\n".join([HEADER, *rows, f"#END,{len(rows)}", ""]).encode()


class Log:
    """Publisher and door that remember; the publisher can be away after so many events."""

    def __init__(self, room=1_000):
        self.room = room
        self.published = []
        self.refused = []

    async def publish(self, event, key):
        if len(self.published) >= self.room:
            raise Unavailable("away")
        self.published.append((key, event))

    def keep_refused(self, refused):
        self.refused.append(refused)

    def keep_ignored(self, ignored):
        raise AssertionError


def door_to(log, regions=(3,), **settings):
    return ExtractDoor(
        CsvSettings(name="csv", ods_code="C82904", regions=regions, **settings),
        log,
        log,
        lambda: datetime(2026, 11, 23, tzinfo=UTC),
    )


async def test_every_row_is_published_once(tmp_path):
    file, log = tmp_path / "carers.csv", Log()
    file.write_bytes(content_of(row(1), row(2)))
    assert await door_to(log).read_file(file) == 2
    assert [(key == event.source_record, event.region) for key, event in log.published] == [
        (True, 3),
        (True, 3),
    ]
    assert log.refused == []


async def test_a_file_read_again_gives_the_same_events_and_completes_what_was_interrupted(tmp_path):
    file = tmp_path / "carers.csv"
    file.write_bytes(content_of(row(1), row(2), row(3)))
    interrupted, whole = Log(room=1), Log()
    with pytest.raises(Unavailable):
        await door_to(interrupted).read_file(file)
    await door_to(whole).read_file(file)
    assert interrupted.refused == []
    assert interrupted.published == whole.published[:1]


async def test_nothing_of_a_file_is_published_when_its_last_row_is_wrong(tmp_path):
    file, log = tmp_path / "carers.csv", Log()
    file.write_bytes(content_of(row(1), row(2, status="gone")))
    with pytest.raises(Rejected):
        await door_to(log).read_file(file)
    assert log.published == []
    (refused,) = log.refused
    assert (refused.source, refused.region, refused.code, refused.expression, refused.defect) == (
        "csv",
        3,
        "value",
        "row 3, column status",
        False,
    )
    assert refused.value == file.read_bytes()


async def test_a_file_over_the_cap_is_refused_without_being_read_whole(tmp_path):
    file, log = tmp_path / "carers.csv", Log()
    with file.open("wb") as handle:
        handle.truncate(10 * 1024**3)  # a hole: it takes no room
    with pytest.raises(Rejected):
        await door_to(log, most_bytes=100_000).read_file(file)
    (refused,) = log.refused
    assert (refused.code, len(refused.value)) == ("too-large", KEPT_OF_TOO_LARGE)


@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "nothing"])
async def test_what_is_no_plain_file_is_refused(tmp_path, kind):
    real, path, log = tmp_path / "real.csv", tmp_path / "carers.csv", Log()
    real.write_bytes(content_of(row(1)))
    match kind:
        case "link":
            path.symlink_to(real)
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
    with pytest.raises(Rejected):
        await door_to(log).read_file(path)
    assert log.published == []
    assert [(each.code, each.value) for each in log.refused] == [("no-file", b"")]


async def test_a_refusal_that_cannot_be_kept_is_told_as_such(tmp_path):
    class Away(Log):
        def keep_refused(self, refused):
            raise Unavailable("away")

    file = tmp_path / "carers.csv"
    file.write_bytes(b"nothing")
    with pytest.raises(Unavailable):
        await door_to(Away()).read_file(file)


async def test_progress_counts_events_of_every_region(tmp_path):
    file, told = tmp_path / "carers.csv", []
    file.write_bytes(content_of(row(1), row(2)))
    log = Log()
    door = ExtractDoor(
        CsvSettings(name="csv", ods_code="C82904", regions=(0, 1)),
        log,
        log,
        lambda: datetime(2026, 11, 23, tzinfo=UTC),
        lambda *counts: told.append(counts),
    )
    await door.read_file(file)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
