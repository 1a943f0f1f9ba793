"""A region full of people for a measurement: nobody is anybody else, and each is as large as an honest record."""

from deploy.bench.crowd import PATTERNS, crowd
from hub import codec


def test_everybody_is_somebody_of_their_own():
    people = list(crowd(PATTERNS + 50, seed=7))
    assert len({each.record_id for each in people}) == len(people)
    assert len({each.facts.nhs_number for each in people}) == len(people)
    assert sum(len(codec.encode(each)) for each in people) / len(people) > 200
