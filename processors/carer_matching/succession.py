"""The record that goes on after a merge (A40, A47): what is said of it from then on is said of both."""

from collections.abc import Iterator
from uuid import UUID

from hub.matching.region import RegionView
from hub.matching.words import later, word_on
from hub.records import SourceRecord, Word


def goes_on_as(view: RegionView, record: SourceRecord) -> Iterator[tuple[SourceRecord, Word]]:
    """The records that a record was merged into, one after the other, each with the last merge on the way to it.

    Only those of the same person: not beyond a merge that waits for somebody's answer, or that people said is none.
    """
    person = view.person(record.record_id)
    seen: set[UUID] = set()
    since: Word | None = None
    while record.merged_into is not None and record.record_id not in seen:
        seen.add(record.record_id)
        merge, heir = word_on(record.words, "merge"), view.records.get(record.merged_into)
        if merge is None or heir is None:
            return
        if view.person(heir.record_id) != person:
            return
        since = merge if since is None or later(merge, since) else since
        yield heir, since
        record = heir


def survivor(view: RegionView, record: SourceRecord) -> SourceRecord:
    """The same person's record that stands for this one now. Merges that go round in a circle end where they began."""
    last = record
    for heir, _ in goes_on_as(view, record):
        last = heir
    return last
