"""For how long a record of a pass has been held back."""

import time
from collections.abc import Callable, Sequence

from hub.passing import Heard
from hub.runtime.passing_round import Spot, spot


class Patience:
    """For how long each record has been held back, over all sessions of this process.

    Only time between looks that succeeded counts: while a database is away nobody looks, and nobody can be known.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waited: dict[Spot, float] = {}
        self._looked_at: float | None = None

    def gone(self, seconds: float) -> frozenset[Spot]:
        """Records that have been held back for so long."""
        return frozenset(place for place, waited in self._waited.items() if waited >= seconds)

    def keep(self, held: Sequence[Heard]) -> None:
        """A look succeeded: remember these and no others."""
        now = self._clock()
        more = 0.0 if self._looked_at is None else now - self._looked_at
        before = {place: waited + more for place, waited in self._waited.items()}
        self._waited = {spot(each): before.get(spot(each), 0.0) for each in held}
        self._looked_at = now

    def pause(self) -> None:
        """Looking has failed, or begins anew: the time up to the next look does not count."""
        self._looked_at = None
