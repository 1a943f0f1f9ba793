"""Where people look at what the demonstration left: links that are shown at its end."""

from collections.abc import Iterator

from deploy.pages import organisations_with_pages, page_address
from deploy.standing.hub import StandingHub


def page_addresses(hub: StandingHub) -> Iterator[str]:
    """A link to the pages of each organisation; each works once, and not for long.

    Raises:
        Unavailable: The database is away.
    """
    for organisation in organisations_with_pages(hub.configuration).values():
        address = page_address(hub.configuration, hub.places.database_url, organisation.ods_code)
        yield f"{organisation.name}: {address}"
