"""What somebody says of being linked: with whom they look after, or who looks after them. ADR-0030."""

from hub.fhir.bundle import Entry
from hub.fhir.consent import ConsentNews
from hub.fhir.nhs_number import Unusable, nhs_number_from
from hub.fhir.systems import NHS_NUMBER
from hub.identity import national_record_id
from hub.matching import linking, national
from hub.records import SourceRecord
from processors.carer_matching import people
from processors.carer_matching.taken import Taken, record_referred_to


def take_word(taken: Taken, entry: Entry, news: ConsentNews) -> None:
    """The record of whoever says it. Who is named by an NHS number alone is whoever has that number.

    Raises:
        InvalidResource: The reference names nobody.
    """
    record = record_spoken_of(taken, entry, news)
    taken.records[record.record_id] = linking.told_of(
        record, taken.event, may_be_linked=news.agreement == "yes"
    )


def record_spoken_of(taken: Taken, entry: Entry, news: ConsentNews) -> SourceRecord:
    """A record of the source, be it one of which nothing else was said; else that of the NHS number.

    By the number it is not asked which records are known already: they may come later, and are the same then.
    """
    named = record_referred_to(taken, entry, news.patient)
    identifier = news.patient.identifier
    number = None
    if named not in taken.records and identifier is not None and identifier.system == NHS_NUMBER:
        number = nhs_number_from(identifier.value, "accept")
    if number is None or isinstance(number, Unusable):
        return taken.record(named) or people.unknown(named, taken.event)
    return taken.record(national_record_id(number)) or national.nothing_said_of(number)
