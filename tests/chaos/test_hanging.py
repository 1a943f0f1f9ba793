"""Where a process stands, asked from outside: what a chaos run tells that does not come to rest."""

import os
import signal
import subprocess
import sys
import time

from tests.chaos.hanging import places_in, with_start_up

PROGRAM = """
import asyncio, threading

async def waits_for_ever():
    await asyncio.Event().wait()

async def main():
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    asyncio.get_running_loop().call_soon(lambda: print("ready", flush=True))  # once it waits
    await waits_for_ever()

asyncio.run(main())
"""


def test_a_process_tells_at_which_lines_its_tasks_and_threads_stand(tmp_path):
    with_start_up(tmp_path)
    program = tmp_path / "hangs.py"
    program.write_text(PROGRAM)
    log = tmp_path / "log"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, program], stdout=subprocess.PIPE, stderr=output, env=environment
        ) as process,
    ):
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGUSR1)
        until = time.monotonic() + 10
        while len(places_in(log)) < 2 and time.monotonic() < until:
            time.sleep(0.02)  # between looks at a log that another process writes; given up above
        process.kill()
    task, thread = places_in(log)
    assert (task.split(" stands at ")[0], thread.split(" stands at ")[0]) == ("task", "thread")
    assert "hangs.py:10 > hangs.py:5" in task
    assert "threading.py:" in thread
