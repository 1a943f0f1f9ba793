"""A watched folder: what is new is told, what is gone is ended, and a file that cannot be so is refused whole."""

import asyncio
import errno
import json
import os
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.gp_csv import taking
from connectors.gp_csv.folder import Folder, time_in
from connectors.gp_csv.settings import RegisterSettings
from connectors.gp_csv.watching import FolderWatch, Log
from deploy.layouts import layout_named
from hub.errors import Unavailable
from hub.fhir.bundle import bundle_entries
from hub.testing.memory_registers import MemoryRegister, MemoryRegisters

EMIS = layout_named("emis")
HEADING = "NHS Number,Surname,Given Name,Date of Birth,Mobile,Date,Cared For NHS Number"
EVERYTHING = 1_000_000


def row(number, phone="0116 496 0001", cared_for=""):
    return f"999 000 {number:04},Marsh,Ben,21/07/1969,{phone},03/11/2026,{cared_for}"


def table(*rows, heading=HEADING, end=True):
    lines = [heading, *rows, *([f"Total,{len(rows)}"] if end else [])]
    return "\n".join([*lines, ""]).encode()


class Case:
    """One sender's folder, and the log behind it, which can be away after so many events."""

    def __init__(self, path, layout=EMIS, settle=timedelta(0), **settings):
        self.path = path
        self.room = EVERYTHING
        self.published = []
        self.refused = []
        self.now = datetime(2026, 11, 23, 6, tzinfo=UTC)
        self.registers = MemoryRegisters()
        self.settings = RegisterSettings(
            name="csv", ods_code="C82904", regions=(0,), test_numbers="accept", **settings
        )
        self.layout, self.settle = layout, settle
        self.start()

    def start(self):
        """The process begins anew; what is on the log and in the register stays."""
        self.watch = FolderWatch(
            self.settings,
            self.layout,
            Folder(self.path, self.settle),
            Log(self, self.registers, self, lambda: self.now),
        )

    async def publish(self, event, key):
        if len(self.published) >= self.room:
            raise Unavailable("away")
        self.published.append(event)

    async def publish_all(self, said):
        for event, key in said:
            await self.publish(event, key)

    def keep_refused(self, refused):
        self.refused.append(refused)

    def keep_ignored(self, ignored):
        raise AssertionError

    def put(self, name, content):
        (self.path / name).write_bytes(content)

    async def heard(self, content, name="carers.csv"):
        """Put a file there, an hour later than the one before, and give what is told of it."""
        before = len(self.published)
        self.put(name, content)
        await self.watch.look()
        self.now += timedelta(hours=1)
        return [told(each) for each in self.published[before:]]

    async def confirmed(self, content):
        """Take a file that may end as much as it does; what is away is waited for."""
        self.watch.folder.prepare()
        self.put("confirmed/carers.csv", content)
        await self.watch.look_patiently()
        self.now += timedelta(hours=1)

    def standing(self):
        """Number -> phone of every entry that stands by the latest word on it."""
        latest = {
            each.source_record: each
            for each in sorted(self.published, key=lambda each: each.recorded_at)
        }
        said = [(told(each), each) for each in latest.values()]
        return {
            int(each.original[8:12]): phone
            for (status, _, phone, _), each in said
            if status == "active"
        }

    def report(self):
        """The last report."""
        reports = sorted(self.path.glob("*/*.json"), key=lambda each: each.name)
        return json.loads(reports[-1].read_bytes())


def told(event):
    """Of an event: flag and link as `active` or not, the phone, and whether it is listed."""
    found = bundle_entries(json.loads(event.resource))
    flag = found.of_type("Flag")[0].resource
    links = [each.resource["active"] for each in found.of_type("RelatedPerson")]
    phones = found.of_type("Patient")[0].resource.get("telecom", [{}])
    return (flag["status"], links, phones[0].get("value", ""), "extension" not in flag)


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


ADDED = ("active", [], "0116 496 0001", True)
ENDED = ("inactive", [], "", False)


async def test_added_changed_and_disappeared_rows_are_told_and_unchanged_ones_are_not(case):
    assert await case.heard(table(row(26), row(34), row(42))) == [ADDED] * 3
    changed = await case.heard(table(row(26), row(34, phone="0116 496 0002"), row(50)))
    assert changed == [("active", [], "0116 496 0002", True), ADDED, ENDED]
    assert case.report()["rows"] == {
        "read": 3,
        "added": 1,
        "changed": 1,
        "ended": 1,
        "unchanged": 1,
        "refused": 0,
    }


async def test_what_disappeared_is_ended_by_the_same_record_and_names_nobody(case):
    await case.heard(table(row(26, cared_for="9990000018"), row(34)))
    await case.heard(table(row(34)))
    first, _, last = case.published
    assert last.source_record == first.source_record
    assert last.recorded_at > first.recorded_at
    assert told(last) == ("inactive", [False], "", False)
    for text in (b"Marsh", b"9990000026", b"9990000018", b"0116"):
        assert text not in last.resource
    assert last.original is None


async def test_a_change_counts_after_what_was_said_of_the_same_day(case):
    await case.heard(table(row(26)))
    await case.heard(table(row(26, phone="0116 496 0002")))
    assert case.published[1].recorded_at > case.published[0].recorded_at
    assert case.published[1].occurred_at == case.published[0].occurred_at


async def test_what_comes_back_is_told_anew_under_another_id(case):
    first = table(row(26), row(34))
    await case.heard(first)
    await case.heard(table(row(34)))
    await case.heard(first)
    added, _, ended, again = case.published
    assert told(again) == ADDED
    assert again.event_id != added.event_id
    assert again.recorded_at > ended.recorded_at > added.recorded_at


async def test_a_row_that_no_longer_names_whom_they_look_after_ends_the_link_and_keeps_the_flag(
    tmp_path,
):
    case = Case(tmp_path, layout=layout_named("charity"))
    heading = "Client Ref,Surname,Cared For Surname"
    await case.heard(table("7,Marsh,Hill", heading=heading))
    (now,) = await case.heard(table("7,Marsh,", heading=heading))
    assert now == ("active", [False], "", True)


async def test_the_same_file_again_tells_nothing(case):
    await case.heard(table(row(26)))
    assert await case.heard(table(row(26))) == []
    assert case.report()["outcome"] == "repeat"
    assert list(case.path.glob("*.csv")) == []


async def test_an_entry_of_two_rows_is_told_by_the_later_one(case):
    older = row(26, phone="0116 496 0009").replace("03/11/2026", "02/11/2026")
    assert await case.heard(table(row(26), older)) == [ADDED]


# Files that cannot be so


@pytest.mark.parametrize(
    ("content", "place", "code"),
    [
        (table(), "file", "empty"),
        (table(row(26)), "file", "too-many-ended"),
        (table(*map(row, range(10, 30)))[:-2], "row 22", "row-count"),
        (table(*map(row, range(10, 30)), end=False)[:-1], "row 21", "truncated"),
        (table(*map(row, range(10, 30)), end=False)[:-20], "row 21", "field-count"),
        (table(*map(row, range(10, 30))).replace(b"Marsh", b'"Marsh', 1), "row 2", "quotes"),
        (table(*map(row, range(10, 30))) + row(90).encode(), "row 23", "after-the-end"),
        (table("x,y,z"), "row 2", "field-count"),
        (b"", "file", "truncated"),
        (b"nothing\n", "row 1", "no-heading"),
        (table(heading="Surname,Given Name"), "row 1, column carer_nhs_number", "missing-column"),
        (table(heading=HEADING + ",Surname"), "row 1, column Surname", "duplicate"),
        (
            table(heading=HEADING.replace("Surname", f"Sur\x00name{' ' * 99}.") + ",Surname"),
            f"row 1, column Surname{' ' * 93}",
            "duplicate",
        ),
        (b"\xff\xfeN\x00", "file", "charset"),
        (
            table(row(26).replace("Ben", "Zo\u00eb")).replace(b"\xc3\xab", b"\xeb"),
            "row 2",
            "charset",
        ),
        (b"x" * 20_000, "row 1", "too-long"),
        (table(row(26), '"' + ("x" * 9_999 + "\n") * 7), "row 3", "too-long"),
        (
            table(row(26).replace("21/07/1969", "07/21/1969")),
            "row 2, column Date of Birth",
            "value",
        ),
        (table(row(26).replace("999 000 0026", "9.99E+09")), "row 2, column NHS Number", "value"),
        (
            table(row(26) + ",B86903", heading=HEADING + ",ODS Code"),
            "row 2, column ODS Code",
            "another-organisation",
        ),
    ],
)
async def test_a_file_that_cannot_be_so_is_refused_whole_with_its_place(case, content, place, code):
    await case.heard(table(*map(row, range(10, 30))))
    assert await case.heard(content) == []
    report = case.report()
    assert (report["outcome"], report["place"], report["code"]) == ("refused", place, code)
    assert [(each.expression, each.code) for each in case.refused] == [(place, code)]
    assert not any(word in json.dumps(report) for word in ("Marsh", "999000", "999 000"))
    assert await case.heard(table(*map(row, range(10, 30)))) == []  # the last good one still stands


@pytest.mark.parametrize(("left", "outcome"), [(3, "taken"), (2, "refused")])
async def test_more_than_half_of_a_few_end_by_confirmation_alone(case, left, outcome):
    await case.heard(table(*map(row, range(10, 15))))
    rows = [row(number) for number in range(10, 10 + left)]
    assert await case.heard(table(*rows, row(90))) == ([ADDED, ENDED, ENDED] if left > 2 else [])
    assert case.report()["outcome"] == outcome
    await case.confirmed(table(*rows))
    assert set(case.standing()) == set(range(10, 10 + left))


async def test_somebody_can_confirm_that_so_many_end(case):
    await case.heard(table(*map(row, range(10, 30))))
    few = table(row(10))
    await case.heard(few)
    case.put("confirmed/carers.csv", few)
    await case.watch.look()
    assert [told(each) for each in case.published[20:]] == [ENDED] * 19


@pytest.mark.parametrize("name", ["carers-20260723-0615.csv", "carers.csv"])
async def test_a_file_that_is_confirmed_later_is_as_old_as_it_was(case, name):
    await case.heard(table(*map(row, range(10, 30))), "carers-2026-07-01.csv")
    case.put(name, table(row(10)))
    os.utime(case.path / name, (1_784_783_700, 1_784_783_700))  # 23 July 2026, 05:15 UTC
    await case.watch.look()
    case.now += timedelta(days=3)
    for file in (case.path / "refused").glob("*.csv"):
        case.put(f"confirmed/{file.name}", file.read_bytes())  # copied, as over the network
    await case.watch.look()
    assert case.registers.registers["csv"].taken.made_at == datetime(2026, 7, 23, 5, 15, tzinfo=UTC)


async def test_an_older_file_after_a_newer_one_is_refused(case):
    await case.heard(table(row(26)), "carers-2026-11-22.csv")
    await case.heard(table(row(26), row(34)), "carers-20261121.csv")
    assert case.report()["code"] == "older"
    assert len(await case.heard(table(row(26), row(42)), "carers 20261122 0600.csv")) == 1


async def test_a_day_that_has_not_come_makes_no_later_file_old(case):
    await case.heard(table(row(26)), "carers-2062-11-23.csv")
    assert await case.heard(table(row(26), row(34)), "carers-2026-11-24.csv") == [ADDED]


async def test_two_rows_of_one_entry_refuse_the_file_where_the_layout_says_so(tmp_path):
    case = Case(tmp_path, layout=layout_named("systmone"))
    rows = "Row Identifier,NHS number,Surname\n7,9990000026,Marsh\n8,,Hill\n7,9990000026,Hill\n"
    for name in ("carers.csv", "confirmed/carers.csv"):
        case.watch.folder.prepare()
        assert await case.heard(rows.encode(), name) == []
        assert (case.report()["place"], case.report()["code"]) == ("row 4", "duplicate")


async def test_what_no_database_takes_is_put_down_nowhere(case):
    rows = [row(26), "\x00" + row(34), "999 000 0042,\x00,,,,,"]
    await case.heard(table(*rows, heading=HEADING))
    kept = case.registers.registers["csv"].staged.values()
    assert not any("\x00" in text for each in kept for text in (each.entry, each.code))
    assert case.report()["rows"]["refused"] == 2


async def test_rows_that_cannot_be_used_are_reported_and_stay_as_they_were_known(case):
    rows = list(map(row, range(10, 30)))
    await case.heard(table(*rows))
    rows[3] = rows[3].replace("21/07/1969", "31/02/1969")
    assert await case.heard(table(*rows)) == []
    assert case.report()["refused_rows"] == [
        {
            "place": "row 5, column Date of Birth",
            "code": "value",
            "reason": "The calendar has no such day; days come before months.",
        }
    ]
    (letter,) = case.refused
    assert letter.value.startswith(b"999 000 0013,Marsh,Ben,31/02/1969")


@pytest.mark.parametrize(
    ("layout", "written", "spoilt"),
    [
        ("emis", row(13), row(13).replace("999 000 0013", "9.99E+09")),
        ("emis", row(13), row(13).replace("999 000 0013", "999 000\x010013")),
        ("emis", row(13, cared_for="9990000018"), row(13, cared_for="9.99E+09")),
        ("emis", *[f",Marsh,Ben,{day}/07/1969,,," for day in ("21", "31/31")]),
        ("emis", *[f",Marsh,Ben,21/07/{year},,," for year in ("1969", "1769")]),
        ("charity", "M-13,Marsh", ",Marsh"),
    ],
)
async def test_nobody_is_ended_while_it_is_not_certain_whose_a_row_is(
    tmp_path, layout, written, spoilt
):
    case = Case(tmp_path, layout=layout_named(layout))
    heading = HEADING if layout == "emis" else "Record ID,Surname"
    others = [row(n) if layout == "emis" else f"M-{n},Hill" for n in range(20, 40)]
    await case.heard(table(written, *others, heading=heading))
    assert await case.heard(table(spoilt, *others[1:], heading=heading)) == []
    assert case.report()["refused_rows"][0]["place"].startswith("row 2, column")
    assert "1 refused rows" in case.report()["absent"]
    assert await case.heard(table(written, *others[1:], heading=heading)) == [ENDED]
    assert "absent" not in case.report()


async def test_rows_that_cannot_be_used_are_kept_before_their_file_counts_as_taken(
    case, monkeypatch
):
    def away(_):
        raise Unavailable("away")

    monkeypatch.setattr(case, "keep_refused", away)
    rows = [*map(row, range(10, 20)), row(26).replace("21/07", "31/02")]
    case.put("carers.csv", table(*rows))
    await case.watch.look_patiently()
    assert case.watch.trouble == "away"
    monkeypatch.undo()
    await case.watch.look_patiently()
    assert (case.report()["outcome"], len(case.refused)) == ("taken", 1)
    assert len(case.published) == 10


async def test_a_practice_that_changes_its_code_ends_nothing(tmp_path):
    heading = HEADING + ",ODS Code"
    case = Case(tmp_path)
    await case.heard(table(row(26) + ",C82904", heading=heading))
    case.settings = RegisterSettings(
        name="csv", ods_code="Y00999", regions=(0,), former_codes=("C82904",)
    )
    case.start()
    assert await case.heard(table(row(26) + ",Y00999", row(34) + ",C82904", heading=heading)) == [
        ADDED
    ]


# Deltas


async def test_a_delta_says_what_became_of_each_row_and_nothing_of_the_others(case):
    heading = HEADING + ",Action"
    await case.heard(table(row(26), row(34), row(42)))
    told_of = await case.heard(
        table(
            row(26, phone="0116 496 0002") + ",Update",
            "999 000 0034,,,,,,,D",
            row(50) + ",A",
            heading=heading,
        )
    )
    assert told_of == [("active", [], "0116 496 0002", True), ADDED, ENDED]
    assert case.report()["kind"] == "delta"
    await case.heard(table(*(f"999 000 {n:04},,,,,,,D" for n in (26, 42, 50)), heading=heading))
    assert case.report()["code"] == "too-many-ended"


@pytest.mark.parametrize(("contents", "heading"), [("full", ",Action"), ("delta", "")])
async def test_a_sender_hands_in_what_was_agreed(tmp_path, contents, heading):
    case = Case(tmp_path, contents=contents)
    rows = [row(26) + (",Add" if heading else "")]
    assert await case.heard(table(*rows, heading=HEADING + heading)) == []


NUMBERS = st.integers(10, 15)
STATES = st.dictionaries(NUMBERS, st.sampled_from(["0116 1", "0116 2", "0116 3"]), max_size=6)


@settings(max_examples=30)
@given(st.lists(STATES, min_size=1, max_size=4), st.integers(0, 12))
async def test_full_registers_and_deltas_end_the_same_wherever_the_process_dies(
    tmp_path_factory, states, room
):
    full, delta, dying = (Case(tmp_path_factory.mktemp("case")) for _ in range(3))
    dying.room = room
    before = {}
    for state in states:
        whole = table(*(row(number, phone) for number, phone in state.items()))
        changed = [
            row(number, phone) + ",Change"
            for number, phone in state.items()
            if before.get(number) != phone
        ]
        gone = [f"999 000 {number:04},,,,,,,Delete" for number in before if number not in state]
        await full.confirmed(whole)
        await delta.confirmed(table(*changed, *gone, heading=HEADING + ",Action"))
        await dying.confirmed(whole)
        if dying.watch.trouble:
            dying.room = EVERYTHING
            dying.start()
            await dying.watch.look()
        before = state
    for case in (full, delta, dying):
        assert case.standing() == before
    assert {each.event_id for each in dying.published} == {each.event_id for each in full.published}


async def test_what_was_interrupted_goes_on_where_it_stopped(case, monkeypatch):
    monkeypatch.setattr("connectors.gp_csv.taking.AT_ONCE", 2)
    case.room = 4
    await case.watch.look_patiently()
    case.put("carers.csv", table(*map(row, range(10, 20))))
    await case.watch.look_patiently()
    assert case.watch.trouble == "away"
    case.room = EVERYTHING
    case.start()
    await case.watch.look()
    assert len(case.published) == len({each.event_id for each in case.published}) == 10


@pytest.mark.parametrize("between", [None, b"nothing\n"])
async def test_the_last_good_file_after_one_that_was_told_in_part_takes_that_back(
    case, monkeypatch, between
):
    monkeypatch.setattr("connectors.gp_csv.taking.AT_ONCE", 2)
    good = table(*map(row, range(10, 30)))
    await case.heard(good)
    case.room = 22
    case.put("carers.csv", table(*(row(n, phone="0116 496 0002") for n in range(10, 30))))
    await case.watch.look_patiently()
    case.room = EVERYTHING
    case.now += timedelta(hours=1)
    for content in filter(None, (between, good)):
        await case.heard(content)
    assert case.standing() == dict.fromkeys(range(10, 30), "0116 496 0001")
    await case.heard(good)
    assert case.report()["outcome"] == "repeat"


@pytest.mark.parametrize("first", ["told", "ended", "finish"])
async def test_a_stop_is_heard_between_pages_and_files(case, monkeypatch, first):
    monkeypatch.setattr("connectors.gp_csv.taking.AT_ONCE", 1)
    await case.heard(table(*map(row, range(10, 30))), "carers-2026-11-22.csv")
    case.put("carers-2026-11-23.csv", table(*map(row, range(12, 32))))
    case.put("carers-2026-11-24.csv", table(*map(row, range(12, 34))))
    stop, real = asyncio.Event(), getattr(MemoryRegister, first)

    def stopped_after(*said):
        real(*said)
        stop.set()

    monkeypatch.setattr(MemoryRegister, first, stopped_after)
    before = len(case.published)
    async with asyncio.timeout(5):
        await case.watch.run(stop)
    told_of = {"told": 1, "ended": 3, "finish": 4}[first]
    assert len(case.published) - before == told_of
    monkeypatch.setattr(MemoryRegister, first, real)
    case.start()
    await case.watch.look()
    assert set(case.standing()) == set(range(12, 34))


# The folder


async def test_a_file_that_is_being_written_waits_until_it_is_still(tmp_path):
    case = Case(tmp_path, settle=timedelta(seconds=10))
    case.put("carers.csv", table(row(26)))
    for content in (None, table(row(26), row(34)), None):
        if content:
            case.put("carers.csv", content)
        await case.watch.look()
        case.now += timedelta(seconds=9)
    assert case.published == []
    case.now += timedelta(seconds=2)
    await case.watch.look()
    assert len(case.published) == 2


def replaced(path, content):
    """Put a file in the place of another in one step, as a sender does."""
    unfinished = path.with_name("carers.part")
    unfinished.write_bytes(content)
    unfinished.rename(path)


@pytest.mark.parametrize(
    ("when", "first"),
    [
        ("read", "nothing\n"),
        ("told", table(row(26), row(34)).decode()),
        ("kept", "nothing\n"),
        ("moved", "nothing\n"),
        ("moved", table(row(26), row(34)).decode()),
    ],
)
async def test_a_file_that_takes_the_place_of_one_that_is_read_is_read_itself(
    case, monkeypatch, when, first
):
    path, left = case.path / "carers.csv", [table(row(26), row(42))]
    step = {
        "read": (taking, "entries_of"),
        "told": (MemoryRegister, "told"),
        "kept": (case, "keep_refused"),
        "moved": (type(path), "rename"),
    }[when]
    real = getattr(*step)

    def with_another_there(*said, **more):
        if left:
            replaced(path, left.pop())
        return real(*said, **more)

    monkeypatch.setattr(*step, with_another_there)
    path.write_text(first)
    for _ in range(3):
        await case.watch.look_patiently()
        case.now += timedelta(hours=1)
    assert left == []
    assert set(case.standing()) == {26, 42}
    assert not path.exists()


@pytest.mark.parametrize(
    "name", [".carers.csv", "carers.csv.part", "carers.csv.filepart", "~$carers.csv", "carers.TMP"]
)
async def test_names_of_unfinished_files_are_left_alone(case, name):
    assert await case.heard(table(row(26)), name) == []
    assert (case.path / name).exists()


@pytest.mark.parametrize("kind", ["link", "pipe", "archive"])
async def test_what_is_no_table_is_refused_and_not_opened(case, kind, tmp_path_factory):
    real = tmp_path_factory.mktemp("elsewhere") / "real.csv"
    real.write_bytes(table(row(26)))
    match kind:
        case "link":
            (case.path / "carers.csv").symlink_to(real)
        case "pipe":
            os.mkfifo(case.path / "carers.csv")
        case _:
            case.put("carers.zip", b"PK\x03\x04")
    await case.watch.look()
    assert case.published == []
    assert [each.value for each in case.refused] == [b"" if kind != "archive" else b"PK\x03\x04"]
    assert real.exists()


@pytest.mark.parametrize("name", ["confirmed", "done", "refused"])
async def test_a_link_in_place_of_a_folder_inside_is_not_followed(case, name, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "other.csv").write_bytes(table(row(26)))
    (case.path / name).symlink_to(elsewhere)
    case.put("carers.csv", table(row(34)))
    await case.watch.look_patiently()
    assert name in case.watch.trouble
    assert [each.name for each in elsewhere.iterdir()] == ["other.csv"]
    assert case.published == case.refused == []


@pytest.mark.parametrize("code", [errno.EMFILE, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("name", ["carers.csv", "carers.zip"])
async def test_a_file_that_cannot_be_opened_now_waits(case, monkeypatch, code, name):
    def open_nothing(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("connectors.gp_csv.folder.os.open", open_nothing)
    case.put(name, table(row(26)))
    await case.watch.look_patiently()
    monkeypatch.undo()
    assert case.watch.trouble
    assert (case.refused, (case.path / name).exists()) == ([], True)


async def test_names_of_files_and_people_stand_nowhere_after_the_file_was_taken(case):
    await case.heard(table(row(26)), "Ben Marsh 999 000 0026.csv")
    left = sorted(each.name for each in case.path.rglob("*") if each.is_file())
    assert len(left) == 2
    assert not any("Marsh" in name or "000 0026" in name for name in left)


async def test_a_fault_of_ours_holds_up_no_other_file(case, monkeypatch):
    monkeypatch.setattr("connectors.gp_csv.staging.digest_of", lambda *_: 1 / 0)
    await case.heard(table(row(26)))
    assert [each.defect for each in case.refused] == [True]
    monkeypatch.undo()
    assert await case.heard(table(row(34))) == [ADDED]


async def test_a_fault_of_ours_ends_no_watching(case, monkeypatch):
    monkeypatch.setattr(case, "keep_refused", lambda _: 1 / 0)
    case.put("carers.csv", b"nothing\n")
    await case.watch.look_patiently()
    assert "ZeroDivisionError" in case.watch.trouble
    monkeypatch.undo()
    await case.watch.look_patiently()
    assert (case.watch.trouble, case.report()["code"]) == ("", "no-heading")


async def test_a_folder_that_is_not_there_is_waited_for(tmp_path):
    case = Case(tmp_path / "later")
    await case.watch.look_patiently()
    assert case.watch.trouble
    case.path.mkdir()
    await case.watch.look_patiently()
    assert not case.watch.trouble


class Pool(MemoryRegisters):
    """Registers that count how many are held at the same time."""

    def __init__(self):
        super().__init__()
        self.now_held = self.most_held = 0

    @contextmanager
    def held(self, sender):
        with super().held(sender) as register:
            self.now_held += 1
            self.most_held = max(self.most_held, self.now_held)
            yield register
            self.now_held -= 1


async def test_of_thirty_folders_as_many_are_taken_at_once_as_there_are_turns(tmp_path):
    cases, pool, behind = [], Pool(), None
    for number in range(30):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        case = Case(folder)
        case.watch.settings = replace(case.settings, name=f"csv-{number}")
        behind = behind or replace(case.watch.log, registers=pool, turns=asyncio.Semaphore(4))
        case.watch.log = replace(behind, publisher=case)
        case.publish_all = partial(told_when_no_more_come, case, pool)
        case.put("carers.csv", table(row(number)))
        cases.append(case)
    await asyncio.gather(*(case.watch.look_patiently() for case in cases))
    assert [case.watch.trouble for case in cases] == [""] * 30
    assert [case.watch.files["taken"] for case in cases] == [1] * 30
    assert pool.most_held == 4


async def told_when_no_more_come(case, pool, said):
    """Publish as a slow broker does: the register is held while others could be taken."""
    before = -1
    while before != pool.now_held:
        before = pool.now_held
        await asyncio.sleep(0.02)
    for event, key in said:
        await case.publish(event, key)


async def test_files_of_another_process_are_left_alone(case):
    case.registers.elsewhere = True
    assert await case.heard(table(row(26))) == []
    assert (case.path / "carers.csv").exists()


async def test_a_file_that_another_process_took_meanwhile_is_no_refusal(case, monkeypatch):
    real = case.registers.held
    monkeypatch.setattr(
        case.registers, "held", lambda name: ((case.path / "carers.csv").unlink(), real(name))[1]
    )
    assert await case.heard(table(row(26))) == []
    assert (case.refused, case.watch.trouble) == ([], "")


async def test_what_was_put_away_is_forgotten_in_time(case):
    await case.heard(table(row(26)))
    for place in ("done", "refused"):
        (case.path / place / "kept by somebody").mkdir()
    case.now = datetime.now(UTC) + timedelta(days=29)
    await case.watch.look()
    assert [each for each in case.path.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("carers-2026-11-23.csv", date(2026, 11, 23)),
        ("carers_20261123_0615.csv", date(2026, 11, 23)),
        ("carers-2026-13-23.csv", None),
        ("9990000026.csv", None),
        ("320261123.csv", None),
    ],
)
def test_the_day_in_a_name(name, day):
    found = time_in(name)
    assert (found.date() if found else None) == day
