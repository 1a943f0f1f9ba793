"""Where somebody lives, as far as it decides which support service takes them."""

from hub.records import SourceRecord
from hub.services import Area, area_of
from processors.carer_matching.notices import practice_of


def local_authority_of(members: tuple[SourceRecord, ...], areas: tuple[Area, ...]) -> str:
    """The ONS code of a person's local authority, their first record the one that speaks; empty when not known."""
    if not areas:
        return ""
    first = members[0]
    return area_of(postcode_of(first, members), practice_of(first, members), areas) or ""


def postcode_of(record: SourceRecord, members: tuple[SourceRecord, ...]) -> str | None:
    """The postcode of the first address that has one."""
    addresses = [
        address
        for each in (record, *members)
        for address in each.facts.addresses
        if address.use != "old"
    ]
    return next((address.postcode for address in addresses if address.postcode), None)
