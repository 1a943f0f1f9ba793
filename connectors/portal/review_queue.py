"""A question about two records as one row of the review queue: how urgent it is, and both records side by side."""

from typing import Final

from hub.projection import Column, Json, Row, TableSpec
from hub.records import ComparedField, ReviewItem, ReviewVerdict
from hub.reviewing import MOST_PER_MILLE

TABLE: Final = TableSpec(
    name="review_queue",
    columns=(
        Column("item_id", "uuid", required=True),
        Column("version", "int", required=True),
        Column("region", "int", required=True),
        Column("left_record", "uuid", required=True),
        Column("right_record", "uuid", required=True),
        Column("reasons", "jsonb", required=True),
        Column("in_hospital", "boolean", required=True),
        Column("alone", "boolean", required=True),
        Column("restricted", "boolean", required=True),
        Column("settled", "boolean", required=True),
        Column("answer", "text"),
        Column("answers", "int", required=True),
        Column("needs", "int", required=True),
        Column("heard", "jsonb", required=True),
        Column("disagreed", "boolean", required=True),
        Column("asked_of_two", "boolean", required=True),
        Column("answered_by", "jsonb", required=True),
        Column("opinions", "jsonb", required=True),
        Column("evidence", "text", required=True),
        Column("asked_at", "timestamptz"),
        Column("pressing", "int"),
        Column("fields", "jsonb", required=True),
        Column("score", "jsonb", required=True),
    ),
    key="item_id",
    indexes=(("settled", "region", "in_hospital", "alone", "pressing", "asked_at"),),
)


def rows_from(item: ReviewItem) -> tuple[Row, ...]:
    """One row for each question; one that settled itself says nothing of the two any more."""
    return (
        {
            "item_id": item.item_id,
            "version": item.version,
            "region": item.region,
            "left_record": item.left,
            "right_record": item.right,
            "reasons": list(item.reasons),
            "in_hospital": item.in_hospital,
            "alone": item.alone,
            "restricted": item.restricted,
            "settled": item.settled,
            "answer": item.answer,
            "answers": item.answers,
            "needs": item.needs,
            "heard": [str(each) for each in item.heard],
            "disagreed": item.disagreed,
            "asked_of_two": item.asked_of_two,
            "answered_by": answered_by(item),
            "opinions": [[each.by, each.answer.value] for each in item.opinions],
            "evidence": item.evidence,
            "asked_at": item.asked_at,
            "pressing": pressing_of(item),
            "fields": [field_from(each) for each in item.fields],
            "score": score_from(item),
        },
    )


def answered_by(item: ReviewItem) -> list[str]:
    """Whose answer counts as things are now: "cannot tell" does until there is new evidence."""
    return [
        each.by
        for each in item.opinions
        if each.answer is not ReviewVerdict.CANNOT_TELL or each.evidence == item.evidence
    ]


def pressing_of(item: ReviewItem) -> int | None:
    """Matchability shared by the number of people it could be, per mille; None where no model scored it."""
    if item.matchability is None:
        return None
    return round(MOST_PER_MILLE * item.matchability / max(item.perplexity or 1.0, 1.0))


def field_from(compared: ComparedField) -> dict[str, Json]:
    """One compared field."""
    return {
        "field": compared.field,
        "level": compared.level,
        "left": compared.left,
        "right": compared.right,
        "bits": compared.bits,
        "tf": compared.tf,
    }


def score_from(item: ReviewItem) -> Json:
    """What a model said of the pair; empty where none did."""
    if item.total is None:
        return {}
    return {
        "prior": item.prior,
        "total": item.total,
        "matchability": item.matchability,
        "perplexity": item.perplexity,
        "alternatives": item.alternatives,
        "grade": item.grade,
        "model": item.model,
        "margin": item.margin,
        "rules": list(item.rules),
        "rivals": list(item.rivals),
        "weights": [each.datum() for each in item.weights],
        "decided_by": item.decided_by,
    }
