"""Secrets by reference: where one stands, never what it is."""

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import Field, SecretStr, model_validator

from deploy.configuration.section import FilePath, Section

LARGEST_BYTES: Final = 65_536
VARIABLE: Final = r"^[A-Z][A-Z0-9_]*$"
OTHERS: Final = stat.S_IRWXO
LITERAL: Final = (
    "a secret never stands in this file; write {env: NAME} or {file: PATH}, "
    "and change the one that stood here"
)


class SecretUnusable(Exception):
    """The secret is not where the reference says, or others may read it. The text is no secret."""


class SecretReference(Section):
    """Where a secret stands: exactly one of the two."""

    env: str | None = Field(
        default=None,
        pattern=VARIABLE,
        description="Name of the environment variable that holds it.",
    )
    file: FilePath | None = Field(
        default=None,
        description="File that holds it, readable by nobody else.",
    )

    @model_validator(mode="before")
    @classmethod
    def _no_literal(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(LITERAL)  # noqa: TRY004 - pydantic's sentence for a refused value
        if len(value.keys() & {"env", "file"}) != 1:
            raise ValueError("write either {env: NAME} or {file: PATH}")
        return value

    def value(self, environment: Mapping[str, str]) -> SecretStr:
        """Fetch the secret. The end of a file's last line is no part of it.

        Raises:
            SecretUnusable: It is absent or empty, or others may read its file.
        """
        if self.file is not None:
            return SecretStr(secret_in(self.file))
        name = self.env or ""
        if not environment.get(name):
            raise SecretUnusable(f"the environment variable {name} is not set; set it")
        return SecretStr(environment[name])


def refuse_if_open_to_others(path: Path) -> None:
    """Refuse a secret's file unless its owner and group alone may use it.

    Raises:
        SecretUnusable: It is no file that can be read, or others may.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise SecretUnusable(f"the file {path} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise SecretUnusable(f"{path} is not a file")
    if status.st_mode & OTHERS:
        raise SecretUnusable(
            f"everybody on this machine may use the file {path}; "
            f"run `chmod o= {path}`, and change the secret"
        )


def secret_in(path: Path) -> str:
    """The text in a secret's file.

    Raises:
        SecretUnusable: It cannot be read, others may read it, or it is no secret's length.
    """
    refuse_if_open_to_others(path)
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_BYTES + 1).decode()
    except OSError as error:
        raise SecretUnusable(f"the file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SecretUnusable(f"the file {path} holds no text") from error
    text = text.rstrip("\r\n")
    if not text or len(text) > LARGEST_BYTES:
        raise SecretUnusable(f"the file {path} is empty, or too long for a secret")
    return text
