"""How a day is shown while it is played: as a picture in a terminal, as lines anywhere else. On standard error."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, TypeAlias

from rich.console import Console, RenderableType
from rich.live import Live

from deploy.demo.stage.live import picture
from deploy.demo.stage.scene import Scene
from deploy.demo.stage.sentences import clock_time

PICTURES_PER_SECOND: Final = 5
LINE_SECONDS: Final = 5.0
ENDS_WITHIN_SECONDS: Final = 2.0

View: TypeAlias = Callable[[Scene], AbstractContextManager[None]]


class Moving:
    """Whatever is drawn asks for the picture of that moment."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def __rich__(self) -> RenderableType:
        """The picture now."""
        return picture(self._scene)


@contextmanager
def live(scene: Scene, console: Console | None = None) -> Iterator[None]:
    """A picture that moves, until the block ends; the last one stays."""
    with Live(
        Moving(scene),
        console=console or Console(stderr=True),
        refresh_per_second=PICTURES_PER_SECOND,
        redirect_stdout=False,
        redirect_stderr=False,
    ):
        yield


def in_lines(tell: Callable[[str], None], every: float = LINE_SECONDS) -> View:
    """A line every few seconds."""

    @contextmanager
    def lines(scene: Scene) -> Iterator[None]:
        ended = threading.Event()

        def say() -> None:
            while not ended.wait(every):
                tell(line_of(scene))

        telling = threading.Thread(target=say, name="lines", daemon=True)
        telling.start()
        try:
            yield
        finally:
            ended.set()
            telling.join(ENDS_WITHIN_SECONDS)
            tell(line_of(scene))

    return lines


def line_of(scene: Scene) -> str:
    """How far it is, without names."""
    progress, standing = scene.progress, scene.watcher.standing()
    time = f"{clock_time(progress.now)} of the day: " if progress.now else ""
    return (
        f"{time}{progress.played} of {progress.steps} played, {len(standing.alerts)} alerts, "
        f"{len(standing.referrals)} referrals"
    )
