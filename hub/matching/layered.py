"""A dictionary over another: changes stay in the upper one until they are joined."""

from collections.abc import Hashable, Iterator
from operator import attrgetter
from typing import Generic, TypeVar
from uuid import UUID

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Once(dict[K, V]):
    """What was worked out in one layer, and is asked for again and again until the next row is put."""

    __slots__ = ("under",)

    def __init__(self, under: "Once[K, V] | None" = None) -> None:
        super().__init__()
        self.under = under

    def join(self) -> None:
        """Nothing of it outlives the layer, nor what was worked out below without it."""
        self.clear()
        if self.under is not None:
            self.under.clear()


class Layered(Generic[K, V]):
    """Look-ups see the own changes first, then what lies under. None stands for absent."""

    __slots__ = ("own", "under")

    def __init__(self, under: "Layered[K, V] | None" = None) -> None:
        self.own: dict[Hashable, V | None] = {}
        self.under = under

    @staticmethod
    def place_of(key: Hashable, /) -> Hashable:
        """What a key is filed under."""
        return key

    def get(self, key: K) -> V | None:
        """The value of a key, or None."""
        place = self.place_of(key)
        layer: Layered[K, V] | None = self
        while layer is not None:
            own = layer.own
            if own and place in own:  # most layers of one event are empty
                return own[place]
            layer = layer.under
        return None

    def put(self, key: K, value: V | None) -> None:
        """Set a key in the upper layer; None takes it away."""
        self.own[self.place_of(key)] = value

    def join(self) -> None:
        """Move the own changes into what lies under. A bottom layer forgets the keys that were taken away."""
        if self.under is None:
            return
        bottom = self.under.under is None
        for place, value in self.own.items():
            if value is None and bottom:
                self.under.own.pop(place, None)
            else:
                self.under.own[place] = value
        self.own = {}

    def values(self) -> Iterator[V]:
        """All values as now seen, in no promised order."""
        seen: set[Hashable] = set()
        layer: Layered[K, V] | None = self
        while layer is not None:
            for place, value in layer.own.items():
                if place not in seen:
                    seen.add(place)
                    if value is not None:
                        yield value
            layer = layer.under


class ById(Layered[UUID, V]):
    """Filed under the number that an id is: a UUID asks Python for its hash at each layer, a number does not."""

    __slots__ = ()

    place_of = staticmethod(attrgetter("int"))
