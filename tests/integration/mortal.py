"""Parts of a process that dies at a chosen point, as often as a test wants."""

from typing import Any

from aiokafka import AIOKafkaProducer


class Died(Exception):
    """The process was gone at this point."""


class Points:
    """Dies the first two times that a point is reached."""

    def __init__(self, deadly: str) -> None:
        self.deadly, self.deaths = deadly, 0

    def reach(self, point: str) -> None:
        if point == self.deadly and self.deaths < 2:
            self.deaths += 1
            raise Died(point)


class MortalProducer(AIOKafkaProducer):
    """Dies without a word to the broker."""

    points: Points
    dead = False

    def reach(self, point: str) -> None:
        try:
            self.points.reach(point)
        except Died:
            self.dead = True
            raise

    async def start(self) -> None:
        await super().start()
        self.reach("opened")

    async def begin_transaction(self) -> None:
        await super().begin_transaction()
        self.reach("begun")

    async def send(self, *record: Any, **how: Any) -> Any:
        sent = await super().send(*record, **how)
        self.reach("one sent")
        return sent

    async def send_offsets_to_transaction(self, *position: Any) -> None:
        self.reach("all sent")
        await super().send_offsets_to_transaction(*position)
        self.reach("position sent")

    async def commit_transaction(self) -> None:
        await super().commit_transaction()
        self.reach("committed")

    async def abort_transaction(self) -> None:
        if not self.dead:
            await super().abort_transaction()
