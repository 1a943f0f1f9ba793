import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import HubError, InvalidResource, NotPermitted, Rejected, Unavailable, Undecodable
from hub.hl7v2 import (
    AcknowledgementCode,
    Condition,
    Place,
    Problem,
    acknowledgement,
    answer_code,
    message_from,
    place_from,
)

AA, AE, AR = AcknowledgementCode.AA, AcknowledgementCode.AE, AcknowledgementCode.AR
CA, CE, CR = AcknowledgementCode.CA, AcknowledgementCode.CE, AcknowledgementCode.CR


def frame(version: bytes = b"2.4", mode: bytes = b"|") -> bytes:
    return (
        b"MSH|^~\\&|PAS|RXX|HUB|CARE|202601021010||ADT^A01^ADT_A01|77|P|"
        + version
        + b"|||"
        + mode
        + b"\rPID|1\r"
    )


MISSING = Problem(Condition.REQUIRED_MISSING, place_from("PID-3[2].1"), "No identifier | given.")


def test_an_answer_goes_back_to_the_sender_with_its_control_id():
    assert acknowledgement(frame(), AA) == (
        b"MSH|^~\\&|HUB|CARE|PAS|RXX|202601021010||ACK^A01^ACK|77|P|2.4\rMSA|AA|77\r"
    )


@pytest.mark.parametrize(
    ("version", "message_type"),
    [
        (b"2.2", b"ACK"),
        (b"2.3", b"ACK^A01"),
        (b"2.3.1", b"ACK^A01"),
        (b"2.4", b"ACK^A01^ACK"),
        (b"2.5.1", b"ACK^A01^ACK"),
        (b"", b"ACK^A01^ACK"),
    ],
)
def test_the_answers_type_is_that_of_the_version(version, message_type):
    assert acknowledgement(frame(version), AA).split(b"|")[8] == message_type


def test_from_version_2_5_err_says_place_condition_and_reason():
    assert acknowledgement(frame(b"2.5.1"), AR, MISSING).split(b"\r")[1:] == [
        b"MSA|AR|77",
        b"ERR||PID^1^3^2^1|101^Required field missing^HL70357|E||||No identifier \\F\\ given.",
        b"",
    ]


def test_before_version_2_5_the_place_is_in_err_1_and_the_reason_in_msa_3():
    assert acknowledgement(frame(), AR, MISSING).split(b"\r")[1:] == [
        b"MSA|AR|77|PID-3[2].1: No identifier \\F\\ given.",
        b"ERR|PID^1^3^101&Required field missing&HL70357",
        b"",
    ]


def test_with_an_acceptance_err_is_a_warning():
    assert b"HL70357|W||||" in acknowledgement(frame(b"2.6"), AA, MISSING)


@pytest.mark.parametrize(
    ("place", "err_2", "err_1"),
    [
        (None, b"", b"^^^102"),
        (Place("NK1", 3), b"NK1^3", b"NK1^3^^102"),
        (place_from("NK1[3]-2"), b"NK1^3^2^1", b"NK1^3^2^102"),
        (place_from("PID-3.4.2"), b"PID^1^3^1^4^2", b"PID^1^3^102"),
    ],
)
def test_err_names_as_much_of_the_place_as_is_known(place, err_2, err_1):
    problem = Problem(Condition.DATA_TYPE, place, "x")
    assert acknowledgement(frame(b"2.5"), AR, problem).split(b"ERR|")[1].split(b"|")[1] == err_2
    old = acknowledgement(frame(b"2.4"), AR, problem).split(b"ERR|")[1]
    assert old == err_1 + b"&Data type error&HL70357\r"


def test_the_answer_is_written_with_the_messages_own_delimiters():
    answer = acknowledgement(
        b"MSH*!@%$*PAS*RXX*HUB*CARE***ADT!A01*7%F%7*P*2.5\r",
        AR,
        Problem(Condition.DATA_TYPE, place_from("PID-7"), "A * and a !."),
    )
    assert answer.split(b"\r")[:3] == [
        b"MSH*!@%$*HUB*CARE*PAS*RXX***ACK!A01!ACK*7%F%7*P*2.5",
        b"MSA*AR*7%F%7",
        b"ERR**PID!1!7!1*102!Data type error!HL70357*E****A %F% and a %S%.",
    ]


def test_without_subcomponents_err_1_holds_the_code_alone():
    answer = acknowledgement(b"MSH|^~|PAS||||||ADT^A01|7|P|2.3\r", AR, MISSING)
    assert answer.split(b"\r")[2] == b"ERR|PID^1^3^101"
    assert b"\0" not in answer


def test_names_are_echoed_byte_for_byte_with_their_character_set():
    asked = b"MSH|^~\\&|PAS|Zo\xeb|HUB||||ADT^A01|7|P|2.4||||||8859/1\r"
    assert acknowledgement(asked, AA) == (
        b"MSH|^~\\&|HUB||PAS|Zo\xeb|||ACK^A01^ACK|7|P|2.4||||||8859/1\rMSA|AA|7\r"
    )


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (b"", b"MSH|^~\\&|||||||ACK\rMSA|AR\r"),
        (b"MSH|", b"MSH|^~\\&|||||||ACK\rMSA|AR\r"),
        (b"MSH", b"MSH|^~\\&|||||||ACK\rMSA|AR\r"),
        (b"GET / HTTP/1.1", b"MSH|^~\\&|||||||ACK\rMSA|AR\r"),
        (
            b"MSH|^^^^|PAS|RXX|HUB|CARE|||ADT^A01|77|P|2.4\r",
            b"MSH|^~\\&|HUB|CARE|PAS|RXX|||ACK^A01^ACK|77|P|2.4\rMSA|AR|77\r",
        ),
        (
            b"MSH|^~\\&|P\x0bS|RXX|HUB|CARE|||ADT^A01|7\x1c7|P|2.4",
            b"MSH|^~\\&|HUB|CARE||RXX|||ACK^A01^ACK||P|2.4\rMSA|AR\r",
        ),
    ],
)
def test_an_answer_says_what_can_be_read_of_the_header(asked, answer):
    assert acknowledgement(asked, AR) == answer


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (
            InvalidResource("r", expression="PID-7"),
            Problem(Condition.DATA_TYPE, place_from("PID-7"), "r"),
        ),
        (
            InvalidResource("r", expression="PID-3.1", code="required"),
            Problem(Condition.REQUIRED_MISSING, place_from("PID-3.1"), "r"),
        ),
        (
            InvalidResource("r", expression="PV1-2", code="value"),
            Problem(Condition.VALUE_NOT_IN_TABLE, place_from("PV1-2"), "r"),
        ),
        (
            InvalidResource("r", expression="MSH-9.2"),
            Problem(Condition.UNSUPPORTED_EVENT, place_from("MSH-9.2"), "r"),
        ),
        (
            NotPermitted("r", expression="MSH-4"),
            Problem(Condition.VALUE_NOT_IN_TABLE, place_from("MSH-4"), "r"),
        ),
        (
            NotPermitted("r", expression="MSH-11"),
            Problem(Condition.UNSUPPORTED_PROCESSING, place_from("MSH-11"), "r"),
        ),
        (
            Undecodable("r", expression="MSH-18"),
            Problem(Condition.DATA_TYPE, place_from("MSH-18"), "r"),
        ),
        (
            NotPermitted("r", expression="Encounter.period.end"),
            Problem(Condition.INTERNAL, None, "r"),
        ),
        (Rejected("r"), Problem(Condition.INTERNAL, None, "r")),
        (Unavailable("r"), Problem(Condition.INTERNAL, None, "r")),
    ],
)
def test_each_refusal_has_a_row_of_table_0357(error: HubError, problem):
    assert Problem.of(error) == problem


@pytest.mark.parametrize(
    ("mode", "code", "answer"),
    [
        (b"|", AA, AA),
        (b"|", AE, AE),
        (b"AL|NE", AA, CA),
        (b"AL|NE", AE, CE),
        (b"AL|AL", AR, CR),
        (b"NE|AL", AA, AA),
        (b"NE|AL", AR, AR),
        (b"|AL", AA, AA),
        (b"NE|NE", AA, None),
        (b"NE|", AR, None),
        (b'""|NE', AA, None),
        (b"ER|NE", AA, None),
        (b"ER|NE", AR, CR),
        (b"ER|AL", AA, AA),
        (b"SU|NE", AA, CA),
        (b"SU|NE", AE, None),
        (b"SU|ER", AE, AE),
        (b"yes|", AA, CA),
    ],
)
def test_the_header_chooses_the_mode(mode, code, answer):
    assert answer_code(frame(mode=mode), code) == answer


def test_a_header_that_cannot_be_read_is_answered_in_original_mode():
    assert answer_code(b"", AR) is AR


LIKE_A_MESSAGE = st.one_of(
    st.binary(max_size=80),
    st.text("MSHPID|^~\\&\r\n\x0b\x1c\0A1.2", max_size=80).map(str.encode),
    st.lists(st.text("AZ^~\\&\xeb\x1c12.4", max_size=6), max_size=20).map(
        lambda fields: ("MSH|^~\\&|" + "|".join(fields)).encode("latin-1")
    ),
)


@given(asked=LIKE_A_MESSAGE, code=st.sampled_from(AcknowledgementCode))
def test_any_bytes_get_one_answer_that_can_be_read_and_framed(asked, code):
    problem = Problem(Condition.DATA_TYPE, place_from("PID-3"), "Ünreadable\r\n.")
    answer = acknowledgement(asked, code, problem)
    assert answer == acknowledgement(bytes(asked), code, problem)
    assert not {0x00, 0x0B, 0x1C, 0x0A} & set(answer)
    segments = [line.partition(answer[3:4])[0] for line in answer.split(b"\r")]
    assert segments == [b"MSH", b"MSA", b"ERR", b""]


NO_SEPARATOR = st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="|")


@given(st.text(NO_SEPARATOR, min_size=1, max_size=20))
def test_the_control_id_comes_back_whole(control_id):
    asked = f"MSH|!@#$|A|B|C|D|||ADT!A01|{control_id}|P|2.4\r".encode()
    answer = acknowledgement(asked, AA)
    assert answer.split(b"\r")[1] == f"MSA|AA|{control_id}".encode()
    assert answer.split(b"|")[9] == control_id.encode()


def test_a_character_set_that_is_none_of_ours_is_not_said_again_so_that_the_answer_can_be_read():
    frame = b"MSH|^~\\&|PAS|RWE|HUB|HUB|20261123||ADT^A01|1|P|2.5.1||||||KLINGON-1\rPID|1\r"
    answer = acknowledgement(frame, AcknowledgementCode.AR)
    assert b"KLINGON" not in answer
    assert message_from(answer).text("MSA-1") == "AR"
