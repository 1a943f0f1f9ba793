"""The hub's reader and its peers read the same, or are not measured."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deploy.bench.hospital import Hospital
from deploy.bench.places import PLACES
from deploy.bench.readers import peers, the_hub
from deploy.bench.reading import refuse_different
from deploy.exit_codes import Stopped

HOSPITAL = Hospital(3, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
FRAMES = [each.frame for each in (*HOSPITAL.beginning(20, 20), *HOSPITAL.day(40))]


def test_every_peer_of_the_extra_is_measured():
    assert [each.name.split()[0] for each in peers()] == ["python-hl7", "hl7apy"]


@pytest.mark.parametrize("peer", peers(), ids=lambda peer: peer.name)
def test_a_peer_reads_what_the_hub_reads(peer):
    refuse_different(the_hub(), [peer], FRAMES)


def test_a_reader_that_reads_something_else_is_refused_with_the_place():
    def read(frame: bytes) -> list[str | None]:
        values = the_hub().read(frame)
        values[PLACES.index("PID-5.1")] = "Nobody"
        return values

    with pytest.raises(Stopped, match=r"other reads something else at PID-5\.1\."):
        refuse_different(the_hub(), [replace(the_hub(), name="other", read=read)], FRAMES)


def test_some_message_holds_an_escape():
    assert any(b"\\T\\" in frame for frame in some_frames())


def some_frames() -> list[bytes]:
    hospital = Hospital(3, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    return [each.frame for each in hospital.beginning(200, 0)]
