import pytest

from hub.hl7v2 import NULL, Place, message_from, place_from

ADMISSION = (
    b"MSH|^~\\&|PAS|RXX|HUB|HUB|202601021010||ADT^A01^ADT_A01|77|P|2.4\r"
    b"PID|1||9990000018^^^NHS~L-12^^^RXX^PI||CARER&de^ANNA||19500101|2\r"
    b'NK1|1|ONE^ADAM|20||""\r'
    b'NK1|2|TWO^BETH^""|1\r'
    b'PV1|1|I|WARD&W1^B1|""||||||A\\T\\B'
)


@pytest.fixture
def admission():
    return message_from(ADMISSION)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("MSH-1", "|"),
        ("MSH-2", "^~\\&"),
        ("MSH-3", "PAS"),
        ("MSH-9.2", "A01"),
        ("MSH-12", "2.4"),
        ("PID-3.1", "9990000018"),
        ("PID-3", "9990000018"),
        ("PID-3[2].1", "L-12"),
        ("PID-3[2].5", "PI"),
        ("PID-5.1", "CARER"),
        ("PID-5.1.2", "de"),
        ("NK1-2.1", "ONE"),
        ("NK1[2]-2.1", "TWO"),
        ("PV1-3.1.2", "W1"),
        ("PV1-10", "A&B"),
    ],
)
def test_a_place_is_read_as_the_standard_counts(admission, place, value):
    assert admission.value(place) == value


@pytest.mark.parametrize(
    "place",
    ["PID-2", "PID-40", "PID-3[3].1", "PID-3.2", "PID-3.9", "NK1[3]-2", "ZZZ-1", "PID-7.1.2"],
)
def test_what_is_not_written_is_absent(admission, place):
    assert admission.value(place) is None
    assert admission.text(place) is None


def test_two_double_quotes_are_null_and_not_absent(admission):
    assert admission.value("NK1-5") is NULL
    assert admission.value("NK1-6") is None
    assert admission.text("NK1-5") is None


@pytest.mark.parametrize("place", ["PV1-4", "PV1-4.1", "PV1-4.3", "PV1-4.1.2", "PV1-4[2]"])
def test_below_a_null_field_everything_is_null(admission, place):
    assert admission.value(place) is NULL


def test_a_null_component_clears_itself_only(admission):
    second = admission.segments("NK1")[1]
    assert (second.value("NK1-2.2"), second.value("NK1-2.3"), second.value("NK1-2.3.2")) == (
        "BETH",
        NULL,
        NULL,
    )


def test_segments_keep_their_order_and_count_by_name(admission):
    assert [str(segment.place) for segment in admission.segments()] == [
        "MSH",
        "PID",
        "NK1",
        "NK1[2]",
        "PV1",
    ]
    assert [nk1.value("NK1-2.1") for nk1 in admission.segments("NK1")] == ["ONE", "TWO"]
    assert admission.segments("AL1") == ()


def test_parts_carry_their_place(admission):
    first, second = admission.repetitions("PID-3")
    assert (first.text(4), second.text(4)) == ("NHS", "RXX")
    assert (first.place_of(1), second.place_of(1)) == ("PID-3.1", "PID-3[2].1")
    assert [str(part.place) for part in second.components][-1] == "PID-3[2].5"
    ward = admission.segments("PV1")[0].field(3)
    assert [part.value for part in ward.repetitions[0].components[0].subcomponents] == [
        "WARD",
        "W1",
    ]
    assert [str(part.place) for part in ward.repetitions[0].components[0].subcomponents] == [
        "PV1-3.1.1",
        "PV1-3.1.2",
    ]


def test_an_absent_field_has_no_parts_and_a_null_field_has_one(admission):
    assert admission.repetitions("PID-2") == ()
    assert admission.repetitions("ZZZ-2") == ()
    (null,) = admission.repetitions("PV1-4")
    assert null.value() is NULL


def test_raw_is_the_part_as_written(admission):
    assert admission.raw("PV1-10") == "A\\T\\B"
    assert admission.raw("PID-5.1") == "CARER&de"
    assert admission.raw("PID-3[2]") == "L-12^^^RXX^PI"
    assert admission.raw("NK1[2]") == 'NK1|2|TWO^BETH^""|1'
    assert admission.raw("MSH-2") == "^~\\&"
    assert admission.raw("NK1[9]-1") == ""


def test_a_segment_is_not_asked_for_the_place_of_another(admission):
    with pytest.raises(ValueError, match="not a place of PID"):
        admission.segments("PID")[0].value("NK1-2")


def test_a_whole_segment_has_no_value(admission):
    with pytest.raises(ValueError, match="Name a field"):
        admission.value("PID")


def test_the_delimiters_have_no_repetitions(admission):
    with pytest.raises(ValueError, match="holds delimiters"):
        admission.repetitions("MSH-2")


def test_nothing_of_a_person_shows_in_a_repr(admission):
    pid = admission.segments("PID")[0]
    repetition = pid.field(5).repetitions[0]
    component = repetition.components[0]
    shown = [
        repr(part)
        for part in (admission, pid, pid.field(5), repetition, component, *component.subcomponents)
    ]
    assert shown == [
        "<Message of 5 segments>",
        "<Segment PID>",
        "<Field PID-5>",
        "<Repetition PID-5>",
        "<Component PID-5.1>",
        "<Subcomponent PID-5.1.1>",
        "<Subcomponent PID-5.1.2>",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("PID", Place("PID")),
        ("NK1[2]", Place("NK1", 2)),
        ("PID-3", Place("PID", field=3)),
        ("PID-3[2].1", Place("PID", field=3, repetition=2, component=1)),
        ("PID-3[2].1.2", Place("PID", 1, 3, 2, 1, 2)),
        ("NK1[2]-2.1", Place("NK1", 2, 2, 1, 1)),
        ("ZU1-22", Place("ZU1", field=22)),
    ],
)
def test_a_place_and_its_text_are_one(text, place):
    assert place_from(text) == place
    assert str(place) == text


@pytest.mark.parametrize(
    "text", ["", "pid-3", "PID-0", "PID-3.0", "PID.3", "PID-3[0]", "PID-3.1.1.1", "PID-3\n", "P-1"]
)
def test_what_is_no_place_is_our_defect(text):
    with pytest.raises(ValueError, match="Not a place"):
        place_from(text)
