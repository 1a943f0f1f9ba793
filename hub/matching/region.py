"""Everybody and everything of one region, in memory, with the indexes that matching needs.

The records themselves are state and lie in the database; the indexes and persons are derived from them, and a test
compares them with a fresh load. A batch works on an overlay that joins the memory after its commit.
"""

from collections.abc import Hashable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, Final, TypeAlias
from uuid import UUID

from hub.matching import decided, linking, national, whose
from hub.matching.candidates import Matcher
from hub.matching.compare import Answer, Verdict, are_two
from hub.matching.evidence.memory import Evidence
from hub.matching.evidence.weighing import Judged, Weighed
from hub.matching.layered import ById, Layered, Once
from hub.matching.scoring.decision import Decision, Rule
from hub.records import (
    AgreementKept,
    LinkEvidence,
    PersonFacts,
    PictureTold,
    ReviewKept,
    SourceRecord,
    StayFacts,
)

Kept: TypeAlias = SourceRecord | LinkEvidence | StayFacts | AgreementKept | PictureTold | ReviewKept
KINDS: Final = (ReviewKept, SourceRecord, LinkEvidence, StayFacts, AgreementKept, PictureTold)
"""The kinds of state that a region holds in memory, in the order of a fresh load."""

Ids: TypeAlias = frozenset[UUID]
NOBODY: Final[Ids] = frozenset()
MAY_BE_THE_SAME: Final = Verdict(Answer.REVIEW, ("may-be-the-same",))
"""What is said of two records that evidence makes likely, and not certain enough, to be one person."""
ANY: Final = UUID(int=0)
"""Where it is noted that there is any review at all: nearly every record has none."""


class RegionView:
    """What `carer_matching` decides on: reads answer as of this event, `put` changes this layer only.

    `matcher`: joins by evidence who has no NHS number, or only weighs; None = neither. A layer has that below.
    """

    __slots__ = (
        "_agreements_of",
        "_by_evidence",
        "_evidence_of",
        "_members",
        "_person_of",
        "_reviews_of",
        "_stays_before",
        "_stays_of",
        "_unlinked",
        "_unlinked_carers",
        "agreements",
        "evidence",
        "keys",
        "records",
        "reviews",
        "stays",
        "told",
    )

    def __init__(
        self, under: "RegionView | None" = None, *, matcher: Matcher | None = None
    ) -> None:
        self.records: ById[SourceRecord] = ById(under.records if under else None)
        self.evidence: ById[LinkEvidence] = ById(under.evidence if under else None)
        self.stays: ById[StayFacts] = ById(under.stays if under else None)
        self.agreements: ById[AgreementKept] = ById(under.agreements if under else None)
        self.told: ById[PictureTold] = ById(under.told if under else None)
        self.reviews: ById[ReviewKept] = ById(under.reviews if under else None)
        self.keys: Layered[str, Ids] = Layered(under.keys if under else None)
        self._evidence_of: ById[Ids] = ById(under._evidence_of if under else None)
        self._agreements_of: ById[Ids] = ById(under._agreements_of if under else None)
        self._reviews_of: ById[Ids] = ById(under._reviews_of if under else None)
        self._stays_of: ById[Ids] = ById(under._stays_of if under else None)
        self._stays_before: ById[Ids] = ById(under._stays_before if under else None)
        self._person_of: ById[UUID] = ById(under._person_of if under else None)
        self._members: ById[Ids] = ById(under._members if under else None)
        self._unlinked: Once[UUID, bool] = Once(under._unlinked if under else None)
        self._unlinked_carers: Once[UUID, Ids] = Once(under._unlinked_carers if under else None)
        self._by_evidence: Evidence = Evidence(matcher, under._by_evidence if under else None)

    def overlay(self) -> "RegionView":
        """A layer over this one: it sees everything, and its changes are its own until it is joined."""
        self.settle()
        return RegionView(self)

    def settle(self) -> None:
        """Work out what is only noted yet: who is one person by evidence, now that rows have changed."""
        self._by_evidence.settle(self)

    def join(self) -> None:
        """Make the changes of this layer part of the one under it."""
        self.settle()
        for slot in self.__slots__:
            getattr(self, slot).join()

    # Reading.

    def person(self, record_id: UUID) -> UUID:
        """The person that a record belongs to: the smallest record id of all that are one person for certain.

        Of several who are one by evidence, that of whoever has a verified number; else the smallest.
        """
        return self._by_evidence.person(self, self.certain(record_id))

    def certain(self, record_id: UUID) -> UUID:
        """The same without evidence: by number, merges, notices and answers; the smallest record id."""
        return self._person_of.get(record_id) or record_id

    def certain_members(self, known_as: UUID) -> Ids:
        """The records that are one person without evidence."""
        return self._members.get(known_as) or NOBODY

    def kept_apart(self, record_id: UUID) -> Ids:
        """The records that must not be one person with a record, because of what people said or shall say."""
        return decided.kept_apart(self, record_id)

    def ids_of(self, person_id: UUID) -> Ids:
        """The ids of a person's records; nobody for the id of somebody who goes on under another."""
        sides = self._by_evidence.sides(self, person_id)
        if sides:
            return NOBODY.union(*(self._members.get(each) or NOBODY for each in sides))
        if self._by_evidence.person(self, person_id) != person_id:
            return NOBODY
        return self._members.get(person_id) or NOBODY

    def members(self, person_id: UUID) -> tuple[SourceRecord, ...]:
        """The records of a person, by id."""
        found = self.ids_of(person_id)
        in_order = sorted(found) if len(found) > 1 else found
        return tuple([record for each in in_order if (record := self.records.get(each))])

    def is_shielded(self, person_id: UUID) -> bool:
        """Whether somebody is shielded, by any of their records or by those of whom that alone keeps them apart.

        Who is shielded is joined with nobody unasked. Until somebody has said who they are, it protects both.
        """
        members = self.members(person_id)
        return (
            any(each.facts.shielded for each in members)
            or any(
                self._by_evidence.is_like_somebody(self, side, Rule.RESTRICTED)
                for side in {self.certain(each.record_id) for each in members}
            )
            or any(decided.is_half_answered(self, each.record_id) for each in members)
        )

    def is_unlinked(self, person_id: UUID) -> bool:
        """Whether nobody may be told of somebody's links: they want none, or may be somebody who wants none.

        The latter as long as nothing else keeps the two from being one person, and it is not settled who they are.
        """
        if not self.is_any_unlinked():
            return False
        found = self._unlinked.get(person_id)
        if found is None:
            found = self._unlinked[person_id] = self._is_unlinked(self.ids_of(person_id))
        return found

    def _is_unlinked(self, ids: Ids) -> bool:
        return (
            linking.any_objects(self, ids)
            or any(
                self._by_evidence.is_like_somebody(self, side, Rule.WITHDRAWN)
                for side in {self.certain(each) for each in ids}
            )
            or any(decided.is_half_told_of(self, each) for each in ids)
            or any(
                linking.any_objects(self, self.ids_of(self.person(each)))
                for each in self.perhaps_by_number(ids)
            )
        )

    def perhaps_by_number(self, ids: Ids) -> Ids:
        """Of some records the others with the same NHS number who may be the same: it is asked, and not settled."""
        known = ((each, record) for each in ids if (record := self.records.get(each)) is not None)
        return frozenset(
            other
            for each, record in known
            for other, verdict in self._compared(record)
            if verdict.answer is Answer.REVIEW
            and other not in ids
            and (stored := self.records.get(other)) is not None
            and not are_two(record.facts, stored.facts)
            and not decided.is_settled_that_two(self, each, other)
        )

    def unlinked_carers_of(self, patient: UUID) -> Ids:
        """Of those who were ever named as a patient's carers the unlinked."""
        found = self._unlinked_carers.get(patient)
        if found is None:
            ends = (
                (self.person(link.patient_record), self.person(link.carer_record))
                for link in self.links_of(patient)
            )
            carers = {carer for of, carer in ends if of == patient}
            found = frozenset(each for each in carers if self.is_unlinked(each))
            self._unlinked_carers[patient] = found
        return found

    def is_any_unlinked(self) -> bool:
        """Whether anybody in the region ever said whether they want to be linked."""
        return self.keys.get(linking.SPOKEN_OF) is not None

    def candidates(self, keys: Iterable[str]) -> Ids:
        """Records that share one of these keys."""
        return NOBODY.union(*(self.keys.get(key) or NOBODY for key in keys))

    def numbered(self, source: str, nhs_number: str) -> Ids:
        """The records of one source that have this NHS number now."""
        return frozenset(
            each
            for each in self.candidates((national.number_key(nhs_number),))
            if (record := self.records.get(each)) is not None and record.source == source
        )

    def links_of(self, person_id: UUID) -> tuple[LinkEvidence, ...]:
        """All evidence that names a record of this person at either end, by id."""
        return self.links_under([record.record_id for record in self.members(person_id)])

    def links_under(self, records: Iterable[UUID]) -> tuple[LinkEvidence, ...]:
        """All evidence that names one of these records at either end, by id."""
        ids = NOBODY.union(*(self._evidence_of.get(each) or NOBODY for each in records))
        return tuple(evidence for each in sorted(ids) if (evidence := self.evidence.get(each)))

    def agreements_of(self, person_id: UUID) -> tuple[AgreementKept, ...]:
        """What a person agreed to, by id."""
        return self.agreements_under(each.record_id for each in self.members(person_id))

    def agreements_under(self, records: Iterable[UUID]) -> tuple[AgreementKept, ...]:
        """What was agreed under these records, which need not be known yet, by id."""
        ids = NOBODY.union(*(self._agreements_of.get(each) or NOBODY for each in records))
        return tuple(kept for each in sorted(ids) if (kept := self.agreements.get(each)))

    def unsure(self, record_id: UUID) -> Iterator[tuple[UUID, Verdict]]:
        """Records of which somebody must say whether they are the same person, with the reasons."""
        record = self.records.get(record_id)
        if record is None:
            return
        for other_id, verdict in self._compared(record):
            if verdict.answer is Answer.REVIEW and self.person(other_id) != self.person(record_id):
                yield other_id, verdict
        for other_id in self._unsure_by_evidence(record_id):
            yield other_id, MAY_BE_THE_SAME
        number = record.notice_of or record.facts.nhs_number
        if number is not None and self._is_told_of(number):
            for other_id in sorted(national.contradicting(self, record, number)):
                yield other_id, national.MEANS_ANOTHER

    def _unsure_by_evidence(self, record_id: UUID) -> Iterator[UUID]:
        """The other record of each pair that this one stands in, of two who are not one person."""
        sides = {self.certain(record_id)}
        if self.is_asked_about_any():
            # A question may be spoken of by a record of any side of the same person.
            sides |= self._by_evidence.sides(self, self.person(record_id))
        asking = NOBODY.union(*(self._by_evidence.asking(self, each) for each in sides))
        others = {
            other if one == record_id else one
            for each in sides | asking
            for one, other in self._asked_of(each)
            if record_id in (one, other) and self.person(one) != self.person(other)
        }
        yield from sorted(others)

    def _asked_of(self, side: UUID) -> Iterator[tuple[UUID, UUID]]:
        """The pairs of records that evidence asks about because of a side; of several who are one only one asks."""
        judged = self._by_evidence.judged(self, side)
        if judged is None:
            return
        yield self._spoken_of(judged.pair)
        question = judged.question
        if question is None or self._by_evidence.first_to_ask(self, side) != side:
            return
        if self.person(question.other) != self.person(judged.other):
            yield self._spoken_of(question.pair)

    def _spoken_of(self, pair: tuple[UUID, UUID]) -> tuple[UUID, UUID]:
        """The pair of records of the same two people that somebody spoke of already, if there is one."""
        if not self.is_asked_about_any():
            return pair
        one, other = (self.ids_of(self.person(each)) for each in pair)
        spoken = sorted(
            (kept.item_id, kept.left, kept.right)
            for each in one - other
            for kept in self.reviews_of(each)
            if kept.answers and len({kept.left, kept.right} & other) == 1
        )
        return spoken[0][1:] if spoken else pair

    def stays_of(self, person_id: UUID) -> tuple[StayFacts, ...]:
        """The stays of a person, by id."""
        members = self.ids_of(person_id)
        ids = NOBODY.union(*(self._stays_of.get(each) or NOBODY for each in members))
        if ids and self.is_asked_about_any():
            ids = frozenset(whose.going_on(self, ids))
        stays = [stay for each in sorted(ids) if (stay := self.stays.get(each))]
        return tuple([each for each in stays if self.patient_of(each) in members])

    def patient_of(self, stay: StayFacts) -> UUID:
        """The record whose stay it is: as said last, but for what a merge says that waits or is none."""
        return whose.patient_of(self, stay)

    # Evidence.

    def compared_by_evidence(self) -> int:
        """How many records are compared by evidence; 0 where nobody is joined by it."""
        register = self._by_evidence.register
        return 0 if register is None else len(register)

    def moved(self) -> frozenset[UUID]:
        """The records of whom evidence says something else than in the layer below."""
        self.settle()
        return frozenset(self._by_evidence.moved)

    def judged(self, record_id: UUID) -> Judged | None:
        """What a record without a verified number, with all that is certainly the same person, comes to by evidence."""
        return self._by_evidence.judged(self, self.certain(record_id))

    def decision_on(self, one: UUID, other: UUID) -> Decision[UUID] | None:
        """Why evidence joins two records or asks about them; None where it has no opinion of this pair."""
        return self._by_evidence.decision_on(self, frozenset((one, other)))

    def agreed(self, person_id: UUID) -> tuple[str, ...] | None:
        """The fields that speak for each join of a person's records; None where nobody was joined by evidence."""
        return self._by_evidence.agreed(self, person_id)

    def weighed_anew(self) -> Ids:
        """The sides of which something else may hold by evidence than in the layer below."""
        return self._by_evidence.weighed_anew(self)

    def weighed(self, side: UUID) -> Weighed | None:
        """What a side comes to, with everything that speaks for and against it."""
        return self._by_evidence.weighed(self, side)

    @property
    def matcher(self) -> Matcher | None:
        """What joins by evidence; None = nobody is joined so."""
        return self._by_evidence.matcher

    @property
    def weighs(self) -> Matcher | None:
        """By what two records are weighed whatever decides about them: the same, or one that joins nobody."""
        return self._by_evidence.weighs

    def like(self, records: Ids) -> dict[UUID, float]:
        """The records that by evidence are strongly like one of these, whoever else there is; with the bits."""
        return self._by_evidence.like(self, records)

    def likeness(self, ones: Ids, others: Ids) -> float | None:
        """The bits of the two of some records and others that agree best; None where nothing is compared."""
        return self._by_evidence.likeness(self, ones, others)

    def at_edge(self, changed: Ids) -> set[UUID]:
        """The records that by the change of these in this layer are found by another, or found no more."""
        return self._by_evidence.at_edge(changed)

    @property
    def auto_margin(self) -> float:
        """So many bits more than the runner-up it takes to join somebody by evidence."""
        matcher = self._by_evidence.matcher
        return 0.0 if matcher is None else matcher.model.policy.auto_margin

    def stays_before(self, stay_id: UUID) -> tuple[StayFacts, ...]:
        """The stays that go on as this one, each by its own last word, by id."""
        ids = self._stays_before.get(stay_id) or NOBODY
        return tuple(stay for each in sorted(ids) if (stay := self.stays.get(each)))

    def reviews_of(self, record_id: UUID) -> tuple[ReviewKept, ...]:
        """The pairs with this record of which people said something, or shall say it, by id."""
        ids = self._reviews_of.get(record_id) or NOBODY
        return tuple(kept for each in sorted(ids) if (kept := self.reviews.get(each)))

    def is_asked_about_any(self) -> bool:
        """Whether there is any review at all."""
        return self._reviews_of.get(ANY) is not None

    def is_apart(self, one: UUID, other: UUID) -> bool:
        """See `hub.matching.national.People.is_apart`."""
        return decided.said_of(self, one).get(other) is False

    def alike(self, record: SourceRecord, passed: AbstractSet[UUID] = NOBODY) -> Iterator[UUID]:
        """Records of people that are the same person as this one, whatever notices mean them.

        `passed`: they need not be named, so they are not compared.
        """
        said = decided.said_of(self, record.record_id)
        for other_id in self.alike_by_source(record, passed=passed):
            if said.get(other_id) is not False:
                yield other_id
        for other_id, joins in said.items():
            other = self.records.get(other_id) if joins else None
            if other is not None and other.notice_of is None:
                yield other_id

    def alike_by_source(
        self,
        record: SourceRecord,
        *,
        whole: bool = False,
        without: Ids = NOBODY,
        merges: bool = True,
        passed: AbstractSet[UUID] = NOBODY,
    ) -> Iterator[UUID]:
        """The same by what sources say alone. `whole`: also by numbers that are kept apart, but for `without`."""
        if merges:
            yield from self._merged_with(record)
        for other_id, verdict in self._compared(record, whole, without, passed):
            if verdict.answer is Answer.SAME:
                yield other_id

    def _merged_with(self, record: SourceRecord) -> Iterator[UUID]:
        merged = record.merged_into
        if merged is not None and self.records.get(merged) is not None:
            yield merged
        near = self.keys.get(national.merge_key(record.record_id)) or NOBODY
        yield from sorted(near - {record.record_id}) if len(near) > 1 else ()  # nearly always alone

    def sharing_a_notice(self, records: Iterable[UUID]) -> Ids:
        """Everybody and every notice with the number of one of these records, where there is a notice."""
        found = NOBODY
        for each in records:
            record = self.records.get(each)
            number = None if record is None else record.notice_of or record.facts.nhs_number
            if number is not None and self._is_told_of(number):
                found |= national.sharing(self, number)
        return found

    def _is_told_of(self, number: str) -> bool:
        """Whether there is a notice of an NHS number; nearly always there is none."""
        return self.keys.get(national.notice_key(number)) is not None

    # Changing this layer.

    def put(self, value: Kept) -> None:
        """Set one row of state and bring the indexes in step."""
        self._unlinked.clear()
        self._unlinked_carers.clear()
        if isinstance(value, SourceRecord | LinkEvidence | ReviewKept):
            self._by_evidence.heard(value)
        match value:
            case SourceRecord():
                self._put_record(value)
            case LinkEvidence():
                self._put_link(value)
            case StayFacts():
                self._put_stay(value)
            case AgreementKept():
                self._put_agreement(value)
            case PictureTold():
                self.told.put(value.subject, value)
            case ReviewKept():
                self._put_review(value)

    def load(self, values: Iterable[Any]) -> None:
        """Put many rows, as a fresh load does."""
        for value in values:
            self.put(value)

    def _put_link(self, link: LinkEvidence) -> None:
        ends = (link.patient_record, link.carer_record)
        stood = self.evidence.get(link.evidence_id)
        if stood is None or stood.active != link.active:
            self._by_evidence.parted_or_linked(self, ends)
        self.evidence.put(link.evidence_id, link)
        for end in ends:
            self._add(self._evidence_of, end, link.evidence_id)

    def _put_agreement(self, kept: AgreementKept) -> None:
        stood = self.agreements.get(kept.agreement_id)
        if stood is not None and stood.carer_record != kept.carer_record:
            self._remove(self._agreements_of, stood.carer_record, kept.agreement_id)
        self.agreements.put(kept.agreement_id, kept)
        self._add(self._agreements_of, kept.carer_record, kept.agreement_id)

    def _put_stay(self, stay: StayFacts) -> None:
        before = self.stays.get(stay.stay_id)
        named = {stay.patient_record, *stay.other_patients}
        if before is not None and before.patient_record not in named:
            self._remove(self._stays_of, before.patient_record, stay.stay_id)
        if before is not None and before.superseded_by not in (None, stay.superseded_by):
            self._remove(self._stays_before, before.superseded_by, stay.stay_id)
        if stay.superseded_by is not None:
            self._add(self._stays_before, stay.superseded_by, stay.stay_id)
        self.stays.put(stay.stay_id, stay)
        for each in named:
            self._add(self._stays_of, each, stay.stay_id)

    def _put_review(self, kept: ReviewKept) -> None:
        pair = (kept.left, kept.right)
        near = decided.around(self, pair)
        near |= self.sharing_a_notice(near)
        self.reviews.put(kept.item_id, kept)
        for end in {ANY, *pair} if self._reviews_of.get(ANY) is None else pair:
            self._add(self._reviews_of, end, kept.item_id)
        near |= decided.around(self, pair)
        near |= self.sharing_a_notice(near)
        # An answer may say of others as well that it takes two to join or to part them.
        self._by_evidence.parted_or_linked(self, near)
        self._regroup(self._known(near))

    def _known(self, records: Iterable[UUID]) -> set[UUID]:
        return {each for each in records if self.records.get(each) is not None}

    def _put_record(self, record: SourceRecord) -> None:
        before = self.records.get(record.record_id)
        self._by_evidence.put(self, record, before)
        if before is not None and decisive(before) == decisive(record):
            self.records.put(record.record_id, record)
            return
        together = {record.record_id, *self._with(record.record_id)}
        if self.is_asked_about_any():
            together |= decided.around(self, (record.record_id,))
        near = self.sharing_a_notice(together) if before is not None else NOBODY
        old = frozenset(keys_of(before)) if before else frozenset()
        new = frozenset(keys_of(record))
        self.records.put(record.record_id, record)
        for key in old - new:
            self._remove(self.keys, key, record.record_id)
        for key in new - old:
            self._add(self.keys, key, record.record_id)
        if self.is_asked_about_any():
            together |= decided.around(self, (record.record_id,))
            together = self._known(together)
            self._by_evidence.parted_or_linked(self, together)
        self._regroup(set(together))
        near |= self.sharing_a_notice(together | self._with(record.record_id))
        if near:
            self._regroup(set(near))

    def _with(self, record_id: UUID) -> Ids:
        """The records of the person of a record."""
        return self._members.get(self.certain(record_id)) or NOBODY

    def _compared(
        self,
        record: SourceRecord,
        whole: bool = False,
        without: Ids = NOBODY,
        passed: AbstractSet[UUID] = NOBODY,
    ) -> Iterator[tuple[UUID, Verdict]]:
        """The people who have the same number, or one that it replaced or was replaced by, and what they are."""
        number = record.facts.nhs_number
        if number is None:
            return
        numbers = frozenset((number,))
        if self._is_told_of(number):
            numbers = national.family(self, number, apart=whole, without=without)
        for other_id in sorted(self.candidates(map(national.number_key, numbers)) - passed):
            other = self.records.get(other_id)
            if other is not None and other_id != record.record_id:
                yield other_id, national.as_one_number(record.facts, other.facts, numbers)

    def _regroup(self, seeds: set[UUID]) -> None:
        while seeds:
            component = self._component(seeds.pop())
            parts = [component]
            if len(component) > 1 and self.is_asked_about_any():
                parts = decided.parts_of(self, component)
            persons = {each: min(part) for part in parts for each in part}
            for part in parts:
                self._note_regrouped(part)
            for each, person in persons.items():
                left = self._person_of.get(each)
                if left is not None and left != person:
                    seeds |= (self._members.get(left) or NOBODY) - component
                    self._members.put(left, None)
            for each, person in persons.items():
                self._person_of.put(each, person)
            for part in parts:
                self._members.put(min(part), part)
            seeds -= component

    def _note_regrouped(self, part: Ids) -> None:
        """Tell the evidence of a person who consists of other records than until now."""
        were = {left for each in part if (left := self._person_of.get(each)) is not None}
        if were != {min(part)} or self._members.get(min(part)) != part:
            sides = [(each, self._members.get(each) or NOBODY) for each in were]
            self._by_evidence.regrouped(part, sides)

    def _component(self, start: UUID) -> Ids:
        reached, waiting = {start}, [start]
        while waiting:
            for each in self.same_as(waiting.pop(), reached):
                if each not in reached:
                    reached.add(each)
                    waiting.append(each)
        return frozenset(reached)

    def same_as(self, record_id: UUID, passed: AbstractSet[UUID] = NOBODY) -> Iterator[UUID]:
        """What is the same person as a record, by all that is known. `passed`: need not be named."""
        record = self.records.get(record_id)
        if record is None:
            return
        said = decided.said_of(self, record_id)
        for other_id in self._meant(record, passed):
            if said.get(other_id) is not False:
                yield other_id
        yield from self._known(each for each, joins in said.items() if joins)

    def _meant(self, record: SourceRecord, passed: AbstractSet[UUID]) -> Iterator[UUID]:
        """Whom a notice means; of a person's record, who is alike and which notices mean it."""
        if record.notice_of is not None:
            yield from national.meant_by(self, record)
            return
        yield from self.alike(record, passed)
        number = record.facts.nhs_number
        if number is not None and self._is_told_of(number):
            yield from national.notices_meaning(self, record, number)

    @staticmethod
    def _add(index: Layered[Any, Ids], key: Hashable, value: UUID) -> None:
        standing = index.get(key) or NOBODY
        if value not in standing:
            index.put(key, standing | {value})

    @staticmethod
    def _remove(index: Layered[Any, Ids], key: Hashable, value: UUID) -> None:
        index.put(key, ((index.get(key) or NOBODY) - {value}) or None)


def keys_of(record: SourceRecord) -> tuple[str, ...]:
    """What a record can be found by: its NHS number, itself, the record that it was merged into, a word on linking."""
    keys = [national.merge_key(record.record_id)]
    if record.notice_of is not None:
        keys.append(national.notice_key(record.notice_of))
    elif record.facts.nhs_number is not None:
        keys.append(national.number_key(record.facts.nhs_number))
    if record.merged_into is not None:
        keys.append(national.merge_key(record.merged_into))
    if record.may_be_linked is not None:
        keys.append(linking.SPOKEN_OF)
        if record.notice_of is not None:
            keys.append(linking.said_of_number(record.notice_of))
    return tuple(keys)


def decisive(record: SourceRecord) -> tuple[object, ...]:
    """What a match depends on; anything else may change without a new look."""
    facts: PersonFacts = record.facts
    return (
        facts.nhs_number,
        facts.nhs_number_status,
        facts.birth_on,
        facts.birth_precision,
        facts.names,
        facts.gender,
        facts.shielded,
        record.merged_into,
        record.may_be_linked,
    )
