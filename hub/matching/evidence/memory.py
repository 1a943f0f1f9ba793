"""What evidence comes to for the records of a region: kept up record by record, and the same after a fresh load.

Everything here is derived from the records, the links and what people said. Changes are noted when a row is put, and
weighed when somebody next asks who a person is: several rows of one event are weighed once, a cold load at its end.
"""

from collections.abc import Hashable, Iterable, Mapping
from uuid import UUID

from hub.matching.candidates import Matcher
from hub.matching.evidence import likeness
from hub.matching.evidence.agreeing import agreed_by_all
from hub.matching.evidence.joined import NOBODY, Joined
from hub.matching.evidence.looking import (
    MARKED,
    Certain,
    Looking,
    concerned,
    is_marked,
    records_of,
    says_the_same,
)
from hub.matching.evidence.register import Register
from hub.matching.evidence.sides import is_verified
from hub.matching.evidence.together import Ids, leads_to
from hub.matching.evidence.weighing import Judged, Weighed, decision_from, weighed
from hub.matching.layered import ById
from hub.matching.linking import is_told_anew
from hub.matching.normal.person import person_from
from hub.matching.normal.record import Compared, compared
from hub.matching.scoring.decision import Decision, Rule
from hub.records import SourceRecord


class Evidence:
    """One layer of it. Without a matcher that joins nobody is joined by evidence.

    `weighs`: the matcher that says what two are worth, whether it joins anybody or not.
    """

    __slots__ = (
        "_asking", "_at_home", "_foreseen", "_joined", "_judged", "_near", "_pending", "_records", "_rows", "_sides",
        "_since", "_under", "_weighed", "matcher", "moved", "register", "weighs",
    )  # fmt: skip

    def __init__(self, matcher: Matcher | None, under: "Evidence | None" = None) -> None:
        self.weighs: Matcher | None = under.weighs if under is not None else matcher
        self.matcher: Matcher | None = self.weighs if self.weighs and self.weighs.joins else None
        self._under = under
        self.register: Register | None = None
        if self.matcher is not None:
            self.register = Register(self.matcher.tables, under.register if under else None)
        self._judged: ById[Judged] = ById(under._judged if under else None)
        self._asking: ById[Ids] = ById(under._asking if under else None)
        self._joined: Joined = Joined(under._joined if under else None)
        self._pending: dict[UUID, Compared] = {}
        self._records: set[UUID] = set()
        self._sides: set[UUID] = set()
        self._near: set[UUID] = set()
        self._at_home: set[UUID] = set()
        self._weighed: dict[UUID, Weighed | None] = {}
        self.moved: set[UUID] = set()
        self._rows: list[object] = []
        self._since = 0 if under is None else len(under._rows)
        self._foreseen: Evidence | None = None

    # What changes.

    def put(self, view: Certain, record: SourceRecord, before: SourceRecord | None) -> None:
        """Note a record that is new or says something else. To be called before the region takes it in."""
        if self.matcher is None:
            return
        if not self._is_loading and is_told_anew(before, record):
            self._note_with_theirs(view, record.record_id)
        if record.notice_of is not None and (
            before is None or is_marked(before.facts) != is_marked(record.facts)
        ):
            self._note_with_theirs(view, record.record_id)
        elif before is not None and (record.notice_of is not None or says_the_same(before, record)):
            if before.as_of != record.as_of:
                self._note_heard_again(view, record.record_id)
        elif record.notice_of is None:
            self._put(
                view, record.record_id, compared(person_from(record.facts), self.matcher.tables)
            )

    def _note_with_theirs(self, view: Certain, record_id: UUID) -> None:
        """What a record says counts for all that are certainly the same person."""
        self._records |= {record_id, *view.certain_members(view.certain(record_id))}

    def _note_heard_again(self, view: Certain, record_id: UUID) -> None:
        """Who is heard of again lives: that matters where somebody died who may be the same person."""
        register = self.register
        if register is None or self._is_loading:
            return
        side = view.certain(record_id)
        found = (register.get(each) for each in (record_id, *view.certain_members(side)))
        records = [each for each in found if each is not None]
        near = {view.certain(each) for record in records for each in register.near(record)}
        if any(each.facts.deceased for one in {side, *near} for each in records_of(view, one)):
            self._sides.add(side)
            for record in records:
                self._note_near(register, record, NOBODY)

    def _put(self, view: Certain, record_id: UUID, now: Compared) -> None:
        register = self.register
        if register is None:
            return
        if self._under is None and not len(register) and not register.own:
            self._pending[record_id] = now  # a fresh load is weighed as a whole
            return
        was = register.get(record_id)
        if was == now:
            return
        if was is not None:
            self._note_near(register, was, frozenset((record_id,)))
        if ((was.marks if was else 0) | now.marks) & MARKED:
            self._records |= view.certain_members(view.certain(record_id))
        register.put(record_id, now)
        self._records.add(record_id)

    def heard(self, row: object) -> None:
        """Note that a row was put, whatever it says."""
        if self._under is not None and self.matcher is not None:
            self._rows.append(row)

    def regrouped(self, members: Ids, were: Iterable[tuple[UUID, Ids]]) -> None:
        """Note that these records are one person for certain now. `were`: what the sides that they were of were."""
        if self.matcher is None or self._is_loading:
            return
        before = tuple(were)
        self._sides.add(min(members))
        self._sides.update(known_as for known_as, _ in before)
        if len(before) > 1 or any(not whole <= members for _, whole in before):
            self._records |= members

    def parted_or_linked(self, view: Certain, records: Iterable[UUID]) -> None:
        """Note that these are two people now, or are no longer, because of what people said or of a link."""
        if self.matcher is not None and not self._is_loading:
            self._sides.update(view.certain(each) for each in records)

    @property
    def _is_loading(self) -> bool:
        return bool(self._pending) or (
            self._under is None and self.register is not None and not len(self.register)
        )

    def _note_near(self, register: Register, record: Compared, changed: Ids) -> None:
        """`changed`: whoever by being here now, or until now, makes a key count no more, or count again."""
        if self.matcher is not None:
            self._near |= concerned(register, record, self.matcher, changed)
            self._at_home |= register.at_home_of(record, changed)

    # Reading.

    def person(self, view: Certain, known_as: UUID) -> UUID:
        """The person that a side belongs to: of all that are joined the one with a number, else the smallest."""
        self.settle(view)
        return self._joined.person(known_as)

    def sides(self, view: Certain, person: UUID) -> Ids:
        """The sides of a person, when there are several."""
        self.settle(view)
        return self._joined.sides(person)

    def judged(self, view: Certain, known_as: UUID) -> Judged | None:
        """What a side without a number comes to; None when it means nobody."""
        self.settle(view)
        return self._judged.get(known_as)

    def first_to_ask(self, view: Certain, known_as: UUID) -> UUID:
        """Of the sides that are one person with a side, the first that has a question about somebody with a number."""
        sides = self.sides(view, self.person(view, known_as))
        found = (each for each in sides if (judged := self._judged.get(each)) and judged.question)
        return min(found, default=known_as)

    def asking(self, view: Certain, known_as: UUID) -> Ids:
        """The sides that mean, or may mean, this one."""
        self.settle(view)
        return self._asking.get(known_as) or NOBODY

    def is_like_somebody(self, view: Certain, known_as: UUID, mark: Rule) -> bool:
        """Whether a side would be one person with another, but for a mark that one of the two carries."""
        found = (self.judged(view, each) for each in (known_as, *self.asking(view, known_as)))
        return any(judged is not None and judged.but_for(mark) for judged in found)

    def weighed(self, view: Certain, known_as: UUID) -> Weighed | None:
        """The same decision with everything that speaks for and against it."""
        self.settle(view)
        if self.matcher is None or self.register is None:
            return None
        if known_as in self._weighed:
            return self._weighed[known_as]
        found = Looking(view, self.register, self.matcher)
        is_asked = not found.side(known_as).numbered
        return self._note(known_as, weighed(known_as, found, self.matcher) if is_asked else None)

    def _note(self, known_as: UUID, outcome: Weighed | None) -> Weighed | None:
        """Keep what was weighed for whoever asks again during this event; the bottom layer would keep everybody."""
        if self._under is not None:
            self._weighed[known_as] = outcome
        return outcome

    def decision_on(self, view: Certain, pair: Ids) -> Decision[UUID] | None:
        """Why two records are asked about, or were joined; None where evidence has no opinion of this pair."""
        for each in sorted({view.certain(record) for record in pair}):
            judged = self.judged(view, each)
            if judged is None or self.matcher is None:
                continue
            found = self.weighed(view, each)
            if found is not None and frozenset(judged.pair) == pair:
                return decision_from(found, self.matcher)
            if found is not None and found.asked and frozenset(found.asked.judged.pair) == pair:
                return decision_from(found.asked, self.matcher)
        return None

    def agreed(self, view: Certain, person: UUID) -> tuple[str, ...] | None:
        """The fields that speak for each join of a person's sides; None where nobody was joined by evidence."""
        sides = self.sides(view, person)
        if not sides or self.matcher is None or self.register is None:
            return None
        found = (self._judged.get(each) for each in sorted(sides))
        pairs = (each.pair for each in found if each is not None and each.other in sides)
        return agreed_by_all(pairs, self.register, self.matcher)

    def weighed_anew(self, view: Certain) -> Ids:
        """The sides of which something else may hold by evidence than in the layer below."""
        self.settle(view)
        changed = (*self._judged.own, *self._joined.whole.own)
        return frozenset(UUID(int=each) for each in changed if isinstance(each, int))

    def like(self, view: Certain, records: Ids) -> dict[UUID, float]:
        """The records that are strongly like one of these, whoever else there is, each with its bits."""
        self.settle(view)
        if self.matcher is None or self.register is None:
            return {}
        return likeness.like(records, self.register, self.matcher)

    def likeness(self, view: Certain, ones: Ids, others: Ids) -> float | None:
        """The bits of the two of some records and others that agree best."""
        self.settle(view)
        if self.matcher is None or self.register is None:
            return None
        return likeness.likeness(ones, others, self.register, self.matcher)

    def at_edge(self, changed: Ids) -> set[UUID]:
        """The records that by the change of these are found by another, or found no more."""
        below = self._under.register if self._under is not None else None
        if self.register is None or below is None:
            return set()
        return likeness.at_edge(below, self.register, changed)

    # Weighing.

    def settle(self, view: Certain) -> None:
        """Weigh whatever may have changed since."""
        foreseen, self._foreseen = self._foreseen, None
        if not (self._pending or self._records or self._sides or self._near or self._at_home):
            return
        if self.matcher is None or self.register is None:
            return
        if foreseen is not None and foreseen._rows == self._rows[foreseen._since :]:
            self._adopt(foreseen)
            return
        found, self._weighed = Looking(view, self.register, self.matcher), {}
        if self._pending:
            again, seeds = self._loaded(view, self.register)
        else:
            again, seeds = self._touched(view, found, self.register)
        for one in again:
            seeds |= self._weigh(one, found, self.matcher)
        self.moved |= self._joined.join_anew(seeds, found, self._leads)
        if self._under is None:
            self.register.join()
            self.moved = set()
        else:
            self._under._foreseen = self

    def _adopt(self, foreseen: "Evidence") -> None:
        """Take over what a layer above came to by the same rows: an event is decided there, and then kept here."""
        for layer in (foreseen._judged, foreseen._asking, foreseen._joined):
            layer.join()
        self.moved |= foreseen.moved
        self._records, self._sides, self._near, self._at_home = set(), set(), set(), set()
        self._weighed = {}
        if self._under is not None:
            self._under._foreseen = self

    def _loaded(self, view: Certain, register: Register) -> tuple[set[UUID], set[UUID]]:
        """Everybody without a number, after a fresh load."""
        register.load(self._pending.items())
        again = {
            view.certain(each) for each, record in self._pending.items() if not is_verified(record)
        }
        self._pending = {}
        return again, set()

    def _touched(
        self, view: Certain, found: Looking, register: Register
    ) -> tuple[set[UUID], set[UUID]]:
        """The sides that are weighed anew, and those whose person may be another."""
        sides = self._sides | {found.side_of(each) for each in self._records}
        records = self._records | self._beside(view, sides, register)
        changed = frozenset(self._records)
        for each in records:
            record = register.get(each)
            if record is not None:
                self._note_near(register, record, changed)
        again = sides | {found.side_of(each) for each in self._near | records}
        again |= found.hanging_on_contacts(frozenset(sides), frozenset(self._sides))
        homes = {found.side_of(each) for each in self._at_home}
        for each in homes | sides:
            again |= self._asking.get(each) or NOBODY
        self._records, self._sides, self._near, self._at_home = set(), set(), set(), set()
        return again, set(sides)

    def _beside(self, view: Certain, sides: Iterable[UUID], register: Register) -> set[UUID]:
        """The other records of changed sides, where it matters near them that the side is another now.

        It does not where all of them have a number of their own: they had it before, and the side with them.
        """
        found: set[UUID] = set()
        for side in sides:
            members = view.certain_members(side)
            changed = members & self._records
            others = (register.get(each) for each in members - changed)
            if any(register.get(each) is None for each in changed) or any(
                each is not None and not is_verified(each) for each in others
            ):
                found |= members
        return found

    def _weigh(self, one: UUID, found: Looking, matcher: Matcher) -> set[UUID]:
        """What a side comes to now; the sides whose person may be another by it."""
        was = self._judged.get(one)
        side = found.side(one)
        is_asked = bool(side.records) and not side.numbered and found.side_of(one) == one
        outcome = self._note(one, weighed(one, found, matcher) if is_asked else None)
        now = None if outcome is None else outcome.judged
        if now == was:
            return set()
        self._judged.put(one, now)
        seeds = {one}
        for judged in (was, now):
            if judged is not None:
                seeds |= {judged.other, *judged.like}
                self.moved.update(judged.pair, judged.question.pair if judged.question else ())
        before, after = (NOBODY if judged is None else judged.others for judged in (was, now))
        for each in before - after:
            self._asking.put(each, ((self._asking.get(each) or NOBODY) - {one}) or None)
        for each in after - before:
            self._asking.put(each, (self._asking.get(each) or NOBODY) | {one})
        self.moved |= {record for record, _ in side.records}
        return seeds

    def _leads(self, one: UUID) -> set[UUID]:
        return leads_to(one, self._judged.get, lambda each: self._asking.get(each) or NOBODY)

    # Layers.

    @property
    def own(self) -> Mapping[object, object]:
        """What this layer holds, for a comparison of two memories."""
        layers: tuple[tuple[str, Mapping[Hashable, object]], ...] = (
            ("judged", self._judged.own),
            ("asking", self._asking.own),
            ("whole", self._joined.whole.own),
            ("parts", self._joined.parts.own),
        )
        held: dict[object, object] = {
            (name, place): value for name, layer in layers for place, value in layer.items()
        }
        return held | dict(self.register.items() if self.register is not None else ())

    def join(self) -> None:
        """Make the changes of this layer part of the one under it; they are settled before."""
        for layer in (self.register, self._judged, self._asking, self._joined):
            if layer is not None:
                layer.join()
        if (
            self._under is not None
            and self._under._under is None
            and self._under.register is not None
        ):
            self._under.register.join()
