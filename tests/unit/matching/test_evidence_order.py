"""Who is one person by evidence depends on the records, links and answers, and on no order, batch, crash or detour."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.matching.linking import LINKING
from hub.matching.national import nothing_said_of
from hub.matching.region import RegionView
from hub.records import LinkEvidence, PersonFacts, ReviewVerdict, SourceRecord
from tests.unit.matching.evidence import matcher
from tests.unit.matching.regions import SAID, WHEN, asked, link, merged, record, region, said

NUMBERS = ("9990000018", "9990000026", None, None, None, None)
people = st.builds(
    dict,
    given=st.sampled_from(["Ada", "Ada", "Adah", "Ben", "Benjamin", "Olivia"]),
    family=st.sampled_from(["Marsh", "Marsh", "Okonkwo"]),
    born=st.sampled_from(["1941-03-02", "1941-03-02", "1941-02-03", "1969-07-21", None]),
    number=st.sampled_from(NUMBERS),
    line=st.sampled_from(["12 High Street", "3 Mill Lane", "Flat 2, 40 Hill Rise", None]),
    postcode=st.sampled_from(["LE2 7AB", "LE5 1AA", "LS6 3HN"]),
    mobile=st.sampled_from([None, None, "07700 900001", "07700 900002"]),
    shielded=st.sampled_from([None] * 7 + [True]),
    deceased=st.sampled_from([None] * 5 + [True]),
)
contacts = st.builds(
    dict,
    given=st.sampled_from(["Grace"] * 5 + ["Leo"]),
    family=st.sampled_from(["Price", "Price", "Marsh"]),
    born=st.sampled_from(["1968-11-30", None]),
    number=st.sampled_from(["9990000034", None, None]),
    line=st.sampled_from(["9 Far Lane", None]),
    postcode=st.just("LS1 4AP"),
    mobile=st.sampled_from(["07700 900003", None]),
    shielded=st.sampled_from([None] * 7 + [True]),
)
"""Whoever is listed beside one of them: often the same woman, as several sources know her."""
days = st.integers(0, 3).map(lambda days: WHEN + timedelta(days=days))
"""When somebody was last heard of: that of one who died matters."""


linking = st.sampled_from([None] * 5 + [False, False, True])
"""What a record says of being linked: mostly nothing."""


def speaking(row, may_be_linked, at):
    """A record with its word on being linked."""
    if may_be_linked is None:
        return row
    word = replace(SAID, about=LINKING, recorded_at=at, un_event=not may_be_linked)
    return replace(row, may_be_linked=may_be_linked, words=(word,))


@st.composite
def rows_of_a_region(draw):
    """The last word on each row, and what some of them said before."""
    chosen = draw(st.lists(people, min_size=5, max_size=9))
    records = [
        speaking(replace(record(f"r{number}", **each), as_of=draw(days)), draw(linking), draw(days))
        for number, each in enumerate(chosen)
    ]
    two = st.tuples(st.sampled_from(records), st.sampled_from(records)).filter(
        lambda pair: pair[0] is not pair[1]
    )
    listed = [
        replace(record(f"c{number}", **each), as_of=draw(days))
        for number, each in enumerate(draw(st.lists(contacts, min_size=3, max_size=4)))
    ]
    beside = [(one, listed[number % len(listed)]) for number, one in enumerate(records)]
    links = [link(*each) for each in draw(st.lists(two, max_size=2))]
    links += [
        replace(link(*each), active=draw(st.sampled_from([True, True, True, False])))
        for each in beside[draw(st.integers(0, 2)) :]
    ]
    answers = {
        each.item_id: each
        for pair in draw(st.lists(two, max_size=2))
        for each in (said(*pair, draw(st.sampled_from(list(ReviewVerdict)))),)
    }
    final = {each.record_id: each for each in [*records, *listed]}
    for one, other in draw(st.lists(two, max_size=1)):
        final[one.record_id] = merged(final[one.record_id], other)
    before = [
        speaking(
            replace(
                final[each.record_id],
                facts=draw(st.sampled_from([each, *records, *listed])).facts,
                as_of=draw(days),
            ),
            draw(linking),
            draw(days),
        )
        for each in draw(st.lists(st.sampled_from([*records, *listed]), min_size=1, max_size=4))
    ]
    before += [  # who said something else of being linked, and nothing else
        speaking(replace(final[each.record_id], may_be_linked=None, words=()), draw(linking), WHEN)
        for each in draw(st.lists(st.sampled_from(records), max_size=4))
    ]
    notices = {
        number: speaking(
            replace(
                nothing_said_of(number),
                facts=PersonFacts(deceased=draw(st.sampled_from([None, True]))),
                as_of=draw(days),
            ),
            draw(linking),
            draw(days),
        )
        for number in draw(st.lists(st.sampled_from(NUMBERS[:2]), max_size=1))
    }
    before += [
        speaking(replace(each, as_of=draw(days)), draw(linking), draw(days))
        for each in notices.values()
    ]
    ended = draw(st.lists(st.sampled_from(links), max_size=2))
    before += [replace(each, active=not each.active) for each in ended]
    final |= {each.record_id: each for each in notices.values()}
    return [*final.values(), *links, *answers.values()], before


def result(view, rows):
    """Who is one person, who is protected, of whose links nobody is told, and what is asked."""
    records = [row for row in rows if isinstance(row, SourceRecord)]
    return (
        {each.record_id: view.person(each.record_id) for each in records},
        {each.record_id: view.is_shielded(view.person(each.record_id)) for each in records},
        {each.record_id: view.is_unlinked(view.person(each.record_id)) for each in records},
        asked(view, *records),
    )


def named(row):
    """The id of a row."""
    if isinstance(row, SourceRecord):
        return row.record_id
    return row.evidence_id if isinstance(row, LinkEvidence) else row.item_id


def ends(view, rows):
    """Who asks about whom: both do, whichever of the two changes."""
    return {
        (row.record_id, other)
        for row in rows
        if isinstance(row, SourceRecord)
        for other, _ in view.unsure(row.record_id)
    }


def lived(rows, before, random):
    """A region that heard the rows in some order and batches, with earlier words between, and attempts that failed."""
    view = RegionView(matcher=matcher())
    waiting = [*rows, *before]
    random.shuffle(waiting)
    final = {named(row): row for row in rows}
    waiting += [final[named(each)] for each in before]
    while waiting:
        batch = [waiting.pop(0) for _ in range(min(len(waiting), random.randint(1, 3)))]
        for take in (random.sample(rows, 2), batch):
            whole = view.overlay()
            for row in take:
                event = whole.overlay()
                event.put(row)
                event.settle()
                whole.put(row)
            whole.settle()
        whole.join()  # the last one; the first fails, and nothing of it stays
    return view


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rows_of_a_region(), st.randoms(use_true_random=False))
def test_any_order_gives_the_persons_and_questions_of_a_fresh_load(drawn, random):
    rows, before = drawn
    fresh = region(*rows, cold=True)
    view = lived(rows, before, random)
    assert result(view, rows) == result(fresh, rows)
    view.settle()
    held = {key: value for key, value in view._by_evidence.own.items() if value is not None}
    assert held == {k: v for k, v in fresh._by_evidence.own.items() if v is not None}
    asked_from = ends(fresh, rows)
    assert {(other, one) for one, other in asked_from} == asked_from
