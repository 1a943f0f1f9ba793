import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.hl7v2 import Charset, escaped, message_from, unescaped
from hub.hl7v2.delimiters import STANDARD, UNUSED, Delimiters
from hub.hl7v2.notation import Notation

NOTATION = Notation(STANDARD, Charset.UTF_8)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("A\\F\\B", "A|B"),
        ("A\\S\\B", "A^B"),
        ("A\\T\\B", "A&B"),
        ("A\\R\\B", "A~B"),
        ("A\\E\\B", "A\\B"),
        ("A\\E\\T\\E\\B", "A\\T\\B"),
        ("A\\X42\\C", "ABC"),
        ("Zo\\XC3AB\\", "Zoë"),
        ("one\\.br\\two", "one\ntwo"),
        ("one\\.sp+2\\two", "one\ntwo"),
        ("one\\.sk3\\two", "one two"),
        ("\\H\\bold\\N\\", "bold"),
        ("\\.in+4\\text\\.fi\\", "text"),
    ],
)
def test_known_sequences_are_replaced(written, text):
    assert unescaped(written, NOTATION) == text


@pytest.mark.parametrize(
    "written",
    [
        "unterminated \\F",
        "unterminated \\",
        "C:\\wards\\list",
        "\\Zlocal\\",
        "\\C2842\\",
        "\\X\\",
        "\\X4\\",
        "\\X4G\\",
        "\\XFF\\",
        "\\X00\\",
        "\\X4100\\",
        "\\P\\",
        "\\f\\",
        "\\.zz\\",
        "\\\\",
    ],
)
def test_everything_else_survives_as_written(written):
    assert unescaped(written, NOTATION) == written


def test_a_stray_backslash_does_not_hide_the_sequence_after_it():
    assert unescaped("A\\B\\T\\C", NOTATION) == "A\\B&C"


def test_an_escape_of_nothing_but_formatting_is_absent():
    assert message_from(b"MSH|^~\\&|\rPID|1||\\H\\").value("PID-3") is None


def test_hexadecimal_is_of_the_messages_character_set():
    assert unescaped("Zo\\XEB\\", Notation(STANDARD, Charset.WINDOWS_1252)) == "Zoë"


def test_without_an_escape_character_a_delimiter_becomes_a_space():
    delimiters = Delimiters(escape=UNUSED, subcomponent=UNUSED)
    assert escaped("A|B&C", delimiters) == "A B&C"


SYMBOLS = "!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
DELIMITERS = st.permutations(SYMBOLS).map(lambda some: Delimiters(*some[:6]))


@given(text=st.text(st.characters(codec="utf-8")), delimiters=DELIMITERS)
def test_escaped_text_comes_back_and_holds_no_separator(text, delimiters):
    written = escaped(text, delimiters)
    separators = {
        delimiters.field,
        delimiters.component,
        delimiters.repetition,
        delimiters.subcomponent,
        "\r",
        "\n",
    }
    assert not separators & set(written)
    assert unescaped(written, Notation(delimiters, Charset.UTF_8)) == text


@given(st.text("\\XFSTREHN.brsp0419AZ~", max_size=60))
def test_unescaping_never_fails_and_never_grows(written):
    assert len(unescaped(written, NOTATION)) <= len(written)


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0\x0b\x1c")))
def test_any_text_can_be_sent_and_read(text):
    frame = f"MSH|^~\\&|\rNTE|1||{escaped(text, STANDARD)}\r".encode()
    value = message_from(frame).value("NTE-3")
    assert value == (text or None) or text == '""'
