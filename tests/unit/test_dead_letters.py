"""The dead letter of what a door cannot use: the place and the reason, and of a fault its kind alone."""

from hub.errors import InvalidResource
from hub.ports.door import Refused


def test_a_refusal_is_kept_with_its_place_and_reason():
    error = InvalidResource("Give at least the day.", expression="Patient.birthDate", code="value")
    assert Refused.because(error, "gp", 0, b"body") == Refused(
        source="gp",
        region=0,
        code="value",
        expression="Patient.birthDate",
        reason="Give at least the day.",
        defect=False,
        value=b"body",
    )


def test_a_fault_of_ours_is_kept_without_its_words():
    letter = Refused.by_defect(KeyError("Marsh"), "A fault of the hub.", "gp", None, b"body")
    assert (letter.code, letter.reason, letter.defect) == ("KeyError", "A fault of the hub.", True)
    assert "Marsh" not in repr(letter)
