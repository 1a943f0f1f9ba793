"""Questions for somebody, never facts: two records that may be one person, one carer for too many people.

An item says what is asked now, or how it was settled: by people, or by itself. What people said stands in the region
(`hub.matching.answers`); an item is made from it anew whenever it may read differently.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from uuid import UUID

from hub.decisions import Event, frame_from
from hub.identity import review_item_id
from hub.matching.answers import Stands, asked_of_two, cannot_tell, standing, unasked, who
from hub.matching.contradicted import REASON as TWO_NUMBERS
from hub.matching.contradicted import SHOWN_TWO, counting, have_two_numbers, is_contradicted
from hub.matching.decided import count_of
from hub.matching.region import MAY_BE_THE_SAME, RegionView
from hub.matching.side_by_side import fields_from
from hub.matching.waterfall import EVIDENCE, weights_from
from hub.records import (
    ComparedField,
    PersonFacts,
    ReviewItem,
    ReviewKept,
    ReviewOpinion,
    ReviewVerdict,
    StayStatus,
)
from hub.reviewing import BY_ITSELF, UNLINKED
from processors.carer_matching.explaining import unless_joined
from processors.carer_matching.held import links_in_question, reasons_of
from processors.carer_matching.people import first_of
from processors.carer_matching.protection import is_around_unlinked, is_protected, people_of
from processors.carer_matching.sides import people_at
from processors.carer_matching.standing import stands
from processors.carer_matching.stays import status_of
from processors.carer_matching.visits import known_as
from processors.carer_matching.weights import Weights, weights_beside

IN_HOSPITAL = frozenset({StayStatus.IN_PATIENT, StayStatus.ON_LEAVE})
MOST_UNASKED = 8
"""More people than this are seldom one relative's: a care worker, a shared telephone, or somebody in need of help."""
CROWD = "cares-for-many"

Asked: TypeAlias = Mapping[UUID, tuple[UUID, UUID, tuple[str, ...]]]
"""Item -> the two records and why they are asked about; no reason where only people spoke of them."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who says an item, because of what."""

    event: Event
    name: str


def items_of(
    before: RegionView, after: RegionView, records: Iterable[UUID], said: Said
) -> Iterator[ReviewItem]:
    """The questions about these records as they now stand, and those that need no answer any more."""
    records = tuple(records)
    asked = asked_about(after, records)
    for item, (left, right, reasons) in sorted(asked.items()):
        kept = after.reviews.get(item) or unasked(left, right)
        yield item_from(after, kept, reasons, said)
    for item, (left, right, _) in sorted(asked_about(before, records).items()):
        if item not in asked and after.told.get(item) is not None:
            yield settled_by_itself(after.reviews.get(item) or unasked(left, right), said)


def asked_about(view: RegionView, records: Iterable[UUID]) -> Asked:
    """What sources leave open about these records, which of their merges wait, and what people said of them."""
    found: dict[UUID, tuple[UUID, UUID, tuple[str, ...]]] = {}
    for record in records:
        for kept in view.reviews_of(record):
            asked_again = is_contradicted(view, kept)
            if kept.left != kept.right and (kept.held or asked_again or is_answered(view, kept)):
                reasons = reasons_of(view, kept) if kept.held else ()
                again = (TWO_NUMBERS,) if asked_again else ()
                found[kept.item_id] = (kept.left, kept.right, (*reasons, *again))
        for other, verdict in view.unsure(record):
            left, right = sorted((record, other))
            item = review_item_id(left, right)
            *_, others = found.get(item, (left, right, ()))
            found[item] = (left, right, tuple(dict.fromkeys((*others, *verdict.reasons))))
    return found


def is_answered(view: RegionView, kept: ReviewKept) -> bool:
    """Whether people said something of a pair that counts."""
    return bool(kept.answers) and count_of(view, kept).stands is not Stands.NOTHING


def crowds_of(view: RegionView, people: Iterable[UUID], said: Said) -> Iterator[ReviewItem]:
    """The questions about those who look after more people than anybody well can; both records are the carer's."""
    for person in people:
        kept = view.reviews.get(review_item_id(person, person)) or unasked(person, person)
        if looks_after_many(view, person):
            yield item_from(view, kept, (CROWD,), said)
        elif view.told.get(kept.item_id) is not None:
            yield settled_by_itself(kept, said)


def looks_after_many(view: RegionView, person: UUID) -> bool:
    """Whether somebody is said to look after more than `MOST_UNASKED` people."""
    links = view.links_of(person)
    if len(links) <= MOST_UNASKED:
        return False
    looked_after = {
        view.person(link.patient_record)
        for link in links
        if view.person(link.carer_record) == person and stands(view, link)
    }
    return len(looked_after - {person}) > MOST_UNASKED


def item_from(
    view: RegionView, kept: ReviewKept, reasons: tuple[str, ...], said: Said
) -> ReviewItem:
    """A question as it stands: open, or settled by what people said of it."""
    count = count_of(view, kept)
    protected, unlinked = is_protected(view, kept), is_around_unlinked(view, kept)
    restricted = protected or unlinked
    fields = compared_fields(view, kept, restricted=restricted)
    evidence = digest_of(view, kept, fields, reasons)
    counts = counting(view, kept)
    unknown = cannot_tell(counts, evidence, restricted=protected)
    of_two = asked_of_two(counts)
    answer = answer_from(count.stands, unknown=unknown, asked=bool(reasons), of_two=of_two)
    item = replace(
        settled_by_itself(kept, said),
        reasons=(*reasons, UNLINKED) if reasons and unlinked else reasons,
        answers=count.given,
        needs=count.needs,
        disagreed=count.stands is Stands.DISAGREED,
        restricted=restricted,
        fields=fields,
        evidence=evidence,
        settled=answer is not None,
        answer=answer,
        asked_of_two=of_two,
        opinions=opinions_of(counts, restricted=protected),
        **weights_of(view, kept, reasons, restricted=restricted),
    )
    if answer is not None:
        return item
    return replace(
        item, in_hospital=is_in_hospital(view, kept), alone=leaves_somebody_alone(view, kept)
    )


def weights_of(
    view: RegionView, kept: ReviewKept, reasons: tuple[str, ...], *, restricted: bool
) -> Weights:
    """What a model makes of the two; the bits add up to the total. Where evidence asks, also why it is not certain.

    Of somebody who is restricted not one of the steps: one of them says whether the two live in one place, and so
    would the sum without it. Nor where somebody else who is weighed is shielded: a namesake at an address lives there.
    """
    asks = MAY_BE_THE_SAME.reasons[0] in reasons
    decision = view.decision_on(kept.left, kept.right) if asks else None
    if decision is None:
        left, right = (facts_of(view, each) for each in (kept.left, kept.right))
        return weights_beside(view, kept, reasons, None if restricted else (left, right))
    told: Weights = {
        "decided_by": EVIDENCE,
        "matchability": decision.matchability,
        "perplexity": decision.perplexity,
        "grade": unless_joined(decision.grade).value,
        "model": decision.model,
    }
    if restricted or decision.beside_shielded:
        return told
    return {
        **told,
        "prior": decision.prior,
        "total": decision.bits,
        "alternatives": len(decision.alternatives),
        "weights": weights_from(decision.fields),
        "margin": decision.margin,
        "rules": tuple(each.value for each in decision.rules),
        "rivals": tuple(bits for _, bits in decision.alternatives),
    }


def opinions_of(kept: ReviewKept, *, restricted: bool) -> tuple[ReviewOpinion, ...]:
    """What each reviewer says."""
    return tuple(
        ReviewOpinion(by="/".join(who(each)), answer=each.answer, evidence=each.evidence)
        for each in standing(kept, restricted=restricted)
    )


def answer_from(stands: Stands, *, unknown: bool, asked: bool, of_two: bool) -> str | None:
    """How a question was settled; None while it is open.

    `unknown`: enough said that it cannot be told. `of_two`: asked of two, so one who could tell settles nothing.
    """
    match stands:
        case Stands.SAME | Stands.DIFFERENT:
            return stands.value
        case Stands.NOTHING if not asked:
            return BY_ITSELF
        case Stands.WAITING if of_two and not asked:
            return BY_ITSELF
        case Stands.NOTHING if unknown:
            return NOT_TOLD
        case Stands.DISAGREED | Stands.WAITING | Stands.PARTED if unknown and of_two:
            return NOT_TOLD
        case _:
            return None


NOT_TOLD: Final = ReviewVerdict.CANNOT_TELL.value.replace("_", "-")
"""How a question was settled that nobody could answer."""


def settled_by_itself(kept: ReviewKept, said: Said) -> ReviewItem:
    """A question that needs no answer: the records now agree, or no longer share what raised it."""
    return ReviewItem(
        **frame_from(said.event, said.name, kept.item_id),
        item_id=kept.item_id,
        version=0,
        left=kept.left,
        right=kept.right,
        heard=heard_of(kept),
        in_hospital=False,
        settled=True,
        answer=BY_ITSELF,
    )


def heard_of(kept: ReviewKept) -> tuple[UUID, ...]:
    """The events that stand behind what is kept of a pair."""
    return tuple(each.said.event_id for each in kept.answers)


def compared_fields(
    view: RegionView, kept: ReviewKept, *, restricted: bool
) -> tuple[ComparedField, ...]:
    """Both records, field by field."""
    left, right = (facts_of(view, each) for each in (kept.left, kept.right))
    return fields_from(left, right, restricted=restricted)


def facts_of(view: RegionView, record_id: UUID) -> PersonFacts:
    """What a record says; for a notice, what is known of whoever has its number, and what it says where nobody has."""
    record = view.records.get(record_id)
    if record is None:
        return PersonFacts()
    if record.notice_of is None:
        return record.facts
    having = (view.records.get(each) for each in people_at(view, record_id))
    known = [each for each in having if each is not None]
    facts = first_of(known).facts if known and record.facts.birth_on is None else record.facts
    return replace(facts, nhs_number=record.notice_of)


def digest_of(
    view: RegionView,
    kept: ReviewKept,
    fields: tuple[ComparedField, ...],
    reasons: tuple[str, ...],
) -> str:
    """What a "cannot tell" was said of. New evidence: another value or level of a field, another reason or carer."""
    links = links_in_question(view, kept) if kept.held else ()
    carers = sorted({str(link.carer_record) for link in links})
    shown = [(each.field, each.level, each.left, each.right) for each in fields]
    digest = hashlib.sha256(repr((shown, reasons, carers)).encode()).hexdigest()[:DIGITS]
    return digest + SHOWN_TWO if have_two_numbers(view, kept) else digest


DIGITS: Final = 32
"""Hexadecimal digits of a digest of evidence: 128 bits."""


def is_in_hospital(view: RegionView, kept: ReviewKept) -> bool:
    """Whether one of the two is in hospital now."""
    return any(in_bed(view, person) for person in people_of(view, kept))


def in_bed(view: RegionView, person: UUID) -> bool:
    """Whether somebody is in hospital."""
    stays = (known_as(view, stay) for stay in view.stays_of(person))
    return any(status_of(stay) in IN_HOSPITAL for stay in stays)


def leaves_somebody_alone(view: RegionView, kept: ReviewKept) -> bool:
    """Whether one of the two is in hospital and one of them looks after somebody else, who may be alone.

    The one or the other: whether they are the same is what is asked.
    """
    people = people_of(view, kept)
    return any(in_bed(view, person) for person in people) and any(
        view.person(link.carer_record) == person
        and view.person(link.patient_record) not in people
        and stands(view, link)
        for person in people
        for link in view.links_of(person)
    )
