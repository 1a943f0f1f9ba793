"""A dictionary over another: changes stay in the upper one until they are joined."""

from collections.abc import Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Layered(Generic[K, V]):
    """Look-ups see the own changes first, then what lies under. None stands for absent."""

    __slots__ = ("own", "under")

    def __init__(self, under: "Layered[K, V] | None" = None) -> None:
        self.own: dict[K, V | None] = {}
        self.under = under

    def get(self, key: K) -> V | None:
        """The value of a key, or None."""
        layer: Layered[K, V] | None = self
        while layer is not None:
            if key in layer.own:
                return layer.own[key]
            layer = layer.under
        return None

    def put(self, key: K, value: V | None) -> None:
        """Set a key in the upper layer; None takes it away."""
        self.own[key] = value

    def join(self) -> None:
        """Move the own changes into what lies under. A bottom layer forgets the keys that were taken away."""
        if self.under is None:
            return
        bottom = self.under.under is None
        for key, value in self.own.items():
            if value is None and bottom:
                self.under.own.pop(key, None)
            else:
                self.under.own[key] = value
        self.own = {}

    def values(self) -> Iterator[V]:
        """All values as now seen, in no promised order."""
        seen: set[K] = set()
        layer: Layered[K, V] | None = self
        while layer is not None:
            for key, value in layer.own.items():
                if key not in seen:
                    seen.add(key)
                    if value is not None:
                        yield value
            layer = layer.under
