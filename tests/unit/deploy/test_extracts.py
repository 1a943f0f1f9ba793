"""Watched folders in the configuration: what may be written, what the role makes of it, what is checked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.gp_csv.watching import Log
from deploy.checks import facts, machine
from deploy.checks.finding import State
from deploy.composition import Places, chain_from, trusts_from
from deploy.doctor import examine
from deploy.roles.extracts import check_of, engine_of, samples_of, watched, watches_of
from deploy.settings import settings_from
from hub.catalogue.metrics import MEANINGS
from hub.records import Confidence, EvidenceKind
from hub.testing.memory_registers import MemoryRegisters
from processors.carer_matching.policy import Trust
from tests.unit.deploy.test_configuration import SMALL, WARD, loaded, refusals

CSV = "  - {name: %s, connector: gp_csv, organisation: C82901, regions: [leeds, llr]%s}\n"
TRUST = "evidence: register, confidence: probable"
FOLDER = WARD + CSV % ("lists", f", folder: lists, layout: council, {TRUST}")


def test_a_folder_lies_beside_the_configuration_and_is_watched_with_the_settings_of_its_sender(
    tmp_path,
):
    more = "confidence: check, former_codes: [C82900], most_ended_share: 0.5, keep_days: 7"
    configuration = loaded(tmp_path, SMALL + FOLDER.replace("confidence: probable", more))
    assert [each.name for each in watched(configuration)] == ["lists"]
    (watch,) = watches_of(
        configuration, Log(None, MemoryRegisters(), None, lambda: datetime.now(UTC))
    )
    assert watch.folder.path == tmp_path / "lists"
    assert watch.keep == timedelta(days=7)
    assert watch.layout.describes.startswith("A council's register")
    settings = watch.settings
    assert (settings.regions, settings.former_codes, settings.most_ended_share) == (
        (1, 0),
        ("C82900",),
        0.5,
    )
    assert trusts_from(configuration) == (Trust("lists", EvidenceKind.REGISTER, Confidence.CHECK),)
    assert len(chain_from(configuration)) == 3
    watch.files["taken"], watch.rows["added"], watch.last_good = 1, 2, datetime.now(UTC)
    watch.trouble = "away"
    assert {each.name for each in samples_of([watch])} == {
        name for name in MEANINGS if name.startswith("hub_register_")
    }
    assert (check_of(watch).ok, check_of(watch).why) == (False, "away")


def test_no_register_that_is_taken_waits_for_a_connection(tmp_path):
    configuration = loaded(tmp_path, "extracts: {at_once: 7}\n" + SMALL + FOLDER)
    places = Places(kafka=None, database_url="postgresql://hub@127.0.0.1:1/hub")
    engine = engine_of(configuration, places)
    assert engine.pool.size() >= 2 * configuration.extracts.at_once == 14


def test_nothing_is_started_where_no_folder_is_watched(tmp_path):
    assert loaded(tmp_path, SMALL + FOLDER).has_folders
    without = loaded(tmp_path, SMALL + WARD + CSV % ("lists", ""))
    assert (without.has_folders, trusts_from(without)) == (False, ())


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("lists", "is another sender's too"),
        ("linked", "is another sender's too"),
        ("lists/done", "lies inside another sender's, or around it"),
        ("linked/more", "lies inside another sender's, or around it"),
        (".", "lies inside another sender's, or around it"),
    ],
)
def test_folders_of_two_senders_are_apart(tmp_path, other, why):
    (tmp_path / "linked").symlink_to(tmp_path / "lists")
    assert refusals(tmp_path, SMALL + FOLDER + CSV % ("more", f", folder: {other}")) == [
        f"11: senders[2].folder: {why}; give each its own"
    ]


@pytest.mark.parametrize("layout", ["council", "charity", "passport"])
@pytest.mark.parametrize("key", ["evidence", "confidence"])
def test_whoever_is_no_practice_says_what_its_word_is(tmp_path, layout, key):
    said = {"evidence": "register", "confidence": "confirmed"}
    more = "".join(f", {each}: {word}" for each, word in said.items() if each != key)
    text = SMALL + WARD + CSV % ("lists", f", folder: lists, layout: {layout}{more}")
    assert refusals(tmp_path, text) == [
        f"10: senders[1].{key}: is missing: say it where `layout` is {layout}"
    ]


@pytest.mark.parametrize("key", ["layout: council", "contents: full", "keep_days: 7"])
def test_what_is_said_of_a_folder_needs_one(tmp_path, key):
    text = SMALL + WARD + CSV % ("lists", f", {key}, {TRUST}")
    assert refusals(tmp_path, text) == [
        f"10: senders[1].{key.partition(':')[0]}: means nothing without `folder`"
    ]


@pytest.mark.parametrize("key", ["layout: emiss", "most_ended_share: 1.5", "evidence: rumour"])
def test_what_a_folder_cannot_have_is_refused_at_its_key(tmp_path, key):
    (line,) = refusals(tmp_path, SMALL + WARD + CSV % ("lists", f", folder: lists, {key}"))
    assert line.startswith(f"10: senders[1].{key.partition(':')[0]}: ")


@pytest.mark.parametrize("broken", ["missing", "no-folder", "usable"])
def test_the_doctor_looks_at_folders(tmp_path, broken):
    folder = tmp_path / "lists"
    match broken:
        case "no-folder":
            folder.write_text("")
        case "usable":
            folder.mkdir()
    assert facts.folder_state(folder) == broken
    found = machine.folder("lists", broken)
    assert found.state == (State.OK if broken == "usable" else State.FAILED)
    assert bool(found.do) == (broken != "usable")


def test_the_doctor_says_that_a_folder_may_not_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr("deploy.checks.facts.os.access", lambda *_: False)
    assert machine.folder("lists", facts.folder_state(tmp_path)).state == State.FAILED


def test_the_doctor_reads_a_layout_of_yours(tmp_path: Path):
    (tmp_path / "hub.yaml").write_text(
        SMALL + WARD + CSV % ("lists", ", folder: lists, layout_file: mine.yaml")
    )
    (tmp_path / "mine.yaml").write_text("key: [shoe_size]\n")
    found = examine(tmp_path / "hub.yaml", settings_from({"HUB_STATE": str(tmp_path)}))
    by_name = {each.check: each for each in found}
    assert by_name["folder of lists"].state == State.FAILED
    assert by_name["layout of lists"].state == State.MISCONFIGURED
    assert "shoe_size" in by_name["layout of lists"].says
