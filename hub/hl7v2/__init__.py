"""HL7 v2: bytes to a message read by place, and bytes to an answer. Pure; see the README."""

from hub.hl7v2.acknowledgement import AcknowledgementCode, Problem, acknowledgement
from hub.hl7v2.acknowledgement_mode import answer, answer_code
from hub.hl7v2.batch import messages_from
from hub.hl7v2.charset import Charset
from hub.hl7v2.escape import escaped, unescaped
from hub.hl7v2.field import Component, Field, Repetition, Subcomponent
from hub.hl7v2.header import header_from, header_or_what_is_left
from hub.hl7v2.limits import DEFAULT_LIMITS, Limits
from hub.hl7v2.message import Message
from hub.hl7v2.place import Place, place_from
from hub.hl7v2.read import message_from
from hub.hl7v2.segment import Header, Segment
from hub.hl7v2.table_0357 import Condition
from hub.hl7v2.timestamp import (
    CalendarDay,
    Precision,
    Timestamp,
    calendar_day_at,
    calendar_day_from,
    timestamp_at,
    timestamp_from,
)
from hub.hl7v2.value import NULL, Null, Value

__all__ = [
    "DEFAULT_LIMITS",
    "NULL",
    "AcknowledgementCode",
    "CalendarDay",
    "Charset",
    "Component",
    "Condition",
    "Field",
    "Header",
    "Limits",
    "Message",
    "Null",
    "Place",
    "Precision",
    "Problem",
    "Repetition",
    "Segment",
    "Subcomponent",
    "Timestamp",
    "Value",
    "acknowledgement",
    "answer",
    "answer_code",
    "calendar_day_at",
    "calendar_day_from",
    "escaped",
    "header_from",
    "header_or_what_is_left",
    "message_from",
    "messages_from",
    "place_from",
    "timestamp_at",
    "timestamp_from",
    "unescaped",
]
