"""Where PostgreSQL's data lies and which account its server runs as.

PostgreSQL refuses to run as root. Started by root, it runs as the account that owns nothing, in a
folder of its own. That account cannot pass a closed folder such as root's home; then the data lies
in the system's temporary folder instead.
"""

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import CannotStart
from deploy.local.folders import NAME, PASSABLE, PRIVATE, make_own
from deploy.local.process import Account
from deploy.local.progress import Progress

NOBODY = 65_534  # where no account is called nobody


@dataclass(frozen=True, slots=True)
class Place:
    """`folder` is the hub's and can be passed by `account`; `data` in it is the account's alone."""

    folder: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory; there once it is complete."""
        return self.folder / "data"

    def make_for_account(self, folder: Path) -> None:
        """Make an empty folder that belongs to the account."""
        folder.mkdir(mode=PRIVATE)
        if self.account.uid != os.geteuid():
            os.chown(folder, self.account.uid, self.account.gid)


def place_for(state: Path, tell: Progress) -> Place:
    """Choose and make the place for the hub whose state lies in `state`.

    Raises:
        CannotStart: The data belongs to another account, or no folder is open to the server's.
    """
    if os.geteuid() != 0:
        folder = make_own(state / "postgres")
        return Place(folder, owner_of(folder / "data") or Account(os.geteuid(), os.getegid()))
    folder = folder_as_root(state, tell)
    return Place(folder, owner_of(folder / "data") or unprivileged())


def folder_as_root(state: Path, tell: Progress) -> Path:
    """The folder that holds data already, else one that other accounts can pass."""
    beside = state.resolve() / "postgres"
    away = (
        Path(tempfile.gettempdir()).resolve()
        / f"{NAME}-0-{hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:12]}"
    )
    for folder in (beside, away):
        if (folder / "data").is_dir():
            return folder
    if passable(make_own(beside, PASSABLE)):
        return beside
    if passable(make_own(away, PASSABLE)):
        tell(f"PostgreSQL's account cannot pass {state}: its data lies in {away}.")
        return away
    raise CannotStart(
        f"PostgreSQL's account cannot pass {state}: choose a HUB_STATE open to others."
    )


def passable(folder: Path) -> bool:
    """Whether every account can pass from the root of the file system into the folder."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))


def owner_of(data: Path) -> Account | None:
    """Who has to run the server on data that is there; None while there is none.

    Raises:
        CannotStart: Root, who may not run it, or an account that we cannot become.
    """
    if not data.is_dir():
        return None
    found = data.stat()
    if found.st_uid == 0 or os.geteuid() not in (0, found.st_uid):
        raise CannotStart(f"{data} belongs to another account; start the hub from that one.")
    return Account(found.st_uid, found.st_gid)


def unprivileged() -> Account:
    """The account that owns nothing."""
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(NOBODY, NOBODY)
    return Account(nobody.pw_uid, nobody.pw_gid)
