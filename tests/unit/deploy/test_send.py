"""`hub send`: only to where it was said, one line for each message, the same again on AE, honest exit codes."""

import json
import socket
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy import cli
from deploy import settings as settings_module
from deploy.commands.progress import Progress
from deploy.configuration.load import load
from deploy.exit_codes import ExitCode, Stopped
from deploy.generate import ROOT
from deploy.sending import pace as pace_module
from deploy.sending.extracts import became_of, csv_sender
from deploy.sending.mllp import MllpSender
from deploy.sending.pace import Pace
from deploy.sending.targets import host_and_port, http_host, is_this_machine, refuse_elsewhere
from deploy.settings import settings_from
from deploy.trying.files import pieces_of
from hub.errors import Rejected, Unavailable
from hub.hl7v2 import AcknowledgementCode, acknowledgement
from hub.hl7v2.acknowledgement import Problem
from hub.testing.mllp_client import END, START, MllpClient

REFUSAL = Problem.of(Rejected("No identifier here names one person.", expression="PID-3.1"))
SENT_AGAIN = (0.5, 1.0, 2.0)


def message(control_id, event="A01", version="2.5.1"):
    return (
        f"MSH|^~\\&|PAS|RWE|HUB|HUB|20261123093000||ADT^{event}|{control_id}|P|{version}\r"
        "EVN||20261123093000\r"
        "PID|1||H123^^^RWE^MR||Marsh^Ada||19410302|2\r"
    ).encode()


def aa(frame):
    return acknowledgement(frame, AcknowledgementCode.AA)


def ae(frame):
    return acknowledgement(frame, AcknowledgementCode.AE)


def ar(frame):
    return acknowledgement(frame, AcknowledgementCode.AR, REFUSAL)


def hang_up(frame):
    return None


class Ward:
    """A listener that gives scripted answers; each is a function of the frame, None hangs up."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.frames = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self._talk(connection)

    def _talk(self, connection):
        held = b""
        while received := connection.recv(65_536):
            held += received
            while END in held:
                frame, _, held = held.partition(END)
                self.frames.append(frame.removeprefix(START))
                answer = (self.answers.pop(0) if self.answers else aa)(self.frames[-1])
                if answer is None:
                    return
                connection.sendall(START + answer + END)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@contextmanager
def ward(*answers):
    listener = Ward(*answers)
    try:
        yield listener
    finally:
        listener.close()


@pytest.fixture
def hub(monkeypatch, capsys, tmp_path):
    """Run a command in this process; waiting takes no time and is remembered."""

    def run(*arguments, **environment):
        monkeypatch.setattr(sys, "argv", ["hub", *map(str, arguments)])
        surroundings = {"HUB_STATE": str(tmp_path / "state")} | environment
        monkeypatch.setattr(settings_module, "settings", lambda: settings_from(surroundings))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return run


@pytest.fixture
def waited(monkeypatch):
    waits = []

    def pace(attempts=6, rate=None):
        return Pace(attempts, rate, wait=waits.append)

    monkeypatch.setattr(pace_module, "Pace", pace)
    return waits


@pytest.fixture
def admissions(tmp_path):
    file = tmp_path / "admissions.hl7"
    file.write_bytes(message("1") + message("2", "A03"))
    return file


# MLLP


def test_each_message_is_one_line_with_its_answer(hub, admissions):
    with ward(aa, ar) as listener:
        code, out, err = hub("send", "mllp", f"127.0.0.1:{listener.port}", admissions)
    assert listener.frames == [message("1"), message("2", "A03")]
    assert out.splitlines() == [
        f"{admissions} [0] A01 AA",
        f"{admissions} [1] A03 AR: No identifier here names one person. at PID-3.1",
    ]
    assert err == "2 messages, 1 of them not accepted\n"
    assert code == ExitCode.PARTLY_DONE


def test_all_accepted_is_done(hub, admissions):
    with ward() as listener:
        code, out, err = hub("send", "mllp", f"localhost:{listener.port}", admissions, "--json")
    said = [json.loads(line) for line in out.splitlines()]
    assert said[0] == {
        "file": str(admissions),
        "index": 0,
        "control_id": "1",
        "event": "A01",
        "answer": "AA",
        "accepted": True,
        "attempts": 1,
        "expression": "",
        "reason": "",
    }
    assert (code, err) == (ExitCode.OK, "2 messages, all accepted\n")


def test_an_old_version_says_its_reason_in_msa_3(hub, tmp_path):
    file = tmp_path / "old.hl7"
    file.write_bytes(message("1", version="2.3"))
    with ward(ar) as listener:
        _, out, _ = hub("send", "mllp", f"127.0.0.1:{listener.port}", file)
    assert out == f"{file} [0] A01 AR: PID-3.1: No identifier here names one person.\n"


def test_ae_is_sent_again_after_a_growing_delay(hub, waited, admissions):
    with ward(ae, ae, ae, aa) as listener:
        code, out, _ = hub("send", "mllp", f"127.0.0.1:{listener.port}", admissions)
    assert code == ExitCode.OK
    assert out.splitlines()[0] == f"{admissions} [0] A01 AA after 4 attempts"
    assert tuple(waited) == SENT_AGAIN
    assert listener.frames[:4] == [message("1")] * 4


def test_ae_for_ever_ends_and_the_next_message_is_sent(hub, waited, admissions):
    with ward(*[ae] * 3) as listener:
        code, out, _ = hub(
            "send", "mllp", f"127.0.0.1:{listener.port}", admissions, "--attempts", "3"
        )
    assert code == ExitCode.PARTLY_DONE
    assert out.splitlines() == [
        f"{admissions} [0] A01 AE after 3 attempts",
        f"{admissions} [1] A03 AA",
    ]


def test_a_lost_connection_is_made_anew_and_the_same_sent_again(hub, waited, admissions):
    with ward(hang_up, aa, aa) as listener:
        code, out, _ = hub("send", "mllp", f"127.0.0.1:{listener.port}", admissions)
    assert code == ExitCode.OK
    assert out.splitlines()[0].endswith("AA after 2 attempts")
    assert listener.frames == [message("1"), message("1"), message("2", "A03")]


@pytest.mark.parametrize("answer", [b"ACK", b"MSH|^~\\&|A\rMSA|OK|1\r"], ids=["no MSH", "no code"])
def test_an_answer_that_cannot_be_read_accepts_nothing(hub, waited, admissions, answer):
    with ward(*[lambda _: answer] * 2) as listener:
        code, out, _ = hub(
            "send", "mllp", f"127.0.0.1:{listener.port}", admissions, "--attempts", "2"
        )
    assert code == ExitCode.PARTLY_DONE
    assert out.splitlines()[0] == (
        f"{admissions} [0] A01 no-answer after 2 attempts: The answer cannot be read."
    )


def test_an_answer_to_another_message_is_not_taken_for_this_one(hub, waited, admissions):
    with ward(lambda _: aa(message("7")), aa, aa) as listener:
        code, out, _ = hub("send", "mllp", f"127.0.0.1:{listener.port}", admissions)
    assert code == ExitCode.OK
    assert out.splitlines()[0].endswith("AA after 2 attempts")


def test_what_is_no_hl7_is_named_and_not_sent(hub, tmp_path):
    (tmp_path / "a.hl7").write_bytes(message("1"))
    (tmp_path / "b.json").write_text('{"resourceType": "Patient"}')
    (tmp_path / "c.xml").write_text("<Patient/>")
    with ward() as listener:
        code, out, _ = hub("send", "mllp", f"127.0.0.1:{listener.port}", tmp_path)
    assert code == ExitCode.PARTLY_DONE
    assert [line.partition(" ")[2] for line in out.splitlines()] == [
        "[0] A01 AA",
        "[0] not-sent: This is no HL7 v2 message.",
        "[0] not-sent: This is XML, which is not read.",
    ]
    assert listener.frames == [message("1")]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        return unused.getsockname()[1]


def test_a_target_that_is_not_there_is_a_dependency_that_is_down(hub, admissions):
    code, out, err = hub("send", "mllp", f"127.0.0.1:{free_port()}", admissions)
    assert (code, out, err) == (ExitCode.DEPENDENCY_DOWN, "", "The target cannot be reached.\n")


def test_a_target_that_goes_away_and_stays_away_is_one_too(admissions):
    ports = []
    with ward(aa, hang_up) as listener:
        ports.append(listener.port)
        sender = MllpSender(
            lambda: MllpClient("127.0.0.1", ports[0]), Pace(3, wait=lambda _: ports.insert(0, gone))
        )
        gone = free_port()
        lines = sender.lines(pieces_of(admissions))
        assert next(lines).accepted
        with pytest.raises(Unavailable):
            next(lines)


@pytest.mark.parametrize("target", ["192.0.2.1:2575", "[2001:db8::1]:2575"])
def test_another_machine_needs_a_word(hub, admissions, target):
    code, out, err = hub("send", "mllp", target, admissions)
    assert (code, out) == (ExitCode.USAGE, "")
    assert "--really" in err


def test_with_the_word_another_machine_is_tried(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("not asked"))
    refuse_elsewhere("hospital.example", really=True)


@pytest.mark.parametrize(
    ("addresses", "here"),
    [(["127.0.0.1"], True), (["::1"], True), (["127.0.0.1", "192.0.2.1"], False)],
)
def test_a_name_is_this_machine_when_all_its_addresses_are(monkeypatch, addresses, here):
    found = [(0, 0, 0, "", (address, 0)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert is_this_machine("hub.example") is here


@pytest.mark.parametrize(
    "target", ["", "localhost", "localhost:", ":2575", "localhost:99999", "a@b:1", "h:1/x", "[::1"]
)
def test_a_target_is_host_and_port(target):
    with pytest.raises(Stopped):
        host_and_port(target)


def test_targets_are_read():
    assert host_and_port("hub.example:2575") == ("hub.example", 2575)
    assert host_and_port("[::1]:1") == ("::1", 1)
    assert http_host("https://hub.example/fhir/R4") == "hub.example"


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:80", "ftp://a/b", "http://u:p@a/", "http://a/?token=x", "http://[a/"]
)
def test_an_address_of_fhir_holds_no_secret(url):
    with pytest.raises(Stopped):
        http_host(url)


def test_a_rate_is_kept():
    now, waits = [100.0], []

    def wait(seconds):
        waits.append(round(seconds, 3))
        now[0] += seconds

    pace = Pace(1, rate=10, wait=wait, clock=lambda: now[0])
    for _ in range(3):
        pace.begin()
        now[0] += 0.03
    assert waits == [0.07, 0.07]


def test_delays_grow_to_a_limit():
    waits = []
    assert list(Pace(10, wait=waits.append).tries()) == list(range(1, 11))
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_progress_is_told_only_of_what_takes_longer_than_a_second():
    now, told = [0.0], []
    progress = Progress("messages", told.append, clock=lambda: now[0])
    for _ in range(9):
        now[0] += 0.5
        progress.step()
    assert told == ["2 messages, 2 a second"]
    now[0] += 5
    progress.step(10)
    assert told[1:] == ["19 messages, 2 a second"]


# FHIR


@contextmanager
def fhir_server(*answers):
    """A server with scripted answers: (status, body, headers)."""
    asked, script = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, self.headers["Authorization"], body))
            status, text, headers = script.pop(0) if script else (202, b"{}", {})
            self.send_response(status)
            for name, value in {"Content-Length": str(len(text)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/fhir/R4", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


OUTCOME = json.dumps(
    {
        "resourceType": "OperationOutcome",
        "issue": [{"code": "value", "diagnostics": "Wrong.", "expression": ["Flag.status"]}],
    }
).encode()


@pytest.fixture
def bodies(tmp_path):
    bundle, flag = tmp_path / "a.json", tmp_path / "b.json"
    bundle.write_text('{"resourceType": "Bundle"}')
    flag.write_text('{"resourceType": "Flag"}')
    return bundle, flag


def test_bundles_go_to_the_base_and_resources_to_their_type(hub, bodies):
    with fhir_server((202, b"{}", {}), (422, OUTCOME, {})) as (url, asked):
        code, out, _ = hub("send", "fhir", url, *bodies, "--token-env", "KEY", KEY="t0ken")
    assert [(path, token) for path, token, _ in asked] == [
        ("/fhir/R4", "Bearer t0ken"),
        ("/fhir/R4/Flag", "Bearer t0ken"),
    ]
    assert asked[0][2] == bodies[0].read_bytes()
    assert out.splitlines() == [
        f"{bodies[0]} [0] Bundle 202",
        f"{bodies[1]} [0] Flag 422: Wrong. at Flag.status",
    ]
    assert code == ExitCode.PARTLY_DONE


def test_503_is_sent_again(hub, waited, bodies):
    with fhir_server((503, b"", {}), (429, b"", {})) as (url, asked):
        code, out, _ = hub("send", "fhir", url, bodies[0])
    assert (code, len(asked), tuple(waited)) == (ExitCode.OK, 3, SENT_AGAIN[:2])
    assert out == f"{bodies[0]} [0] Bundle 202 after 3 attempts\n"


def test_a_redirect_is_not_followed(hub, bodies):
    with fhir_server() as (elsewhere, never_asked):
        moved = (307, b"", {"Location": elsewhere})
        with fhir_server(moved) as (url, _):
            code, out, _ = hub("send", "fhir", url, bodies[0])
    assert (code, never_asked) == (ExitCode.PARTLY_DONE, [])
    assert out == f"{bodies[0]} [0] Bundle 307\n"


def test_a_token_comes_from_a_file_and_never_shows(hub, bodies, tmp_path):
    key = tmp_path / "key"
    key.write_text("s3cret\n")
    with fhir_server() as (url, asked):
        _, out, err = hub("send", "fhir", url, bodies[0], "--token-file", key)
    assert asked[0][1] == "Bearer s3cret"
    assert "s3cret" not in out + err


@pytest.mark.parametrize(
    "options", [("--token-env", "NONE"), ("--token-file", "/dev/null"), ("--token", "x")]
)
def test_a_token_that_is_not_where_it_should_be_sends_nothing(hub, bodies, options):
    with fhir_server() as (url, asked):
        code, _, _ = hub("send", "fhir", url, bodies[0], *options)
    assert (code, asked) == (ExitCode.USAGE, [])


def test_fhir_to_another_machine_needs_a_word_and_one_that_is_down_is_told(hub, bodies):
    code, _, err = hub("send", "fhir", "https://192.0.2.1/fhir/R4", bodies[0])
    assert (code, "--really" in err) == (ExitCode.USAGE, True)
    code, _, err = hub("send", "fhir", f"http://127.0.0.1:{free_port()}/fhir/R4", bodies[0])
    assert (code, err) == (ExitCode.DEPENDENCY_DOWN, "The target cannot be reached.\n")


# Extracts


def test_a_sender_of_extracts_is_one_of_the_configuration(hub, tmp_path):
    file = tmp_path / "carers.csv"
    file.write_text("")
    code, out, err = hub("send", "csv", "rwe-adt", file)
    assert (code, out) == (ExitCode.USAGE, "")
    assert "c82904-csv, b86903-csv" in err


def test_a_sender_of_extracts_is_set_up_as_configured():
    configuration = load(ROOT / "deploy/demo/hub.yaml", {}, with_secrets=False)
    settings = csv_sender(configuration, "b86903-csv")
    assert (settings.ods_code, settings.regions, settings.charset, settings.test_numbers) == (
        "B86903",
        (1,),
        "windows-1252",
        "accept",
    )


def test_extracts_need_parts_that_were_started(hub, tmp_path):
    file = tmp_path / "carers.csv"
    file.write_text("")
    assert hub("send", "csv", "c82904-csv", file)[0] == ExitCode.DEPENDENCY_DOWN


async def test_what_became_of_a_file_is_one_line():
    class Door:
        async def read_file(self, path):
            if path.name == "good.csv":
                return 3
            raise Rejected("Use one of: active, ended.", expression="row 3, column status")

    assert str(await became_of(Door(), Path("good.csv"))) == (
        "good.csv [0] carer-flags accepted: 3 events"
    )
    assert str(await became_of(Door(), Path("bad.csv"))) == (
        "bad.csv [0] carer-flags rejected: Use one of: active, ended. at row 3, column status"
    )
