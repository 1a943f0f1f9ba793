"""The load generator against a gateway of a few lines."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from deploy.bench import load
from deploy.bench.load import END, START, Paced, flat_out
from deploy.exit_codes import Stopped

FRAMES = [f"MSH|^~\\&|PAS|RWE|HUB|HUB|||ADT^A08|C{number}\r".encode() for number in range(50)]


def answer(code: str) -> bytes:
    return START + f"MSH|^~\\&|HUB|HUB\rMSA|{code}|C1\r".encode() + END


class Gateway:
    """Answers each message, and counts those that came before the one before was answered."""

    def __init__(self, answers: Callable[[int], bytes | None], release: asyncio.Event) -> None:
        self.heard: list[bytes] = []
        self.too_early = 0
        self.began = asyncio.Event()
        self._answers, self._release = answers, release

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                frame = await reader.readuntil(END)
                self.heard.append(frame.removeprefix(START).removesuffix(END))
                self.began.set()
                await self._release.wait()
                await asyncio.sleep(0)
                self.too_early += bool(reader._buffer)
                said = self._answers(len(self.heard))
                if said is None:
                    break
                writer.write(said[:4])
                await asyncio.sleep(0)
                writer.write(said[4:])
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


def released() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@asynccontextmanager
async def gateway(
    answers: Callable[[int], bytes | None], release: asyncio.Event | None = None
) -> AsyncIterator[tuple[Gateway, int]]:
    heard = Gateway(answers, release or released())
    server = await asyncio.start_server(heard.serve, "127.0.0.1", 0)
    try:
        yield heard, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.sleep(0.01)


async def test_every_message_is_sent_once_and_each_wait_is_kept():
    async with gateway(lambda _: answer("AA")) as (heard, port):
        sent = await flat_out(FRAMES, [port], 4)
    assert sorted(heard.heard) == sorted(FRAMES)
    assert len(sent.waits) == len(FRAMES)
    assert all(0 < wait <= sent.seconds for wait in sent.waits)
    assert sent.rate == len(FRAMES) / sent.seconds


async def test_one_message_is_in_flight_on_a_connection():
    async with gateway(lambda _: answer("AA")) as (heard, port):
        await flat_out(FRAMES, [port], 1)
    assert heard.too_early == 0
    assert heard.heard == FRAMES


async def test_connections_are_shared_out_among_gateways():
    doors = gateway(lambda _: answer("AA")), gateway(lambda _: answer("AA"))
    async with doors[0] as (one, first), doors[1] as (other, second):
        await flat_out(FRAMES, [first, second], 2)
    assert one.heard
    assert other.heard
    assert len(one.heard) + len(other.heard) == len(FRAMES)


async def test_an_answer_that_is_no_acceptance_ends_the_run():
    async with gateway(lambda number: answer("AE" if number == 7 else "AA")) as (_, port):
        with pytest.raises(Stopped, match="not accepted: AE"):
            await flat_out(FRAMES, [port], 1)


async def test_a_gateway_that_hangs_up_ends_the_run():
    async with gateway(lambda number: None if number == 7 else answer("AA")) as (_, port):
        with pytest.raises(Stopped, match="hung up"):
            await flat_out(FRAMES, [port], 1)


async def test_a_steady_sender_sends_everything_in_order_and_says_when():
    told: list[tuple[int, float]] = []
    async with gateway(lambda _: answer("AA")) as (heard, port):
        sender = Paced(1_000, lambda number, moment: told.append((number, moment)))
        await sender.run(FRAMES, [port], 8)
    assert [number for number, _ in told] == list(range(len(FRAMES)))
    assert [moment for _, moment in told] == sorted(moment for _, moment in told)
    assert sorted(heard.heard) == sorted(FRAMES)


async def test_a_message_that_waits_for_a_connection_counts_from_when_it_was_due():
    told: list[float] = []
    release = asyncio.Event()
    async with gateway(lambda _: answer("AA"), release) as (heard, port):
        sender = Paced(1_000, lambda _, moment: told.append(moment))
        sending = asyncio.create_task(sender.run(FRAMES[:2], [port], 1))
        await heard.began.wait()
        await asyncio.sleep(0.05)  # the second is due by now, and its only connection waits
        before = time.monotonic()
        release.set()
        await sending
    assert heard.heard == FRAMES[:2]
    assert told[1] < before


async def test_a_steady_sender_gives_up_when_no_answer_comes(monkeypatch):
    monkeypatch.setattr(load, "PATIENCE_SECONDS", 0.05)
    async with gateway(lambda _: b"") as (_, port):
        with pytest.raises(Stopped, match="No answer came"):
            await Paced(1_000, lambda *_: None).run(FRAMES, [port], 1)


async def test_a_steady_sender_ends_at_an_answer_that_is_no_acceptance():
    async with gateway(lambda number: answer("AR" if number == 7 else "AA")) as (_, port):
        with pytest.raises(Stopped, match="not accepted: AR"):
            await Paced(1_000, lambda *_: None).run(FRAMES, [port], 2)
