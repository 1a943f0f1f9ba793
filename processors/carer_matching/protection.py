"""Who two records are, and whether what is said of the two must hide where anybody lives."""

from uuid import UUID

from hub.matching.decided import is_of_somebody_unlinked, is_restricted
from hub.matching.region import RegionView
from hub.records import ReviewKept
from processors.carer_matching.sides import people_at


def people_of(view: RegionView, kept: ReviewKept) -> list[UUID]:
    """Who the two are, of a notice whoever has its number."""
    ends = {each for end in (kept.left, kept.right) for each in (end, *people_at(view, end))}
    return sorted({view.person(each) for each in ends})


def is_around_unlinked(view: RegionView, kept: ReviewKept) -> bool:
    """Whether one of the two is, or may be, somebody who does not want to be linked: it is shown as if protected."""
    return is_of_somebody_unlinked(view, kept) or any(
        view.is_unlinked(each) for each in people_of(view, kept)
    )


def is_protected(view: RegionView, kept: ReviewKept) -> bool:
    """Whether anybody of whom the two may be is shielded: cleared staff alone see the question, and no step of it."""
    return is_restricted(view, kept) or any(
        view.is_shielded(each) for each in people_of(view, kept)
    )
