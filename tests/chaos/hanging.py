"""Where the processes of a run wait when they should be at rest and are not: the last hope of whoever must mend it.

The copy of the program gets a start-up file that answers SIGUSR1 with the places of its code at which each task and
each thread stands. The program itself knows nothing of it.
"""

from pathlib import Path
from typing import Final

MARK: Final = "stands at"
START_UP: Final = f"""\
import asyncio, signal, sys, threading, traceback

def places(frames):
    found = [f"{{frame.f_code.co_filename.rpartition('/')[2]}}:{{frame.f_lineno}}" for frame in frames]
    return " > ".join(found[-8:])

def of_task(task):
    frames, waiting = [], task.get_coro()
    while waiting is not None:
        frame = getattr(waiting, "cr_frame", None) or getattr(waiting, "ag_frame", None)
        if frame is not None:
            frames.append(frame)
        waiting = getattr(waiting, "cr_await", None) or getattr(waiting, "ag_await", None)
    return places(frames)

def of_thread(frame):
    return places([each for each, _ in traceback.walk_stack(frame)][::-1])

def tell(number, frame):
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        tasks = ()
    else:
        tasks = asyncio.all_tasks(loop)
    for task in tasks:
        print("task {MARK}", of_task(task), file=sys.stderr)
    for name, frame in sys._current_frames().items():
        if name != threading.get_ident():
            print("thread {MARK}", of_thread(frame), file=sys.stderr)
    sys.stderr.flush()

signal.signal(signal.SIGUSR1, tell)
"""


def with_start_up(program: Path) -> None:
    """Put the start-up file into a copy of the program."""
    (program / "sitecustomize.py").write_text(START_UP, encoding="utf-8")


def places_in(log: Path) -> list[str]:
    """What a process told of its places, each once."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return sorted({line for line in lines if MARK in line})
