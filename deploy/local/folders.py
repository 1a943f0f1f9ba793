"""Where the hub keeps what it fetched (cache) and what it must not lose (state)."""

import os
import stat
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import CannotStart

NAME = "carers-hub"
PRIVATE = 0o700
PASSABLE = 0o711  # others may pass to what they know, and list nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Two absolute folders. `cache` may be deleted at any time; `state` is the data."""

    cache: Path
    state: Path


def folders_from(
    environment: Mapping[str, str], uid: int, temporary: Path, writable: Callable[[Path], bool]
) -> Folders:
    """Choose both folders; touches nothing.

    In this order: `HUB_CACHE` and `HUB_STATE`; the XDG folders; the XDG defaults below `HOME`;
    below `temporary`, when `HOME` is empty, unset, relative or not `writable`.
    """

    def chosen(own: str, xdg: str, below_home: str) -> Path:
        if environment.get(own):
            return Path(environment[own]).absolute()
        home = Path(environment.get("HOME") or ".")
        for base in (Path(environment.get(xdg) or "."), home / below_home):
            if base.is_absolute() and writable(base):
                return base / NAME
        return temporary / f"{NAME}-{uid}" / below_home.rpartition("/")[2].lstrip(".")

    return Folders(
        cache=chosen("HUB_CACHE", "XDG_CACHE_HOME", ".cache"),
        state=chosen("HUB_STATE", "XDG_STATE_HOME", ".local/state"),
    )


def folders() -> Folders:
    """Choose both folders for this process."""
    surroundings = os.environ  # noqa: TID251 - handed on; the function above says which names count
    return folders_from(surroundings, os.geteuid(), Path(tempfile.gettempdir()), can_be_made)


def can_be_made(folder: Path) -> bool:
    """Whether this account can write there, or in the nearest parent that stands."""
    standing = next(place for place in (folder, *folder.parents) if os.path.exists(place))
    return standing.is_dir() and os.access(standing, os.W_OK | os.X_OK)


def make_own(folder: Path, mode: int = PRIVATE) -> Path:
    """Make the folder and its parents with this mode; those that stand are not changed.

    Raises:
        CannotStart: It cannot be made, or another account could have laid it out for us.
    """
    try:
        for place in (*reversed(folder.parents), folder):
            if not place.is_dir():
                place.mkdir(mode=mode, exist_ok=True)
            refuse_if_laid_out_by_another(place)
    except OSError as error:
        raise CannotStart(f"The folder {folder} cannot be used: {error.strerror}.") from error
    return folder


def refuse_if_laid_out_by_another(place: Path) -> None:
    """Below a folder open to all, such as the system's temporary one, use only what is ours."""
    open_to_all = place.parent.stat().st_mode & stat.S_ISVTX
    if open_to_all and place.lstat().st_uid not in (os.geteuid(), 0):
        raise CannotStart(
            f"{place} belongs to another account; choose folders with HUB_STATE and HUB_CACHE."
        )
