"""Values that many records share, kept once: a register of a million people has far fewer names, streets and days."""

from sys import intern

from hub.matching.normal.record import Compared

BIRTHS: dict[int, int] = {}


def interned(record: Compared) -> Compared:
    """The same record out of shared values."""
    return record._replace(
        given=intern(record.given),
        middle=intern(record.middle),
        family=intern(record.family),
        born=BIRTHS.setdefault(record.born, record.born),
        sex=intern(record.sex),
        postcode=intern(record.postcode),
        address=intern(record.address),
    )
