"""Why two records are one person, or are asked about: for a question, a stay, a link or a record.

Ids, levels and bits, never values. Everything is read from the region as it is now.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hub.identity import review_item_id
from hub.matching import decided
from hub.matching.answers import unasked
from hub.matching.linking import any_objects
from hub.matching.region import RegionView
from hub.matching.scoring.decision import Decision, Grade, Outcome, explained
from hub.matching.waterfall import ANSWER, EVIDENCE, Waterfall, grade_of
from processors.carer_matching.protection import is_around_unlinked, is_protected
from processors.carer_matching.standing import still_said
from processors.carer_matching.withheld import is_one_with_somebody_unlinked

BY: Final[Mapping[int, str]] = {
    decided.BY_REVIEW: "answer",
    decided.BY_MERGE: "merge",
    decided.BY_MATCH: "nhs-number",
    decided.BY_NOTICE: "notice",
}
NOT_JOINED: Final = "nothing"


@dataclass(frozen=True, slots=True)
class NotNamed:
    """Somebody of whose links nobody is told.

    Attributes:
        about: Which part of what was asked for: `patient`, `carer` or `person`.
        person: Who it is, as the index of people knows them.
        objects: They do not want to be linked; False: they may be somebody who does not.
    """

    about: str
    person: UUID
    objects: bool

    def as_json(self) -> dict[str, object]:
        """For a program."""
        by = "does-not-want-to-be-linked" if self.objects else "may-be-somebody-who-does-not"
        return {"about": self.about, "person": str(self.person), "named": False, "by": by}


@dataclass(frozen=True, slots=True)
class Because:
    """Two records, and what they are to each other.

    Attributes:
        about: Which part of what was asked for: `question`, `patient` or `carer`.
        by: What joins them: answer, merge, nhs-number, notice or evidence; `nothing` when they are not joined.
        reasons: Why it is asked whether they are one, as codes of a question.
        decided_by: What joins, parts or asks about them, as a question has it (`ReviewItem.decided_by`).
        weights: What the model makes of the two where no decision of evidence stands; it decided nothing.
        decision: What evidence says of them, where it was asked.
        protected: One of them, or somebody else who is weighed, is shielded, or one of them does not want to be linked:
            no step is told, for one of them says who lives in one place, and so would the sum without it.
    """

    about: str
    records: tuple[UUID, UUID]
    by: str
    decision: Decision[UUID] | None = None
    protected: bool = False
    reasons: tuple[str, ...] = ()
    decided_by: str | None = None
    weights: Waterfall | None = None

    @property
    def grade(self) -> Grade:
        """FHIR's match-grade: what is joined is certain, and nothing else is."""
        if self.by == NOT_JOINED and self.decision is not None:
            return unless_joined(self.decision.grade)
        apart = self.decided_by in (None, ANSWER)
        return grade_of(self.weights, joined=self.by != NOT_JOINED, apart=apart)

    @property
    def effect(self) -> Outcome:
        """What was done with the two."""
        if self.by != NOT_JOINED:
            return Outcome.AUTO
        return Outcome.NONE if self.grade is Grade.CERTAINLY_NOT else Outcome.REVIEW

    def as_json(self) -> dict[str, object]:
        """For a program."""
        one, other = self.records
        body: dict[str, object] = {
            "about": self.about,
            "records": [str(one), str(other)],
            "joined": self.by != NOT_JOINED,
            "by": self.by,
            "match_grade": self.grade.value,
            "reasons": list(self.reasons),
            "decided_by": self.decided_by,
        }
        if self.decision is None:
            return body if self.weights is None else {**body, "evidence": self._beside()}
        said = explained(self.decision)
        rivals = [bits for _, bits in self.decision.alternatives]
        if self.protected:
            return {**body, "evidence": {name: said[name] for name in said if name in OF_SHIELDED}}
        found = {name: said[name] for name in said if name in SAID}
        return {**body, "evidence": {**found, "rivals": rivals}}

    def _beside(self) -> dict[str, object]:
        """The weights of two of whom they decided nothing, in the form of a decision; what decided is its rule."""
        weights = {} if self.weights is None else self.weights.as_json()
        rule = (self.decided_by or NOT_JOINED).upper().replace("-", "_")
        return {
            "decision": self.effect.value,
            "grade": self.grade.value,
            **weights,
            "margin": None,
            "rules": [{"id": rule, "effect": self.effect.value}],
            "rivals": [],
        }


def unless_joined(grade: Grade) -> Grade:
    """The grade of two who are not joined: whom the one side alone takes for certain is probably the same."""
    return Grade.PROBABLE if grade is Grade.CERTAIN else grade


SAID: Final = frozenset(
    {"decision", "bits", "prior", "margin", "grade", "model", "p_record", "matchability"}
    | {"perplexity", "rules", "fields"}
)
"""What is said of a decision: no ids of others."""
OF_SHIELDED: Final = frozenset({"decision", "model", "matchability", "perplexity"})
"""And of somebody who is shielded, as on the page of the question."""


def why(view: RegionView, asked: UUID) -> list[Because | NotNamed] | None:
    """Everything that explains an id; None when nobody here has it."""
    kept, stay, link = view.reviews.get(asked), view.stays.get(asked), view.evidence.get(asked)
    pair = (kept.left, kept.right) if kept is not None else pair_of_question(view, asked)
    if pair is not None:
        return [of_pair(view, *pair, "question")]
    if stay is not None:
        patient = view.person(view.patient_of(stay))
        carers = {
            view.person(each.carer_record)
            for each in view.links_of(patient)
            if view.person(each.patient_record) == patient
        }
        return of_people(view, patient, carers)
    if link is not None:
        return of_people(view, view.person(link.patient_record), [view.person(link.carer_record)])
    if view.records.get(asked) is None:
        return None
    person = view.person(asked)
    return [*not_named(view, person, "person"), *of_person(view, person, "person")]


def of_people(view: RegionView, patient: UUID, carers: Iterable[UUID]) -> list[Because | NotNamed]:
    """What explains a patient and who is named as theirs."""
    found: list[Because | NotNamed] = [
        *not_named(view, patient, "patient"),
        *of_person(view, patient, "patient"),
    ]
    for carer in sorted(carers):
        found += not_named(view, carer, "carer", of=patient)
        found += of_person(view, carer, "carer")
    return found


def not_named(
    view: RegionView, person: UUID, about: str, of: UUID | None = None
) -> Iterator[NotNamed]:
    """Why a picture does not name somebody, where that is because of being linked. `of`: as a carer of this patient."""
    objects = any_objects(view, view.ids_of(person))
    if (
        objects
        or view.is_unlinked(person)
        or (of is not None and is_one_with_somebody_unlinked(view, of, person, still_said))
    ):
        yield NotNamed(about, person, objects)


def pair_of_question(view: RegionView, asked: UUID) -> tuple[UUID, UUID] | None:
    """The two records of a question that nobody has answered."""
    for record in view.records.values():
        for other, _ in view.unsure(record.record_id):
            left, right = sorted((record.record_id, other))
            if review_item_id(left, right) == asked:
                return left, right
    return None


def of_pair(view: RegionView, one: UUID, other: UUID, about: str) -> Because:
    """What two records are to each other."""
    if view.person(one) != view.person(other):
        by = NOT_JOINED
    elif view.certain(one) != view.certain(other):
        by = EVIDENCE
    else:
        by = BY[decided.strength(view, one, other)]
    decision = view.decision_on(one, other)
    beside = decision is not None and decision.beside_shielded
    pair = unasked(one, other)
    protected = beside or is_protected(view, pair) or is_around_unlinked(view, pair)
    return Because(about, (one, other), by, decision, protected)


def of_person(view: RegionView, person: UUID, about: str) -> Iterator[Because]:
    """What makes one person of their records, and what is asked about them."""
    ids = view.ids_of(person)
    for _, one, other in sorted(set(edges_within(view, ids))):
        yield of_pair(view, one, other, about)
    sides = {view.certain(each) for each in ids}
    for side in sorted(sides):
        judged = view.judged(side)
        if judged is not None:
            yield of_pair(view, *judged.pair, about)


def edges_within(view: RegionView, records: Iterable[UUID]) -> Iterator[tuple[int, UUID, UUID]]:
    """What joins these records without evidence."""
    within = frozenset(records)
    return (each for each in decided.edges(view, within) if each[1] in within and each[2] in within)
