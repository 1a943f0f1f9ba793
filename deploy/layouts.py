"""Layouts of extracts: those that come with the hub, and files of yours."""

from pathlib import Path
from typing import Final

import yaml

from connectors.gp_csv.layout import BadLayout, Layout, layout_from
from deploy.configuration.area import CsvSender

SHIPPED: Final = Path(__file__).parents[1] / "connectors" / "gp_csv" / "layouts"
LARGEST_BYTES: Final = 64 * 1024


def layout_named(name: str) -> Layout:
    """A layout that comes with the hub."""
    return layout_in(SHIPPED / f"{name}.yaml")


def layout_of(sender: CsvSender) -> Layout:
    """The layout that the configuration names for a sender.

    Raises:
        BadLayout: It is a file of yours, and cannot be used.
    """
    if sender.layout_file is None:
        return layout_named(sender.layout)
    return layout_in(sender.layout_file)


def layout_in(path: Path) -> Layout:
    """The layout in a file.

    Raises:
        BadLayout: There is none, or it cannot be used.
    """
    try:
        content = path.read_bytes()
        if len(content) > LARGEST_BYTES:
            raise BadLayout("it is larger than any layout")
        return layout_from(yaml.safe_load(content))
    except OSError as error:
        raise BadLayout(f"it cannot be read: {error.strerror}") from None
    except yaml.YAMLError:
        raise BadLayout("it is no YAML") from None
