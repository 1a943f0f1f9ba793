"""What one sender of ADT is like, as far as reading its messages goes."""

from dataclasses import dataclass
from typing import Literal

from connectors.ward_mllp.verdict import OnReject
from hub.fhir.nhs_number import TestNumbers
from hub.hl7v2 import Charset


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderSettings:
    """One sender, from the configuration; nothing of it is ever taken from a message.

    Attributes:
        name: The source of its events; it never changes.
        region: The region that all its events go to.
        trust_ods: The trust whose stays it tells of.
        visit_number_rule: What names a stay: `visit` PV1-19, and hospital number with PV1-44 where
            that is missing; `admission` always the latter, for feeds whose PV1-19 names no stay.
        charset: How a message without MSH-18 is read.
        on_reject: How it hears that a message can never be right.
        events: The trigger events that it may send, such as `A01`; empty takes any.
        nk1_rule: Whether NK1 in the events of `CONTACTS_REPLACE` replaces what it said before of a
            patient's next of kin, or NK1 always adds.
        test_numbers: Whether NHS numbers of the test range are people.
        disposition: What PV1-36 holds: the NHS discharge method, table 0112 of the ITK (disposal of
            an emergency attendance), or nobody knows.
        ward_component: The component of PV1-3 that names the ward: 2 in the UK (point of care ^ ward ^ bed
            ^ site, ITK HL7 v2 message specifications), 1 in HL7 itself (point of care ^ room ^ bed ^ facility,
            HL7 v2.4 section 2.9.30).
    """

    name: str
    region: int
    trust_ods: str
    visit_number_rule: Literal["visit", "admission"] = "visit"
    charset: Charset = Charset.UTF_8
    on_reject: OnReject = OnReject.AR
    events: frozenset[str] = frozenset()
    nk1_rule: Literal["replace-by-event", "always-add"] = "replace-by-event"
    test_numbers: TestNumbers = "refuse"
    disposition: Literal["unsure", "discharge-method", "itk-0112"] = "unsure"
    ward_component: Literal[1, 2] = 2
