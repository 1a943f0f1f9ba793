"""Mistakes."""

from dataclasses import dataclass

from tests.chaos.plan import Plan
from tests.chaos.program import Patch


@dataclass(frozen=True, slots=True)
class Bug:
    """One mistake."""

    name: str
    patches: tuple[Patch, ...]
    plan: Plan


BUGS: tuple[Bug, ...] = ()
