"""What is raised when a local part cannot run here."""


class CannotStart(Exception):
    """A part cannot be started as things stand on this machine: one line says why and what to do.

    Trying again changes nothing; what may pass by itself is `hub.errors.Unavailable`.
    """
