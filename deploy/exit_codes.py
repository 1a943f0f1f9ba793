"""How a command ends: one table of codes, one place that says which error ends in which."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final


class ExitCode(IntEnum):
    """What a program that called the hub may rely on."""

    OK = 0
    CHECK_FAILED = 1
    USAGE = 2
    CONFIGURATION = 3
    DEPENDENCY_DOWN = 4
    PARTLY_DONE = 5


MEANINGS: Final[Mapping[ExitCode, str]] = {
    ExitCode.OK: "done, and nothing to complain of",
    ExitCode.CHECK_FAILED: "a check failed, or there is a difference",
    ExitCode.USAGE: "the command was not understood",
    ExitCode.CONFIGURATION: "the configuration cannot be used as it stands",
    ExitCode.DEPENDENCY_DOWN: "Kafka, PostgreSQL or another part cannot be reached or started",
    ExitCode.PARTLY_DONE: "some of it was done; the rest is named",
}


class Stopped(Exception):
    """A command ends here with a code of its own, after it has said why.

    Args:
        code: How it ends.
        text: What is said on standard error; empty when all was said.
    """

    def __init__(self, code: ExitCode, text: str = "") -> None:
        super().__init__(text)
        self.code = code


def code_for(error: BaseException) -> ExitCode | None:
    """The code of an expected error; None for a defect, whose trace is shown.

    The classes are imported here because a command that goes well needs none of them.
    """
    from deploy.configuration.errors import ConfigurationError
    from deploy.configuration.secret import SecretUnusable
    from deploy.generating.schemas import ContractBroken
    from deploy.local.errors import CannotStart
    from hub.errors import Rejected, Unavailable
    from hub.runtime.refusals import TooManyDefects
    from hub.runtime.relay import DatabaseWentBack
    from hub.runtime.topics.differences import TopicsRefused
    from hub.store.setup import OtherDatabase

    if isinstance(error, Stopped):
        return error.code
    table: tuple[tuple[type[BaseException], ExitCode], ...] = (
        (ConfigurationError, ExitCode.CONFIGURATION),
        (SecretUnusable, ExitCode.CONFIGURATION),
        (TopicsRefused, ExitCode.CONFIGURATION),
        (OtherDatabase, ExitCode.CONFIGURATION),
        (DatabaseWentBack, ExitCode.DEPENDENCY_DOWN),
        (TooManyDefects, ExitCode.CHECK_FAILED),
        (ContractBroken, ExitCode.CHECK_FAILED),
        (Rejected, ExitCode.CHECK_FAILED),
        (Unavailable, ExitCode.DEPENDENCY_DOWN),
        (CannotStart, ExitCode.DEPENDENCY_DOWN),
    )
    return next((code for kind, code in table if isinstance(error, kind)), None)
