"""The sender of a long run: it ends when its time is over, stays near the hub, and says how much of the run is gone."""

import asyncio
import contextlib

import pytest

from tests.chaos.ledger import Ledger
from tests.chaos.plan import SPREAD_OVER, full
from tests.chaos.roles import until
from tests.chaos.sender import END, Sender

FRAMES = tuple(
    f"MSH|^~\\&|PAS|RWE|HUB|HUB|20261128||ADT^A08|C{number:07}|P|2.4\r".encode()
    for number in range(1_000)
)


@pytest.fixture
async def port():
    """A hub that answers AA to everything."""

    async def answer(reader, writer):
        with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                control = (await reader.readuntil(END)).split(b"|")[9]
                writer.write(b"\x0bMSH|^~\\&|\rMSA|AA|" + control + END)

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_a_sender_whose_time_is_over_brings_to_an_end_what_it_has_begun_and_begins_no_more(
    port, tmp_path
):
    with Ledger(tmp_path / "ledger") as ledger:
        sender = Sender(port, ledger, FRAMES, seconds=100, most_seconds=0.5)
        await sender.run(2)
        assert 0 < sender.accepted < len(FRAMES)
        assert (sender.unanswered, sender.gone >= 1.0) == (0, True)
        assert len(ledger.sent(sender.unanswered).acknowledged) == sender.accepted


async def test_a_sender_waits_for_the_hub_and_goes_on_with_it(port, tmp_path):
    with Ledger(tmp_path / "ledger") as ledger:
        sender = Sender(port, ledger, FRAMES[:20], seconds=0)
        sender.may_begin = 5
        running = asyncio.create_task(sender.run(2))
        await until(lambda: sender.accepted == 5, 10, "the first five")
        await asyncio.sleep(0.2)  # that no more come can only be waited for
        assert (sender.accepted, sender.gone) == (5, 0.25)
        sender.may_begin = 20
        async with asyncio.timeout(10):
            await running
        assert (sender.accepted, sender.unanswered) == (20, 0)


def test_faults_of_a_long_run_are_spread_over_it_and_those_of_a_short_one_are_not():
    long, short = full(1, 100_000, kills=40, brokers=8), full(1, 20_000)
    shares = [long.share_before(place) for place in range(len(long.faults))]
    assert (shares[0], shares == sorted(set(shares))) == (0.0, True)
    assert 0.9 < shares[-1] < SPREAD_OVER
    assert {short.share_before(place) for place in range(len(short.faults))} == {0.0}
