"""A real browser at a page, driven over a pipe: keys as somebody presses them, what has the focus, what the page says.

Chromium as it comes with the machine, without a driver of its own; where there is none, its tests are skipped.
"""

import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 30.0
KEYS = {
    "Tab": {"code": "Tab", "windowsVirtualKeyCode": 9},
    "Enter": {"code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    "ArrowDown": {"code": "ArrowDown", "windowsVirtualKeyCode": 40},
    " ": {"code": "Space", "windowsVirtualKeyCode": 32, "text": " "},
}
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--remote-debugging-pipe",
    "about:blank",
)
ON_3_AND_4 = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); "
    "os.execvp(sys.argv[3], sys.argv[3:])"
)
"""The pipe of `--remote-debugging-pipe`: commands on 3, what comes of them on 4, each ended by a NUL."""


class Browser:
    """One tab. `pressed` counts keys."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._read, self._number, self.pressed = b"", 0, 0
        self._events: list[dict] = []
        (tab, *_) = (
            each
            for each in self._call("Target.getTargets")["targetInfos"]
            if each["type"] == "page"
        )
        told = self._call("Target.attachToTarget", targetId=tab["targetId"], flatten=True)
        self._session = told["sessionId"]
        self._call("Page.enable")
        self._call("Page.setBypassCSP", enabled=True)

    _session = ""

    def open(self, address: str, *, width: int = 1280) -> None:
        """Go to an address and wait until it is there."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", **size)
        self._loaded(lambda: self._call("Page.navigate", url=address))

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.pressed += 1
            for kind in ("keyDown", "keyUp"):
                text = {} if kind == "keyDown" else {"text": ""}
                self._call("Input.dispatchKeyEvent", type=kind, key=key, **{**KEYS[key], **text})

    def press_and_go(self, key: str) -> None:
        """A key that leads to another page."""
        self._loaded(lambda: self.press(key))

    def look(self, expression: str):
        """The value of an expression of JavaScript on the page."""
        told = self._call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def _loaded(self, act) -> None:
        self._events.clear()
        act()
        until = time.monotonic() + SECONDS
        while not any(each["method"] == "Page.loadEventFired" for each in self._events):
            assert time.monotonic() < until, "the page did not load"
            self._hear(until)

    def _call(self, method: str, **params) -> dict:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": params}
        if self._session:
            asked["sessionId"] = self._session
        os.write(self._commands, json.dumps(asked).encode() + b"\0")
        until = time.monotonic() + SECONDS
        while True:
            told = self._hear(until)
            if told.get("id") == self._number:
                assert "error" not in told, (method, told["error"])
                return told["result"]

    def _hear(self, until: float) -> dict:
        while b"\0" not in self._read:
            ready, *_ = select.select([self._answers], [], [], max(until - time.monotonic(), 0))
            assert ready, "the browser does not answer"
            found = os.read(self._answers, 1 << 16)
            assert found, "the browser is gone"
            self._read += found
        first, _, self._read = self._read.partition(b"\0")
        told = json.loads(first)
        if "method" in told:
            self._events.append(told)
        return told


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """A browser with a profile of its own; ended afterwards."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        # no package of Python's brings a browser, and `make test` asks for nothing that is installed by hand
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    (commands_out, commands), (answers, answers_in) = os.pipe(), os.pipe()
    given = [fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (commands_out, answers_in)]
    profile = f"--user-data-dir={folder}"
    process = subprocess.Popen(
        [sys.executable, "-c", ON_3_AND_4, *map(str, given), program, profile, *OPTIONS],
        pass_fds=given,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for each in (*given, commands_out, answers_in):
        os.close(each)
    try:
        yield Browser(commands, answers)
    finally:
        process.terminate()
        process.wait(20)
        os.close(commands)
        os.close(answers)
