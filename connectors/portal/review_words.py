"""What is asked about two records, in plain English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.reviewing import BY_ITSELF, UNLINKED, Told

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nhs-number": "NHS number",
        "family-name": "Family name",
        "given-name": "Given names",
        "birth-date": "Date of birth",
        "sex": "Sex",
        "postcode": "Postcode",
        "address": "Address",
        "phone": "Telephone",
    }
)
LEVELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "same": "The same",
        "near": "Nearly the same",
        "part": "Partly the same",
        "different": "Different",
        "one-side": "Known on one side only",
        "none": "Not known",
    }
)
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nhs-number": "Both have this NHS number.",
        "superseded-number": "The one NHS number replaced the other.",
        "number-conflict": "The dates of birth do not agree.",
        "birth-date-unknown": "A date of birth is not known.",
        "status-not-verified": "An NHS number was not verified.",
        "may-be-the-same": "What is known of them makes it likely, and one of them has no verified NHS number.",
        "two-numbers-since-the-answer": "Somebody said that these two are one person; since then each has an NHS "
        "number of its own.",
        UNLINKED: "One of these two, or who may be the same as one, does not want to be linked with whom they look "
        "after or who looks after them. Nobody is told of links of the other either, unless something else speaks "
        "against their being one person.",
        "cares-for-many": "This person is said to look after more people than one person well can.",
        "merged-with-other-carers": "A hospital joined these two, and other people look after the one and the other.",
        "merged-though-unlike": "A hospital joined these two, and their NHS numbers differ, or both their names and "
        "dates of birth.",
        "superseded-number-with-other-carers": "These two numbers became one, and other people look after the one and "
        "the other.",
    }
)
WEIGHED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "Names",
        "middle": "Middle names",
        "born": "Date of birth",
        "sex": "Sex",
        "home": "Home",
        "mobile": "Mobile telephone",
        "landline": "Landline",
        "email": "E-mail",
        "nhs": "NHS number",
        "contact": "A contact of both, the same by",
    }
)
"""The fields of a model, and what a contact adds."""
HALVES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {"name": ("given name", "family name"), "home": ("postcode", "address")}
)
AGREEMENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing": "not known",
        "exact": "the same",
        "variant": "another form of it",
        "close": "nearly the same",
        "near": "alike",
        "token": "partly the same",
        "initial": "an initial of it",
        "other": "different",
        "part": "partly the same",
        "swapped": "in each other's place",
        "slip": "one slip apart",
        "two-parts": "two parts the same",
        "year": "the year alone",
        "sector": "the same part of town",
        "outcode": "the same district",
    }
)
"""The levels of a model."""
RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "TOO_FEW_BITS": "Too little agrees.",
        "CLOSE_RUNNER_UP": "Somebody else is nearly as likely.",
        "NOT_SURE_ENOUGH": "Several others are likely as well.",
        "GIVEN_NAME_DISAGREES": "The given names do not agree for certain, or the middle names differ.",
        "BIRTH_DATE_DISAGREES": "The dates of birth do not agree for certain, or one is not known.",
        "NAMESAKE_AT_ADDRESS": "Somebody else of a like name lives there.",
        "TWIN": "They may be twins, or there is a second person of that birthday there.",
        "SEX_CONFLICT": "The records say another sex.",
        "NUMBER_CONFLICT": "An NHS number speaks against it.",
        "DECEASED": "One record says that the person has died.",
        "RESTRICTED": "One record is sensitive.",
        "WITHDRAWN": "One of them does not want to be linked.",
    }
)
"""What keeps the hub from deciding by itself."""
GRADES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "certain": "The match is certain",
        "probable": "The match is probable",
        "possible": "The match is possible",
        "certainly-not": "It is certainly no match",
    }
)
"""FHIR's match-grade."""
DECIDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nhs-number": "These weights decided nothing: the NHS number did.",
        "merge": "These weights decided nothing: a hospital's merge did.",
        "notice": "These weights decided nothing: a notice of the national services did.",
        "answer": "These weights decided nothing: what people answered did.",
        "other-records": "These weights decided nothing: other records of the same two did.",
    }
)
"""What settles or asks it, where the weights do not."""
OTHER_REASON: Final = "The hub is not sure."
ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Told.SAME.value: "The same person",
        Told.DIFFERENT.value: "Different people",
        Told.CANNOT_TELL.value: "Cannot tell",
        BY_ITSELF: "Settled without an answer",
    }
)
CROWD_ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Told.SAME.value: "One person looks after all of them, unpaid",
        Told.DIFFERENT.value: "Not one person, or paid to do it",
        Told.CANNOT_TELL.value: "Cannot tell",
        BY_ITSELF: "Settled without an answer",
    }
)
CROWD: Final = "cares-for-many"
QUESTION: Final = "Is this one person?"
CROWD_QUESTION: Final = "Does this one person look after all who are named, unpaid?"
ON_KNOWN_PAIRS: Final = "Answers on made-up questions"
OF_TWO: Final = "Answers on questions that two people answered"
"""What reviewers are held against, as the headings of the tables for a lead."""
HAVE_ANSWERED: Final = "You have answered this; somebody else will too"
