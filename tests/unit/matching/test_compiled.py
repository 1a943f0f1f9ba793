"""Loops as machine code say what Python says, also where nothing can be kept beside the code."""

import numba
import numpy as np

from hub.matching.index.compiled import compiled


def summed(numbers):
    total = 0
    for number in numbers:
        total += number
    return total


def test_a_loop_is_compiled_when_it_is_first_called(monkeypatch):
    asked = []
    njit = numba.njit

    def kept(*loops, **how):
        asked.append(how)
        return njit(*loops, **how)

    monkeypatch.setattr(numba, "njit", kept)
    loop = compiled(summed)
    assert asked == []
    assert [loop(np.arange(4)), loop(np.arange(5))] == [6, 10]
    assert asked.count({"cache": True}) == 1


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(monkeypatch):
    njit = numba.njit

    def nowhere(*loops, **how):
        if how.get("cache"):
            raise RuntimeError("no locator available")
        return njit(*loops, **how)

    monkeypatch.setattr(numba, "njit", nowhere)
    assert compiled(summed)(np.arange(4)) == 6
