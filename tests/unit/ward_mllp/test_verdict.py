import pytest

from connectors.ward_mllp.verdict import OnReject, Verdict, code_for


@pytest.mark.parametrize(
    ("verdict", "on_reject", "code"),
    [
        (Verdict.UNDERSTOOD, "ar", "AA"),
        (Verdict.UNDERSTOOD, "aa", "AA"),
        (Verdict.IGNORED, "ar", "AA"),
        (Verdict.IGNORED, "aa", "AA"),
        (Verdict.REJECTED, "ar", "AR"),
        (Verdict.REJECTED, "aa", "AA"),
        (Verdict.DEFECT, "ar", "AA"),
        (Verdict.DEFECT, "aa", "AA"),
        (Verdict.NOT_KEPT, "ar", "AE"),
        (Verdict.NOT_KEPT, "aa", "AE"),
    ],
)
def test_only_what_is_not_kept_is_asked_for_again(verdict, on_reject, code):
    assert code_for(verdict, OnReject(on_reject)) == code


def test_a_rejection_is_said_unless_the_sender_chose_otherwise():
    assert code_for(Verdict.REJECTED) == "AR"
