"""What records come to, whatever fails: a fault of ours is one record's, and the others are answered as if it were not.

The step of a record may depend on those beside it: of several versions only the last is said.
"""

from collections import ChainMap
from collections.abc import Sequence

from hub.errors import Unavailable
from hub.passing import Heard, Pass, Refuse, Say, Step, Told
from hub.runtime.passing_round import Defect, step_from


async def steps_of(given: Pass, records: Sequence[Heard], told: Told) -> Sequence[Step | Defect]:
    """A step for each record, in their order.

    Raises:
        Unavailable: It cannot be said now.
    """
    try:
        return await given.steps(records, told)
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - whose fault it is, is asked one by one
        alone = await one_by_one(given, records, told)
    well = [
        each for each, step in zip(records, alone, strict=True) if not isinstance(step, AT_FAULT)
    ]
    try:
        together = iter(await given.steps(well, told))
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - a fault of none by itself: each stays as it was answered alone
        return alone
    return [step if isinstance(step, AT_FAULT) else next(together) for step in alone]


AT_FAULT = (Defect, Refuse)


async def one_by_one(given: Pass, records: Sequence[Heard], told: Told) -> list[Step | Defect]:
    """Each by itself, knowing the versions that those before it say."""
    versions: dict[bytes, int] = {}
    known = Told(ChainMap(versions, dict(told.versions)), told.whole)
    steps: list[Step | Defect] = []
    for each in records:
        step = await one(given, each, known)
        steps.append(step)
        if isinstance(step, Say):
            versions.update({said.key: said.version for said in step.sayings if said.version})
    return steps


async def one(given: Pass, record: Heard, told: Told) -> Step | Defect:
    """The step of one record."""
    try:
        (step,) = await given.steps((record,), told)
    except Unavailable:
        raise
    except Exception as fault:  # noqa: BLE001 - a fault of one record must not hold up the others
        return step_from(fault)
    else:
        return step
