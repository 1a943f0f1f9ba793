"""Plain loops over arrays as machine code, by Numba.

It is loaded and a loop compiled when it is first called, so that whoever looks nobody up pays nothing. What was
compiled is kept beside the code; where nothing can be written, each process compiles anew, in a few seconds. A loop may
call another of its file. To call one from Python costs a millionth of a second or two, so a look-up calls few.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")

LATER: Final[list[Callable[[], None]]] = []
"""What Numba is told when it is loaded: by which loop each function is compiled where another loop calls it."""


def compiled(loop: Callable[Given, Found]) -> Callable[Given, Found]:
    """A function of arrays and numbers, compiled when it is first called."""
    made: list[Callable[Given, Found]] = []

    @wraps(loop)
    def call(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        if not made:
            made.append(_compiled(loop))
        return made[0](*args, **kwargs)

    def tell() -> None:
        from numba.extending import overload

        overload(call, strict=False)(lambda *_: loop)

    LATER.append(tell)
    return call


def _compiled(loop: Callable[Given, Found]) -> Callable[Given, Found]:
    from numba import njit

    while LATER:
        LATER.pop()()
    try:
        found: Callable[Given, Found] = njit(cache=True)(loop)
    except RuntimeError:  # nowhere to keep it
        found = njit()(loop)
    return found
