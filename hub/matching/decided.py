"""What people decided of records: whom they joined, whom they keep apart, and who is one person by all of it.

"Around" a record is everybody whom it may be the same person as by what sources say, whoever is kept apart. It is asked
for without looking at what was decided, so nothing here depends on itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol
from uuid import UUID

from hub.matching import linking, national
from hub.matching.answers import Count, Stands, counted, keeps_apart, may_be_joined
from hub.matching.contradicted import counting, is_contradicted
from hub.matching.parts import Edge, parted
from hub.records import ReviewKept, SourceRecord

Ids = frozenset[UUID]
NOBODY: Final[Ids] = frozenset()
NOTHING_SAID: Final[Mapping[UUID, bool]] = {}
BY_REVIEW, BY_MERGE, BY_MATCH, BY_NOTICE = range(4)
"""What joins two records, the strongest first."""


HALF_ANSWERED: Final = frozenset({Stands.WAITING, Stands.PARTED, Stands.DISAGREED})
"""What answers come to that settle nothing of somebody who is shielded."""


class Reviews(Enum):
    """Which questions lead from one record to another. `SAID_SAME`: that may join them, whoever is shielded."""

    SAID_SAME = 0
    JOINED = 1
    ALL = 2


@dataclass(frozen=True, slots=True)
class Without:
    """What leads from no record to another.

    Attributes:
        pair: Two records that do not lead to each other, or the notices of two numbers.
        left: Records that do not lead to `right` ...
        right: ... nor the other way.
        merges: True where no hospital's merge leads anywhere.
        pairs: Further pairs of records that do not lead to each other.
    """

    pair: Ids = NOBODY
    left: Ids = NOBODY
    right: Ids = NOBODY
    merges: bool = False
    pairs: frozenset[Ids] = frozenset()

    def parts(self, one: UUID, other: UUID) -> bool:
        """Whether one does not lead to the other."""
        return (
            {one, other} == self.pair
            or (one in self.left and other in self.right)
            or (one in self.right and other in self.left)
            or bool(self.pairs and frozenset((one, other)) in self.pairs)
        )


NOTHING_LEFT_OUT: Final = Without()


class People(national.People, Protocol):
    """What is asked of a region."""

    def reviews_of(self, record_id: UUID) -> tuple[ReviewKept, ...]:
        """The pairs with this record of which people said something, or shall say it."""
        ...

    def alike_by_source(
        self,
        record: SourceRecord,
        *,
        whole: bool,
        without: Ids,
        merges: bool,
        passed: AbstractSet[UUID],
    ) -> Iterator[UUID]:
        """Records of people that are the same person by what sources say, perhaps without a hospital's merges."""
        ...

    def same_as(self, record_id: UUID, passed: AbstractSet[UUID]) -> Iterator[UUID]:
        """What is the same person as a record, by all that is known. `passed`: need not be named."""
        ...

    def is_any_unlinked(self) -> bool:
        """Whether anybody ever said whether they want to be linked."""
        ...

    def like(self, records: Ids) -> Mapping[UUID, float]:
        """The records that by evidence are strongly like one of these, whoever else there is."""
        ...


def is_restricted(people: People, kept: ReviewKept) -> bool:
    """Whether anybody of whom two records may be is shielded, by any of their records or of those joined by answers."""
    return any(
        record.facts.shielded
        for each in around(people, (kept.left, kept.right), Reviews.SAID_SAME)
        if (record := people.records.get(each)) is not None
    )


def is_of_somebody_unlinked(people: People, kept: ReviewKept) -> bool:
    """Whether anybody of whom two records may be does not want to be linked."""
    if not people.is_any_unlinked():  # nearly always
        return False
    return linking.any_objects(people, around(people, (kept.left, kept.right), Reviews.SAID_SAME))


def count_of(people: People, kept: ReviewKept) -> Count:
    """What people said of two records, counted, but for what is contradicted since."""
    return counted(counting(people, kept), restricted=is_restricted(people, kept))


def is_half_answered(people: People, record_id: UUID) -> bool:
    """Whether of a record and somebody who is shielded one reviewer said who they are, and it takes two."""
    return any(
        bool(kept.answers)
        and not kept.held
        and is_unsettled(people, kept)
        and is_restricted(people, kept)
        for kept in people.reviews_of(record_id)
    )


def is_half_told_of(people: People, record_id: UUID) -> bool:
    """Whether of a record and somebody who does not want to be linked it was said who they are, and not settled.

    Where "different" alone was said, only if nothing else keeps the two apart: else they were two before the answer.
    """
    return any(
        bool(kept.answers)
        and kept.left != kept.right
        and is_half_told(people, kept, count_of(people, kept).stands)
        and is_of_somebody_unlinked(people, kept)
        for kept in people.reviews_of(record_id)
    )


def is_half_told(people: People, kept: ReviewKept, stands: Stands) -> bool:
    """Whether what people said of two leaves open whether they are one, who may be one by what is known."""
    if stands is not Stands.PARTED:
        return stands in HALF_ANSWERED
    return kept.right in people.like(frozenset((kept.left,)))


def is_settled_that_two(people: People, one: UUID, other: UUID) -> bool:
    """Whether it was said of two records that they are two people, by as many as it takes."""
    return any(
        one != other
        and {one, other} == {kept.left, kept.right}
        and count_of(people, kept).stands is Stands.DIFFERENT
        for kept in people.reviews_of(one)
    )


def is_unsettled(people: People, kept: ReviewKept) -> bool:
    """Whether what people said of two settles nothing: it takes one more, or it is contradicted since."""
    stands = count_of(people, kept).stands
    return stands in HALF_ANSWERED or (stands is Stands.NOTHING and is_contradicted(people, kept))


def around(
    people: People,
    start: Iterable[UUID],
    reviews: Reviews = Reviews.ALL,
    without: Without = NOTHING_LEFT_OUT,
) -> Ids:
    """Every record that these may be the same person as."""
    reached, waiting = set(start), list(start)
    while waiting:
        one = waiting.pop()
        for each in leads_to(people, one, reviews, without, reached):
            if each not in reached and not without.parts(one, each):
                reached.add(each)
                waiting.append(each)
    return frozenset(reached)


def leads_to(
    people: People,
    record_id: UUID,
    reviews: Reviews,
    without: Without,
    passed: AbstractSet[UUID] = NOBODY,
) -> Iterator[UUID]:
    """What a record may be the same person as, whoever is kept apart. `passed`: need not be named."""
    record = people.records.get(record_id)
    if record is not None and record.notice_of is None:
        yield from people.alike_by_source(
            record, whole=True, without=without.pair, merges=not without.merges, passed=passed
        )
    elif record is not None and record.notice_of is not None:
        yield from national.bearers(people, (record.notice_of,))
        if record.merged_into is not None:
            yield record.merged_into
    yield from said_leads_to(people, record_id, reviews)


def said_leads_to(people: People, record_id: UUID, reviews: Reviews) -> Iterator[UUID]:
    """What a record may be the same person as because of what people said, or shall say."""
    if reviews is Reviews.JOINED:
        yield from (other for other, joins in said_of(people, record_id).items() if joins)
        return
    for kept in people.reviews_of(record_id):
        if reviews is Reviews.ALL or (kept.answers and may_be_joined(kept)):
            yield from (kept.left, kept.right)


def said_of(people: People, record_id: UUID) -> Mapping[UUID, bool]:
    """With whom people joined a record (True), and from whom it is kept apart (False)."""
    pairs = people.reviews_of(record_id)
    if not pairs:  # nearly always
        return NOTHING_SAID
    found: dict[UUID, bool] = {}
    for kept in pairs:
        other = kept.right if kept.left == record_id else kept.left
        stands = count_of(people, kept).stands if kept.answers else Stands.NOTHING
        if other != record_id and stands is Stands.SAME:
            found[other] = True
        elif other != record_id and (keeps_apart(kept, stands) or is_contradicted(people, kept)):
            found[other] = False
    return found


def kept_apart(people: People, record_id: UUID) -> Ids:
    """Whom a record must not be joined with."""
    said = said_of(people, record_id)
    return frozenset(each for each, joins in said.items() if not joins) if said else NOBODY


def parts_of(people: People, component: Ids) -> list[Ids]:
    """The people of records that lead to one another: one, unless two of the records are kept apart."""
    apart = {each: kept_apart(people, each) & component for each in component}
    if not any(apart.values()):
        return [component]
    return parted(component, apart, edges(people, component))


def edges(people: People, component: Ids) -> Iterator[Edge]:
    """What joins the records of a component, each pair that a number joins once."""
    passed = set[UUID]()
    for each in component:
        said = said_of(people, each)
        for other in people.same_as(each, passed):
            by = BY_REVIEW if said.get(other) else by_source(people, each, other)
            yield (by, min(each, other), max(each, other))
        passed.add(each)


def strength(people: People, one: UUID, other: UUID) -> int:
    """By what two records are joined."""
    return BY_REVIEW if said_of(people, one).get(other) else by_source(people, one, other)


def by_source(people: People, one: UUID, other: UUID) -> int:
    """By what sources say two records are joined."""
    records = [each for each in (people.records.get(one), people.records.get(other)) if each]
    if any(each.notice_of is not None for each in records):
        return BY_NOTICE
    return BY_MERGE if {one, other} & {each.merged_into for each in records} else BY_MATCH
