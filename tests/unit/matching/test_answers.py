"""What answers come to, in whatever order they are heard."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from hub.identity import derived
from hub.matching.answers import (
    Stands,
    answered,
    cannot_tell,
    counted,
    unasked,
)
from hub.records import ReviewerAnswer, ReviewVerdict, Word

START = datetime(2026, 11, 23, tzinfo=UTC)
VERDICTS = {
    "s": ReviewVerdict.SAME,
    "d": ReviewVerdict.DIFFERENT,
    "c": ReviewVerdict.CANNOT_TELL,
    "r": ReviewVerdict.REVOKED,
}


def answers(said: str, *, of_two: bool = False) -> list[ReviewerAnswer]:
    """`1d 2d 3r`: reviewer 1 says "different", then 2 the same, then 3 takes it back."""
    return [
        ReviewerAnswer(
            by=each[0],
            organisation_ods="RWE",
            answer=VERDICTS[each[1]],
            said=Word(
                about="review",
                recorded_at=START + timedelta(hours=hour),
                un_event=False,
                sequence=0,
                event_id=derived("test-answer", hour),
            ),
            asked_of_two=of_two,
        )
        for hour, each in enumerate(said.split())
    ]


@pytest.mark.parametrize(
    ("said", "stands", "of_shielded"),
    [
        ("1s", Stands.SAME, Stands.WAITING),
        ("1d", Stands.DIFFERENT, Stands.PARTED),
        ("1d 2s", Stands.DISAGREED, Stands.DISAGREED),
        ("1d 2s 3s", Stands.SAME, Stands.SAME),
        ("1d 2d", Stands.DIFFERENT, Stands.DIFFERENT),
        # One takes back what one said, and nobody else brings it back.
        ("1d 2r", Stands.NOTHING, Stands.PARTED),
        ("1s 2r", Stands.NOTHING, Stands.WAITING),
        ("1s 2r 3s 4d", Stands.DISAGREED, Stands.SAME),
        ("1d 2r 1d", Stands.DIFFERENT, Stands.PARTED),
        # Two must take back what two said, or what needs two; their own word each takes back alone.
        ("1d 2d 3r", Stands.DIFFERENT, Stands.DIFFERENT),
        ("1d 2d 3r 3r", Stands.DIFFERENT, Stands.DIFFERENT),
        ("1d 2d 3r 4r", Stands.NOTHING, Stands.NOTHING),
        ("1d 2d 1r", Stands.DIFFERENT, Stands.PARTED),
        ("1s 2s 1r", Stands.SAME, Stands.WAITING),
        ("1d 2s 3s 4r", Stands.SAME, Stands.SAME),
        ("1d 1r", Stands.NOTHING, Stands.NOTHING),
        ("1d 2d 3r 4d 5r", Stands.NOTHING, Stands.PARTED),
        ("1d 2c 3r", Stands.NOTHING, Stands.PARTED),
    ],
)
def test_what_answers_come_to_does_not_depend_on_when_they_are_heard(said, stands, of_shielded):
    for order in permutations(answers(said)):
        kept = unasked(UUID(int=1), UUID(int=2))
        for each in (*order, order[0]):
            kept = answered(kept, each)
        assert counted(kept, restricted=False).stands is stands
        assert counted(kept, restricted=True).stands is of_shielded


@pytest.mark.parametrize(
    ("said", "stands", "told"),
    [
        ("1s", Stands.WAITING, True),
        ("1d", Stands.PARTED, True),
        ("1s 2s", Stands.SAME, True),
        ("1d 2d", Stands.DIFFERENT, True),
        ("1s 2d", Stands.DISAGREED, True),
        ("1s 2d 3s", Stands.SAME, True),
        ("1s 2d 3c", Stands.DISAGREED, True),
        ("1c", Stands.NOTHING, True),
        ("1c 2s", Stands.WAITING, True),
        ("1c 2s 3c", Stands.WAITING, False),
        ("1c 2c", Stands.NOTHING, False),
        ("1c 1c", Stands.NOTHING, True),
        ("1s 1r", Stands.NOTHING, True),
    ],
)
def test_what_was_asked_of_two_takes_two_alike_also_to_say_that_it_cannot_be_told(
    said, stands, told
):
    for order in permutations(answers(said, of_two=True)):
        kept = unasked(UUID(int=1), UUID(int=2))
        for each in order:
            kept = answered(kept, each)
        assert counted(kept, restricted=False).stands is stands
        assert cannot_tell(kept, "", restricted=False) is not told
