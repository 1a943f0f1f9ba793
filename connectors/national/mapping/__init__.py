"""Signals of the Multicast Notification Service as notices about people. Pure: bytes in, events out."""

from connectors.national.mapping.notice import Keyed, NotForUs, heard_from
from connectors.national.mapping.signal import is_notice, parts_of

__all__ = ["Keyed", "NotForUs", "heard_from", "is_notice", "parts_of"]
