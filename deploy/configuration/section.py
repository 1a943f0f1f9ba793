"""What all sections share: nothing unknown, nothing converted, nothing changed later."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationInfo

NAME: Final = r"^[a-z][a-z0-9-]{0,31}$"
ODS_CODE: Final = r"^[A-Z0-9]{3,10}$"


class Section(BaseModel):
    """One section of `hub.yaml`."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, hide_input_in_errors=True, str_max_length=2000
    )


def _from_the_file(path: Path, info: ValidationInfo) -> Path:
    """A relative path starts where the configuration file lies."""
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / path


FilePath = Annotated[Path, AfterValidator(_from_the_file)]
Name = Annotated[str, StringConstraints(pattern=NAME)]
OdsCode = Annotated[str, StringConstraints(pattern=ODS_CODE)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S.*$")]
