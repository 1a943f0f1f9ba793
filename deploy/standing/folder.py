"""The folder of such a hub: a given one stays, one of its own goes with everything in it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from deploy.local.folders import PASSABLE
from deploy.local.postgres_place import folder_as_root
from deploy.local.progress import silent
from deploy.standing.leftovers import PREFIX, held
from deploy.standing.signals import undisturbed

STATE: Final = "state"


@contextmanager
def folder_of_its_own(given: Path | None) -> Iterator[Path]:
    """A folder that PostgreSQL's account can pass; one that was made here is removed."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given.absolute()
        return
    made = Path(tempfile.mkdtemp(prefix=PREFIX))
    made.chmod(PASSABLE)
    try:
        with held(made):
            yield made
    finally:
        with undisturbed():
            remove(made)


def remove(folder: Path) -> None:
    """Remove a folder, and PostgreSQL's data where root's had to lie outside of it."""
    state = folder / STATE
    if os.geteuid() == 0 and state.is_dir():
        data = folder_as_root(state, silent)
        if folder not in data.parents:
            shutil.rmtree(data, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
