"""A carer who withdraws the agreement to be referred: what ends, what stands, and what cannot bring it back."""

from dataclasses import replace
from itertools import permutations

from hub.records import CarerPicture
from hub.testing.flags import agreement, carer_flag
from tests.flow.scenes import picture
from tests.flow.test_by_evidence import (
    BEN_FOR_SURE,
    CONTACT,
    FLAG,
    HOME,
    SON,
    admitted,
    after,
    carers,
)

AGREED = agreement(SON, "2026-11-04 12:00")
WITHDRAWN = agreement(SON, "2026-11-10 12:00", status="inactive")
SENT_AGAIN = carer_flag(SON, "2026-11-20 12:00", of=HOME)
BY_ANOTHER_NUMBER = carer_flag(
    replace(SON, nhs_number=None, hospital_number="L77"), "2026-11-21 12:00", of=HOME
)
"""The same carer under a number of the practice's own, without the NHS number: joined by evidence."""
LISTED = admitted(HOME, contacts=(CONTACT,))
"""The ward lists the carer without an NHS number: joined by evidence."""


def agreements(hub):
    """Those that stand, in pictures of stays and of carers."""
    found = [each.agreement_id for each in picture(hub).carers]
    told = [
        each.agreement_id
        for one in hub.last(CarerPicture).values()
        for each in one.agreements
        if each.withdrawn_at is None
    ]
    return [each for each in (*found, *told) if each is not None]


def test_it_ends_no_link_and_takes_no_records_apart():
    hub = after(FLAG, AGREED, LISTED)
    assert (carers(hub), len(agreements(hub))) == (BEN_FOR_SURE, 2)
    hub.hear(WITHDRAWN)
    assert (carers(hub), agreements(hub)) == (BEN_FOR_SURE, [])


def test_neither_a_flag_that_is_sent_again_by_whatever_number_nor_the_older_consent_brings_it_back():
    older = agreement(SON, "2026-11-05 12:00")
    for order in permutations((WITHDRAWN, SENT_AGAIN, BY_ANOTHER_NUMBER, older)):
        hub = after(FLAG, AGREED, LISTED, *order)
        assert (carers(hub), agreements(hub)) == (BEN_FOR_SURE, [])
        hub.crash()
        hub.hear(carer_flag(SON, "2026-11-25 12:00", of=HOME))
        assert agreements(hub) == []
    hub.hear(agreement(SON, "2026-11-26 12:00"))
    assert len(agreements(hub)) == 2
