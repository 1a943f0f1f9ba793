"""A region as it is looked at while it is weighed who somebody is: sides put together from records."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final, Protocol
from uuid import UUID

from hub.matching.candidates import Matcher
from hub.matching.evidence.corroboration import MOST_CONTACTS, Contacts
from hub.matching.evidence.register import Register
from hub.matching.evidence.sides import (
    NO_LIFE_AFTER,
    NOTHING_EXCUSED,
    Side,
    contradict,
    is_plausible,
    is_verified,
    pair_of,
)
from hub.matching.evidence.together import Ids
from hub.matching.layered import ById
from hub.matching.linking import objects
from hub.matching.normal.record import Compared, Mark
from hub.matching.scoring.decision import Rule
from hub.matching.scoring.reached import ways_to_both
from hub.records import LinkEvidence, PersonFacts, SourceRecord

DEAD: Final = int(Mark.DECEASED)
RESTRICTED: Final = int(Mark.RESTRICTED)
WITHDRAWN: Final = int(Mark.WITHDRAWN)
MARKED: Final = int(Mark.DECEASED | Mark.RESTRICTED | Mark.WITHDRAWN)


class Certain(Protocol):
    """What is asked of a region: who is one person for certain, and who is not."""

    @property
    def records(self) -> ById[SourceRecord]:
        """All records, by id."""
        ...

    def certain(self, record_id: UUID) -> UUID:
        """The smallest record of everybody who is one person with a record for certain."""
        ...

    def certain_members(self, known_as: UUID) -> Ids:
        """The records of such a person."""
        ...

    def links_under(self, records: Iterable[UUID]) -> tuple[LinkEvidence, ...]:
        """All evidence that names one of these records at either end."""
        ...

    def kept_apart(self, record_id: UUID) -> Ids:
        """The records that must not be one person with a record."""
        ...


class Looking:
    """A region while it is weighed: each side is put together once."""

    def __init__(self, view: Certain, register: Register, matcher: Matcher) -> None:
        self._view, self._register, self._matcher = view, register, matcher
        self._sides: dict[UUID, Side] = {}
        self._apart: dict[UUID, Ids] = {}
        self._contacts: dict[UUID, Contacts] = {}

    def side_of(self, record_id: UUID) -> UUID:
        """The side that a record is of."""
        return self._view.certain(record_id)

    def side(self, known_as: UUID) -> Side:
        """A side, by its smallest record."""
        side = self._sides.get(known_as)
        if side is None:
            side = self._sides[known_as] = side_from(self._view, self._register, known_as)
        return side

    def apart_from(self, known_as: UUID) -> Ids:
        """Sides that are other people."""
        found = self._apart.get(known_as)
        if found is None:
            found = self._apart[known_as] = frozenset(two_with(self._view, known_as))
        return found

    def contacts(self, known_as: UUID) -> Contacts:
        """The contacts and carers of a side, but for the shielded and unlinked: no weight says anything of them."""
        found = self._contacts.get(known_as)
        if found is None:
            every = sorted(contacts_of(self._view, known_as))
            records = ((each, self._contact(each)) for each in every)
            known = [(each, record) for each, record in records if record is not None]
            found = self._contacts[known_as] = tuple(known[:MOST_CONTACTS])
        return found

    def hanging_on_contacts(self, sides: Ids, other_than_they_were: Ids) -> set[UUID]:
        """The sides that a contact may tell something else now, because these sides have changed.

        Beside whom one of them is listed, and whoever is near them and a question: contacts add to nothing less.
        """
        policy, agreement = self._matcher.model.policy, self._matcher.agreement
        if policy.most_by_contacts <= 0.0:
            return set()
        found = set[UUID]()
        for each in corroborated_by(self._view, sides, other_than_they_were):
            found.add(self.side_of(each))
            record = self.compared(each)
            if record is None:
                continue
            for near in self.near(record):
                other = self.compared(near)
                if other is None or is_verified(other):
                    continue
                if agreement(other, record).bits >= policy.review_bits:
                    found.add(self.side_of(near))
        return found

    def _contact(self, record_id: UUID) -> Compared | None:
        records = dict(self.side(self.side_of(record_id)).records)
        record = records.get(record_id)
        return None if record is None or record.marks & (RESTRICTED | WITHDRAWN) else record

    def excused(self, one: UUID, other: UUID) -> frozenset[Rule]:
        """That one of two died does not part them where nothing was heard of the other since."""
        if not any(is_dead(self.side(each)) for each in (one, other)):  # nearly always
            return NOTHING_EXCUSED
        spoken = [tuple(records_of(self._view, each)) for each in (one, other)]
        deaths = [each.as_of for records in spoken for each in records if each.facts.deceased]
        alive = [records for records in spoken if not any(each.facts.deceased for each in records)]
        is_later = any(each.as_of > min(deaths) for records in alive for each in records)
        return NOTHING_EXCUSED if is_later else NO_LIFE_AFTER

    def contradicting(self, sides: Ids) -> Ids:
        """Of the sides of one person those without a number that contradict another one without."""
        unnumbered = [self.side(each) for each in sorted(sides) if not self.side(each).numbered]
        found = set[UUID]()
        for one, other in combinations(unnumbered, 2):
            pair = pair_of(one, other, self._matcher)
            if pair is not None and contradict(pair):
                found |= {one.known_as, other.known_as}
        return frozenset(found)

    def compared(self, record_id: UUID) -> Compared | None:
        """A record as it is compared."""
        return self._register.get(record_id)

    def near(self, record: Compared) -> set[UUID]:
        """The records that may be the same person."""
        return self._register.near(record)

    def is_busy(self, way: int | str) -> bool:
        """Whether so many have a mobile number or an e-mail address that nobody is found by it."""
        return self._register.is_busy(way)

    def at_home_of(self, record: Compared) -> set[UUID]:
        """The records of whoever lives there."""
        return self._register.at_home_of(record)


def records_of(view: Certain, known_as: UUID) -> Iterator[SourceRecord]:
    """The records of a side as they were said."""
    for each in view.certain_members(known_as):
        record = view.records.get(each)
        if record is not None:
            yield record


def is_dead(side: Side) -> bool:
    """Whether one of the records of a side says so."""
    return any(record.marks & DEAD for _, record in side.records)


def side_from(view: Certain, register: Register, known_as: UUID) -> Side:
    """A side with its records; what one of them says of a death or of protection counts for all.

    Of words on linking the latest counts.
    """
    marks = WITHDRAWN if objects(records_of(view, known_as)) else 0
    found = []
    for each in sorted(view.certain_members(known_as)):
        record, stored = register.get(each), view.records.get(each)
        if record is not None:
            found.append((each, record))
            marks |= record.marks & MARKED
        elif stored is not None:
            marks |= marks_of(stored.facts)
    if marks:
        found = [(each, record._replace(marks=record.marks | marks)) for each, record in found]
    return Side(known_as, tuple(found), any(is_verified(record) for _, record in found))


def two_with(view: Certain, known_as: UUID) -> Iterator[UUID]:
    """Sides that are other people than this one: somebody said so, or the one is listed as the other's contact."""
    members = view.certain_members(known_as)
    for each in members:
        for other in view.kept_apart(each):
            yield view.certain(other)
    for link in view.links_under(members):
        ends = {view.certain(link.patient_record), view.certain(link.carer_record)}
        yield from ends - {known_as}


def contacts_of(view: Certain, known_as: UUID) -> Iterator[UUID]:
    """The records that are listed beside a side now."""
    for link in view.links_under(view.certain_members(known_as)):
        if link.active and view.certain(link.patient_record) == known_as:
            yield link.carer_record


def corroborated_by(view: Certain, sides: Ids, other_than_they_were: Ids) -> set[UUID]:
    """The records of those beside whom one of these sides is listed.

    `other_than_they_were`: of these also their own where somebody is listed beside them, for the contact may be new.
    """
    found = set[UUID]()
    for side in sides:
        for link in view.links_under(view.certain_members(side)):
            patient = view.certain(link.patient_record)
            if patient != side or side in other_than_they_were:
                found |= view.certain_members(patient)
    return found


def concerned(register: Register, record: Compared, matcher: Matcher, changed: Ids) -> set[UUID]:
    """The records without a verified number whose decision may hang on this one.

    It is plausible for them; or has a number that they state, or is reached as they are; or they share a key that by
    it, or by what else has changed with it, comes to count, or to count no more, for whoever shares it too.
    """
    near, edge = register.near_and_at_edge(record, changed)
    found = set[UUID]()
    for each in near | edge:
        other = register.get(each)
        if other is None or is_verified(other):
            continue
        has_its_number = record.nhs != 0 and other.nhs == record.nhs
        is_reached = bool(ways_to_both(record, other))
        if each in edge or has_its_number or is_reached or is_plausible(other, record, matcher):
            found.add(each)
    return found


def marks_of(facts: PersonFacts) -> int:
    """What a record says that forbids a match."""
    return (Mark.DECEASED if facts.deceased else 0) | (Mark.RESTRICTED if facts.shielded else 0)


def is_marked(facts: PersonFacts) -> bool:
    """Whether a record says anything that forbids a match."""
    return bool(marks_of(facts))


def says_the_same(one: SourceRecord, other: SourceRecord) -> bool:
    """Whether nothing that is compared differs."""
    left, right = one.facts, other.facts
    return left is right or compared_of(left) == compared_of(right)


def compared_of(facts: PersonFacts) -> tuple[object, ...]:
    """What evidence looks at."""
    return (
        facts.names,
        facts.nhs_number,
        facts.nhs_number_status,
        facts.birth_on,
        facts.birth_precision,
        facts.gender,
        facts.addresses,
        facts.telecoms,
        bool(facts.deceased),
        bool(facts.shielded),
    )
