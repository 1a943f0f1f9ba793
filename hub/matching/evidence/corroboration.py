"""What a contact that two sides have in common adds to the evidence that they are one person.

Father and son have the same mother beside them: contacts tell families apart and not the members of one. So a contact
never is enough by itself (the conditions of AUTO stand), and only what they have alone counts: what the patient's own
pair shares with them, their family name, home, landline, was weighed there. ADR-0027; source: matching method 4.4.
"""

from collections.abc import Iterable
from math import log2
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from hub.matching.candidates import Matcher
from hub.matching.normal.record import Compared, More
from hub.matching.scoring.comparison import Levels
from hub.matching.scoring.fields import (
    ADDRESS_OF,
    BORN,
    EMAIL,
    FAMILY_OF,
    GIVEN_OF,
    HOME,
    LANDLINE,
    MOBILE,
    NAME,
    NHS,
    POSTCODE_OF,
    Address,
    Born,
    Postcode,
    Same,
)
from hub.matching.scoring.namesakes import IS_NAMESAKE
from hub.matching.scoring.rules import FAMILY_AGREES, GIVEN_SURELY
from hub.matching.scoring.weights import FieldBits

CONTACT: Final = "contact"
"""The field of an explanation."""
MOST_CONTACTS: Final = 8
"""Of a side so many are looked at, by id: more are no family."""
SAME_POSTCODE: Final = (Postcode.EXACT, Postcode.SLIP)
SAME_ADDRESS: Final = (Address.EXACT, Address.CLOSE)

Contacts: TypeAlias = tuple[tuple[UUID, Compared], ...]
"""The contacts and carers of a side, as they are compared, by record id."""


class Patients(NamedTuple):
    """The two records of the patient's pair."""

    one: Compared
    other: Compared


def corroboration(
    patients: Patients, ours: Contacts, theirs: Contacts, matcher: Matcher
) -> FieldBits | None:
    """What the best agreeing contact adds, never less than nothing and never more than the policy's. Symmetric.

    One of several agrees by chance as many times as easily, so their number is taken off. One record of one sender that
    stands beside both is passed over: who lists it once for two patients has told them apart.
    """
    most = matcher.model.policy.most_by_contacts
    if most <= 0.0 or not ours or not theirs:
        return None
    left = {each: alone(record, patients, matcher) for each, record in ours}
    right = {each: alone(record, patients, matcher) for each, record in theirs}
    pairs = {
        (one, other)
        for one_id, one in left.items()
        for other_id, other in right.items()
        if one is not None and other is not None and one_id != other_id
    }
    found = [each for one, other in pairs if (each := agreeing(one, other, matcher)) is not None]
    if not found:
        return None
    best = max(found, key=lambda each: (each.bits, each.level))
    bits = min(most, best.bits - log2(len(pairs)))
    return best._replace(bits=bits) if bits > 0.0 else None


def alone(contact: Compared, patients: Iterable[Compared], matcher: Matcher) -> Compared | None:
    """What a contact shares with neither record of the patient; None for a namesake, who may be the patient."""
    for patient in patients:
        levels = matcher.agreement(contact, patient).levels
        if IS_NAMESAKE[levels[NAME]]:
            return None
        contact = without(contact, levels)
    return contact


def without(contact: Compared, shared: Levels) -> Compared:
    """A contact without what agrees by these levels."""
    more = contact.more or NO_MORE
    if FAMILY_OF[shared[NAME]] in FAMILY_AGREES:
        names = tuple(each._replace(family="") for each in more.names)
        contact, more = contact._replace(family=""), more._replace(names=names)
    home = shared[HOME]
    if POSTCODE_OF[home] in SAME_POSTCODE or ADDRESS_OF[home] in SAME_ADDRESS:
        contact, more = contact._replace(postcode="", address=""), more._replace(homes=())
    if shared[MOBILE] == Same.EXACT:
        contact, more = contact._replace(mobile=0), more._replace(mobiles=())
    if shared[LANDLINE] == Same.EXACT:
        contact, more = contact._replace(landline=0), more._replace(landlines=())
    if shared[EMAIL] == Same.EXACT:
        contact, more = contact._replace(email=""), more._replace(emails=())
    return contact._replace(
        born=0 if shared[BORN] == Born.EXACT else contact.born,
        nhs=0 if shared[NHS] == Same.EXACT else contact.nhs,
        more=more if contact.more is not None else None,
    )


NO_MORE: Final = More((), (), (), (), ())


def agreeing(one: Compared, other: Compared, matcher: Matcher) -> FieldBits | None:
    """What two contacts are worth, with the fields that speak for it; None where no given name says that they are one.

    A telephone alone is no person: a ward lists a care home, or a social worker, for many.
    """
    levels = matcher.comparison.levels(one, other)
    if GIVEN_OF[levels[NAME]] not in GIVEN_SURELY:
        return None
    fields = matcher.weights.fields(one, other, levels)
    bits = sum(each.bits for each in fields)
    level = "+".join(each.field for each in fields if each.bits > 0.0)
    return FieldBits(CONTACT, level, bits, 0.0) if bits > 0.0 else None
