"""Signals of the Multicast Notification Service as notices about people. Pure: bytes in, events out."""

from connectors.national.mapping.notice import Keyed, NotForUs, heard_from
from connectors.national.mapping.signal import Signal, parts_of, signal_from

__all__ = ["Keyed", "NotForUs", "Signal", "heard_from", "parts_of", "signal_from"]
