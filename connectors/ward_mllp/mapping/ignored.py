"""The third outcome of reading a message: well-formed, and of no concern to the hub."""


class Ignored(Exception):
    """The message is kept with this reason and answered AA; nothing is published.

    Args:
        reason: Why, in one sentence without personal data.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
