"""Where the hub keeps its folders, from nothing but the environment."""

from pathlib import Path

import pytest

from deploy.local.errors import CannotStart
from deploy.local.folders import Folders, can_be_made, folders_from, make_own

TEMPORARY = Path("/system/tmp")


def chosen(environment: dict[str, str], *, closed: tuple[str, ...] = ()) -> Folders:
    return folders_from(environment, 1000, TEMPORARY, lambda folder: str(folder) not in closed)


def test_the_hubs_own_variables_come_first() -> None:
    environment = {
        "HUB_CACHE": "/c",
        "HUB_STATE": "/s",
        "XDG_CACHE_HOME": "/x",
        "HOME": "/home/ann",
    }
    assert chosen(environment) == Folders(cache=Path("/c"), state=Path("/s"))


def test_each_folder_is_chosen_by_itself() -> None:
    environment = {"HUB_STATE": "/s", "XDG_CACHE_HOME": "/x", "HOME": "/home/ann"}
    assert chosen(environment) == Folders(cache=Path("/x/carers-hub"), state=Path("/s"))


def test_home_gives_the_usual_places() -> None:
    assert chosen({"HOME": "/home/ann"}) == Folders(
        cache=Path("/home/ann/.cache/carers-hub"), state=Path("/home/ann/.local/state/carers-hub")
    )


@pytest.mark.parametrize("environment", [{}, {"HOME": ""}, {"HOME": "not/absolute"}])
def test_without_a_home_each_account_has_its_own_temporary_folder(
    environment: dict[str, str],
) -> None:
    assert chosen(environment) == Folders(
        cache=TEMPORARY / "carers-hub-1000" / "cache", state=TEMPORARY / "carers-hub-1000" / "state"
    )


def test_a_home_that_cannot_be_written_is_no_home() -> None:
    found = chosen({"HOME": "/nonexistent"}, closed=("/nonexistent/.local/state",))
    assert found == Folders(
        cache=Path("/nonexistent/.cache/carers-hub"),
        state=TEMPORARY / "carers-hub-1000" / "state",
    )


def test_a_relative_xdg_folder_is_ignored_as_its_standard_says() -> None:
    assert chosen({"XDG_CACHE_HOME": "here", "HOME": "/h"}).cache == Path("/h/.cache/carers-hub")


def test_a_relative_folder_of_the_hub_is_taken_from_here() -> None:
    assert chosen({"HUB_STATE": "here", "HOME": "/h"}).state == Path.cwd() / "here"


def test_what_lies_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert can_be_made(tmp_path / "new" / "er")
    assert not can_be_made(tmp_path / "file" / "new")


def test_new_folders_are_closed_and_standing_ones_are_left_alone(tmp_path: Path) -> None:
    standing = tmp_path / "standing"
    standing.mkdir(mode=0o755)
    made = make_own(standing / "new")
    assert (standing.stat().st_mode & 0o777, made.stat().st_mode & 0o777) == (0o755, 0o700)


def test_a_folder_that_cannot_be_made_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match=r"^The folder .*new cannot be used: \w.*\.$"):
        make_own(tmp_path / "file" / "new")
