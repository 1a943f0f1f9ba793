"""A hub of its own: its configuration holds the hashes of keys made in memory, and free ports of this run."""

import os
import signal
import subprocess
import sys
import tempfile
from datetime import date

import pytest
import yaml

from deploy.configuration.load import DEMO, load
from deploy.standing.area import (
    area_in,
    keys_for,
    listening,
    ports_for,
    with_keys,
    write,
)
from deploy.standing.folder import folder_of_its_own
from deploy.standing.leftovers import HELD, PREFIX, clear_leftovers, held
from deploy.standing.readiness import last_words
from deploy.standing.signals import stopping_as_by_ctrl_c, undisturbed

TODAY = date(2026, 11, 22)


@pytest.fixture
def made(tmp_path):
    area, ports = area_in(DEMO, {}), ports_for(2, 1)
    keys = keys_for(area)
    files = [
        write(listening(with_keys(area, keys, TODAY), ports, each), tmp_path / f"{number}.yaml")
        for number, each in enumerate(ports.gateways)
    ]
    return files, ports, keys


def test_every_fhir_sender_and_every_organisation_has_a_key_of_this_run(made):
    (file, _), _, keys = made
    configuration = load(file, {})
    fhir = [each for each in configuration.senders if each.connector == "fhir_api"]
    assert {each.name for each in fhir} == set(keys.senders)
    assert all(len(each.tokens) == 1 for each in (*fhir, *configuration.organisations))
    assert set(keys.organisations) == {each.ods_code for each in configuration.organisations}


def test_no_key_stands_in_a_file_or_is_shown(made):
    files, _, keys = made
    texts = [file.read_text() for file in files] + [repr(keys)]
    secrets = [*keys.senders.values(), *keys.organisations.values()]
    assert not [text for text in texts if any(secret in text for secret in secrets)]


def test_each_gateway_listens_on_ports_of_its_own(made):
    files, ports, _ = made
    listening_on = [
        (each["mllp"]["port"], each["http"]["port"])
        for each in (yaml.safe_load(file.read_text()) for file in files)
    ]
    assert listening_on == [(each.mllp_port, each.http_port) for each in ports.gateways]
    flat = [*sum(listening_on, ()), *ports.workers, ports.projections]
    assert len(set(flat)) == 6


def test_a_section_of_the_caller_stands_in_place_of_the_areas(tmp_path):
    area = area_in(DEMO, {"log_level": "debug"})
    assert area["log_level"] == "debug"
    assert area["regions"] == yaml.safe_load(DEMO.read_text())["regions"]


def test_a_folder_of_its_own_goes_and_a_given_one_stays(tmp_path):
    with folder_of_its_own(None) as own, folder_of_its_own(tmp_path / "given") as given:
        (own / "state").mkdir()
        (given / "kept").write_text("x")
    assert not own.exists()
    assert (given / "kept").exists()


def test_a_folder_of_its_own_goes_after_an_error_too():
    with pytest.raises(RuntimeError), folder_of_its_own(None) as own:
        raise RuntimeError
    assert not own.exists()


def test_what_a_killed_command_left_is_ended_and_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, in_use, just_made = (tmp_path / f"{PREFIX}{name}" for name in ("left", "used", "made"))
    for folder in (left, in_use, just_made):
        folder.mkdir()
    (left / HELD).touch()
    said = []
    command = (sys.executable, "-c", "import time; time.sleep(60)", f"{left}/hub-1.yaml")
    with held(in_use), subprocess.Popen(command) as orphan:
        clear_leftovers(said.append)
        assert orphan.wait(10) == -signal.SIGKILL
    assert [each.exists() for each in (left, in_use, just_made)] == [False, True, True]
    assert len(said) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_ends_by_term_and_hup_as_by_ctrl_c(number):
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), stopping_as_by_ctrl_c():
        os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before


def test_term_is_heard_where_ctrl_c_is_not():
    deaf = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt), stopping_as_by_ctrl_c():
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGINT, deaf)


def test_cleaning_up_is_not_disturbed():
    with undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_last_words_of_a_role_are_its_events(tmp_path):
    log = tmp_path / "worker-1.log"
    log.write_text('{"event": "database-away", "why": "refused"}\nTraceback\n')
    assert last_words(log) == "database-away refused; Traceback"
    assert last_words(tmp_path / "none.log") == ""
