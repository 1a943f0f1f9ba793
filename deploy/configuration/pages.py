"""The pages: how long a session lasts, and where people find them."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from deploy.configuration.section import Section

ADDRESS: Final = r"^https?://[A-Za-z0-9.-]{1,253}(:[1-9][0-9]{0,4})?$"

Address = Annotated[str, StringConstraints(pattern=ADDRESS)]


class Pages(Section):
    """The pages for wards and services."""

    address: Address | None = Field(
        default=None,
        description="Where people find them, such as `https://hub.example.nhs.uk`, for one-time links; "
        "absent = `http.host` and `http.port`.",
    )
    idle_minutes: Annotated[int, Field(ge=1, le=720)] = Field(
        default=15, description="A session that is not used for so long has ended."
    )
    longest_hours: Annotated[int, Field(ge=1, le=24)] = Field(
        default=12, description="A session ends after so long, used or not."
    )
    link_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        default=15, description="How long a one-time link is good."
    )
