"""What is asked about two records, in plain English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.reviewing import BY_ITSELF, Told

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
        "cares-for-many": "This person is said to look after more people than one person well can.",
        "merged-with-other-carers": "A hospital joined these two, and other people look after the one and the other.",
        "merged-though-unlike": "A hospital joined these two, and their NHS numbers differ, or both their names and "
        "dates of birth.",
        "superseded-number-with-other-carers": "These two numbers became one, and other people look after the one and "
        "the other.",
    }
)
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
