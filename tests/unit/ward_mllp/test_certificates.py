"""Whose connection it is: with certificates asked for, what a message says of its sender has to be proved."""

import asyncio
import dataclasses
import ssl
import subprocess
from asyncio.subprocess import DEVNULL
from pathlib import Path

import pytest

from connectors.ward_mllp.certificates import names_in
from connectors.ward_mllp.handshakes import (
    CERTIFICATE_EXPIRED,
    CERTIFICATE_NOT_VALID,
    NO_CERTIFICATE,
    OURS_REFUSED,
    PLAINTEXT,
    UNKNOWN_AUTHORITY,
    word_for,
)
from connectors.ward_mllp.hearing import Refusal, Understood, heard
from deploy.configuration.servers import ServerTls
from deploy.exit_codes import Stopped
from deploy.roles.gateway import context_of
from deploy.sending.mllp import MllpSender
from deploy.sending.pace import Pace
from deploy.sending.targets import tls_for
from deploy.trying.files import Piece
from hub.errors import Unavailable
from hub.testing.mllp_client import MllpClient
from tests.unit.ward_mllp.conftest import NOW, RWE, admission, boxed, standing

OTHER = dataclasses.replace(
    RWE,
    settings=dataclasses.replace(RWE.settings, name="rr8-adt", trust_ods="RR8"),
    facilities=frozenset({"RR8"}),
    certificate_name="adt.rr8.example",
)
PIECES = [Piece("a.hl7", 0, "hl7v2", admission())]
PROVED = dataclasses.replace(RWE, certificate_name="ADT.rwe.example")


def test_names_are_common_and_alternative_ones_in_lower_case():
    certificate = {
        "subject": ((("countryName", "GB"),), (("commonName", "ADT of RWE"),)),
        "subjectAltName": (("DNS", "adt.RWE.example"), ("URI", "urn:rwe"), ("email", "a@b")),
    }
    assert names_in(certificate) == {"adt of rwe", "adt.rwe.example", "urn:rwe"}


@pytest.mark.parametrize("certificate", [None, {}])
def test_who_shows_no_certificate_has_no_name(certificate):
    assert names_in(certificate) == frozenset()


def test_a_sender_with_a_certificate_is_known_by_it():
    assert isinstance(
        heard(admission(), [PROVED], NOW, shown=frozenset({"adt.rwe.example"})), Understood
    )


@pytest.mark.parametrize(
    ("shown", "place"), [(frozenset(), "MSH-3"), (frozenset({"adt.rr8.example"}), "MSH-4")]
)
def test_a_message_in_the_name_of_another_is_refused_and_nobodys(shown, place):
    refusal = heard(admission(), [PROVED, OTHER], NOW, shown=shown)
    assert isinstance(refusal, Refusal)
    assert (refusal.source, refusal.region) == ("ward_mllp", None)
    assert (refusal.code, refusal.expression) == ("other-certificate", place)


def test_two_senders_of_one_name_are_told_apart_by_their_certificates():
    twin = dataclasses.replace(OTHER, facilities=RWE.facilities)
    what = heard(admission(), [PROVED, twin], NOW, shown=frozenset({"adt.rr8.example"}))
    assert isinstance(what, Understood)
    assert what.event.source == "rr8-adt"


def test_bytes_that_come_over_no_connection_have_nothing_to_prove():
    assert isinstance(heard(admission(), [PROVED], NOW), Understood)


@pytest.fixture(scope="module")
def tls(tmp_path_factory) -> Path:
    """An authority, the hub's certificate, and those of two senders."""
    folder = tmp_path_factory.mktemp("tls")
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    signed = f"-CA {folder}/ca.pem -CAkey {folder}/ca.key"
    made = [
        f"openssl req -x509 {key} -subj /CN=authority -keyout {folder}/ca.key -out {folder}/ca.pem"
    ]
    for name, alternative in (("hub", "IP:127.0.0.1"), ("rwe", "DNS:adt.rwe.example"), ("rr8", "")):
        more = f"-addext subjectAltName={alternative}" if alternative else ""
        files = f"-keyout {folder}/{name}.key -out {folder}/{name}.pem"
        made.append(f"openssl req -x509 {key} {signed} -subj /CN=adt.{name}.example {more} {files}")
    for command in made:
        try:
            subprocess.run(command.split(), check=True, capture_output=True)
        except FileNotFoundError:
            pytest.skip("there is no openssl on this machine")
    return folder


def shown_by(tls: Path, name: str) -> ssl.SSLContext:
    """A sender that shows a certificate."""
    context = ssl.create_default_context(cafile=str(tls / "ca.pem"))
    context.load_cert_chain(tls / f"{name}.pem", tls / f"{name}.key")
    return context


def door_of(tls: Path) -> ssl.SSLContext:
    section = ServerTls(cert=tls / "hub.pem", key=tls / "hub.key", client_ca=tls / "ca.pem")
    return context_of(section)


@pytest.mark.parametrize(("name", "code"), [("rwe", "AA"), ("rr8", "AR")])
async def test_over_tls_the_certificate_decides_who_is_speaking(tls, name, code):
    async with standing(PROVED, OTHER, tls=door_of(tls)) as ward:
        line = await ward.line(ssl=shown_by(tls, name))
        await line.say(boxed(admission()))
        assert await line.code() == code
        await line.say(boxed(admission(facility="RR8")))
        assert await line.code() == ("AA" if name == "rr8" else "AR")
        assert {event.source for event in ward.published} == {f"{name}-adt"}
        assert [refused.code for refused in ward.refused] == ["other-certificate"]


async def test_who_shows_no_certificate_says_nothing(tls):
    async with standing(PROVED, tls=door_of(tls)) as ward:
        context = ssl.create_default_context(cafile=str(tls / "ca.pem"))
        line = await ward.line(ssl=context)
        line.writer.write(boxed(admission()))
        assert await line.rest() == b""
        assert (ward.published, ward.refused) == ([], [])
        assert ward.server.handshakes == {NO_CERTIFICATE: 1}


async def test_who_speaks_no_tls_says_nothing(tls):
    async with standing(PROVED, tls=door_of(tls)) as ward:
        line = await ward.line()
        await line.say(boxed(admission()))
        assert b"MSA" not in await line.rest()
        assert (ward.published, ward.refused) == ([], [])
        assert ward.server.handshakes == {PLAINTEXT: 1}


async def test_a_handshake_that_the_sender_breaks_off_is_counted_by_why(tls):
    async with standing(PROVED, tls=door_of(tls)) as ward:
        # openssl, because asyncio breaks off without the alert that other senders send
        command = f"openssl s_client -connect 127.0.0.1:{ward.port} -verify_return_error"
        asked = await asyncio.create_subprocess_exec(
            *command.split(), stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
        )
        await asked.wait()
        assert ward.server.handshakes == {OURS_REFUSED: 1}


async def test_hub_send_shows_a_certificate_and_says_why_there_is_no_tls(tls):
    async with standing(PROVED, tls=door_of(tls)) as ward:

        async def sent(*shown: Path | None) -> str:
            def client() -> MllpClient:
                return MllpClient("127.0.0.1", ward.port, tls=tls_for(tls / "ca.pem", *shown))

            (line,) = await asyncio.to_thread(list, MllpSender(client, Pace(1)).lines(PIECES))
            return f"{line.answer} {line.reason}"

        assert await sent(tls / "rwe.pem", tls / "rwe.key") == "AA "
        unproved = await sent(None, None)
        assert unproved.startswith("no-answer ")
        assert "`no-handshake`" in unproved
        stranger = ssl.create_default_context()
        with pytest.raises(Unavailable, match="There is no TLS"):
            await asyncio.to_thread(
                list,
                MllpSender(lambda: MllpClient("127.0.0.1", ward.port, tls=stranger), Pace(1)).lines(
                    PIECES
                ),
            )
    for files in ((None, tls / "rwe.key"), (tls / "rwe.pem", tls / "rr8.key"), (tls / "no", None)):
        with pytest.raises(Stopped):
            tls_for(tls / "ca.pem", *files)


@pytest.mark.parametrize(
    ("code", "word"),
    [(10, CERTIFICATE_EXPIRED), (20, UNKNOWN_AUTHORITY), (26, CERTIFICATE_NOT_VALID)],
)
def test_why_a_certificate_was_not_taken(code, word):
    error = ssl.SSLCertVerificationError("not taken")
    error.verify_code = code
    assert word_for(error) == word
