"""Every URI that is spoken or understood: identifier systems, code systems, extensions.

Current UK Core first, its older and retired twins beside it, because official examples still use
them (see README). The hub's own are `urn:carers-hub:` names: they promise no page on the web.
"""

from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

# Identifiers

NHS_NUMBER: Final = "https://fhir.nhs.uk/Id/nhs-number"
ODS_ORGANISATION: Final = "https://fhir.nhs.uk/Id/ods-organization-code"
ODS_SITE: Final = "https://fhir.nhs.uk/Id/ods-site-code"
GMC_NUMBER: Final = "https://fhir.hl7.org.uk/Id/gmc-number"
GMP_NUMBER: Final = "https://fhir.hl7.org.uk/Id/gmp-number"

# Code systems of HL7

IDENTIFIER_TYPE: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"
TRIGGER_EVENT: Final = "http://terminology.hl7.org/CodeSystem/v2-0003"
PATIENT_CLASS: Final = "http://terminology.hl7.org/CodeSystem/v2-0004"
V2_RELATIONSHIP: Final = "http://terminology.hl7.org/CodeSystem/v2-0063"
V2_CONTACT_ROLE: Final = "http://terminology.hl7.org/CodeSystem/v2-0131"
ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ROLE_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
PHYSICAL_TYPE: Final = "http://terminology.hl7.org/CodeSystem/location-physical-type"
LANGUAGE: Final = "urn:ietf:bcp:47"
SNOMED_CT: Final = "http://snomed.info/sct"

# Code systems of the United Kingdom

_UK: Final = "https://fhir.hl7.org.uk/CodeSystem/"
_RETIRED: Final = "https://fhir.hl7.org.uk/CodeSystem/NHSDataModelAndDictionary-"
_OLDER: Final = "https://fhir.nhs.uk/CodeSystem/"
_OLDER_R4: Final = "https://fhir.nhs.uk/R4/CodeSystem/"
_STU3: Final = "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-"

ADMISSION_METHOD: Final = _UK + "UKCore-AdmissionMethodEngland"
ADMISSION_SOURCE: Final = _UK + "UKCore-SourceOfAdmissionEngland"
DISCHARGE_DESTINATION: Final = _UK + "UKCore-DischargeDestinationEngland"
DISCHARGE_METHOD: Final = _UK + "UKCore-DischargeMethodEngland"
VERIFICATION_STATUS: Final = _UK + "UKCore-NHSNumberVerificationStatusEngland"
RELATIONSHIP_ROLE: Final = _UK + "UKCore-AdditionalPersonRelationshipRole"
HUMAN_LANGUAGE: Final = _UK + "UKCore-HumanLanguage"
WRITTEN_FORMAT: Final = _UK + "UKCore-PreferredWrittenCommunicationFormat"
CONTACT_METHOD: Final = _UK + "UKCore-PreferredContactMethod"

DISCHARGE_DESTINATIONS: Final = frozenset(
    {
        DISCHARGE_DESTINATION,
        _UK + "UKCore-DischargeDestination",
        _RETIRED + "DischargeDestination",
        _OLDER + "UKCore-DischargeDestination",
        _OLDER_R4 + "UKCore-DischargeDestination",
        _STU3 + "DischargeDestination-1",
    }
)
DISCHARGE_METHODS: Final = frozenset(
    {
        DISCHARGE_METHOD,
        _UK + "UKCore-DischargeMethod",
        _RETIRED + "DischargeMethod",
        _OLDER + "UKCore-DischargeMethod",
        _OLDER_R4 + "UKCore-DischargeMethod",
        _STU3 + "DischargeMethod-1",
    }
)
ADMISSION_METHODS: Final = frozenset(
    {
        ADMISSION_METHOD,
        _UK + "UKCore-AdmissionMethod",
        _RETIRED + "AdmissionMethod",
        _OLDER + "UKCore-AdmissionMethod",
        _OLDER_R4 + "UKCore-AdmissionMethod",
        _STU3 + "AdmissionMethod-1",
    }
)
VERIFICATION_STATUSES: Final = frozenset(
    {
        VERIFICATION_STATUS,
        _UK + "UKCore-NHSNumberVerificationStatus",
        _OLDER + "UKCore-NHSNumberVerificationStatus",
        _OLDER_R4 + "UKCore-NHSNumberVerificationStatus",
        _STU3 + "NHSNumberVerificationStatus-1",
    }
)
RELATIONSHIP_ROLES: Final = frozenset(
    {
        RELATIONSHIP_ROLE,
        _UK + "UKCore-AdditionalRelatedPersonRole",
        _OLDER_R4 + "UKCore-AdditionalPersonRelationshipRole",
        _OLDER_R4 + "UKCore-AdditionalRelatedPersonRole",
    }
)
RELATIONSHIP_NUMBER: Final = _STU3 + "PersonRelationshipType-1"
RELATIONSHIP_NUMBERS: Final = frozenset(
    {
        RELATIONSHIP_NUMBER,
        "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-PersonRelationshipType-1",
        "https://fhir.nhs.uk/CareConnect-PersonRelationshipType-1",
    }
)
"""The UK list of numbers before UK Core: 20 is carer."""

# Extensions

_UK_EXTENSION: Final = "https://fhir.hl7.org.uk/StructureDefinition/Extension-"
_OLDER_EXTENSION: Final = "https://fhir.nhs.uk/StructureDefinition/Extension-"
_OLDER_R4_EXTENSION: Final = "https://fhir.nhs.uk/R4/StructureDefinition/Extension-"
_STU3_EXTENSION: Final = "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-"

DATA_ABSENT_REASON: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
PLANNED_END: Final = (
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate"
)
INTERPRETER_REQUIRED: Final = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"

DISCHARGE_METHOD_EXTENSION: Final = _UK_EXTENSION + "UKCore-DischargeMethod"
ADMISSION_METHOD_EXTENSION: Final = _UK_EXTENSION + "UKCore-AdmissionMethod"
VERIFICATION_STATUS_EXTENSION: Final = _UK_EXTENSION + "UKCore-NHSNumberVerificationStatus"

DISCHARGE_METHOD_EXTENSIONS: Final = frozenset(
    {
        DISCHARGE_METHOD_EXTENSION,
        _OLDER_EXTENSION + "UKCore-DischargeMethod",
        _OLDER_R4_EXTENSION + "UKCore-DischargeMethod",
        _STU3_EXTENSION + "DischargeMethod-1",
    }
)
ADMISSION_METHOD_EXTENSIONS: Final = frozenset(
    {
        ADMISSION_METHOD_EXTENSION,
        _OLDER_EXTENSION + "UKCore-AdmissionMethod",
        _OLDER_R4_EXTENSION + "UKCore-AdmissionMethod",
        _STU3_EXTENSION + "AdmissionMethod-1",
    }
)
VERIFICATION_STATUS_EXTENSIONS: Final = frozenset(
    {
        VERIFICATION_STATUS_EXTENSION,
        _OLDER_EXTENSION + "UKCore-NHSNumberVerificationStatus",
        _OLDER_R4_EXTENSION + "UKCore-NHSNumberVerificationStatus",
        _STU3_EXTENSION + "NHSNumberVerificationStatus-1",
    }
)
COMMUNICATION_EXTENSIONS: Final = frozenset(
    {
        _UK_EXTENSION + "UKCore-NHSCommunication",
        _OLDER_R4_EXTENSION + "UKCore-NHSCommunication",
        _STU3_EXTENSION + "NHSCommunication-1",
    }
)
DEATH_STATUS_EXTENSIONS: Final = frozenset(
    {
        _UK_EXTENSION + "UKCore-DeathNotificationStatus",
        _OLDER_R4_EXTENSION + "UKCore-DeathNotificationStatus",
        _STU3_EXTENSION + "DeathNotificationStatus-1",
    }
)
CONTACT_PREFERENCE: Final = _UK_EXTENSION + "UKCore-ContactPreference"
CONTACT_PREFERENCE_EXTENSIONS: Final = frozenset(
    {
        CONTACT_PREFERENCE,
        _OLDER_R4_EXTENSION + "UKCore-ContactPreference",
    }
)

# The hub's own

DISCHARGE_READY: Final = "urn:carers-hub:extension:discharge-ready-date"
REPLACES_VISIT: Final = "urn:carers-hub:extension:replaces-visit"
CONTACTS: Final = "urn:carers-hub:extension:contacts"
CONTACT_NOTE: Final = "urn:carers-hub:extension:contact-note"
NO_LONGER_LISTED: Final = "urn:carers-hub:extension:no-longer-listed"
"""On a Flag: its source ceased to list it, and did not say that anybody ceased to care."""
NO_LONGER_LISTED_EXTENSIONS: Final = frozenset({NO_LONGER_LISTED})
CONSENT_CODE: Final = "urn:carers-hub:code:consent"
ITK_RELATIONSHIP: Final = "urn:carers-hub:codesystem:itk-0063"
ITK_DISPOSITION: Final = "urn:carers-hub:codesystem:itk-0112"
DISPOSITION_AS_SENT: Final = "urn:carers-hub:codesystem:pv1-36"

_AUTHORITY: Final = "urn:carers-hub:authority:"
_UNQUOTED: Final = "-._~:&"
"""Beside letters and digits, what stands unchanged in an authority; the rest is percent-encoded."""


@lru_cache(maxsize=1024)
def patient_authority(trust_ods: str, authority: str) -> str:
    """The identifier system of the numbers that `authority` (PID-3.4, or empty) gives."""
    return f"{_AUTHORITY}{trust_ods}:{quote(authority, safe=_UNQUOTED)}"


@lru_cache(maxsize=1024)
def visit_authority(trust_ods: str, authority: str) -> str:
    """The identifier system of visit numbers that `authority` (PV1-19.4, or empty) gives."""
    return f"{_AUTHORITY}{trust_ods}:visit:{quote(authority, safe=_UNQUOTED)}"


def place_authority(trust_ods: str, kind: str) -> str:
    """The identifier system of a trust's own names of places; `kind` is `ward` or `bed`."""
    return f"{_AUTHORITY}{trust_ods}:{kind}"


def authority_in(system: str) -> str:
    """The authority as sent, from `patient_authority`; any other system is its own authority."""
    return _after_trust(system, "")


def visit_authority_in(system: str) -> str:
    """The authority as sent, from `visit_authority`; any other system is its own authority."""
    return _after_trust(system, "visit:")


def control_ids(sender: str) -> str:
    """The identifier system of a sender's message control ids (MSH-10)."""
    return f"urn:carers-hub:control-id:{sender}"


def sender_endpoint(sender: str) -> str:
    """The endpoint that stands for a sender of the configuration."""
    return f"urn:carers-hub:sender:{sender}"


@lru_cache(maxsize=1024)
def canonical(system: str) -> str:
    """The URI as its owner writes it: `http` for SNOMED CT and HL7, `https` for the UK's."""
    if system.startswith("https://"):
        return "http://" + system[8:] if system.startswith(_WITH_HTTP, 8) else system
    if system.startswith("http://"):
        return "https://" + system[7:] if system.startswith(_WITH_HTTPS, 7) else system
    return system


_WITH_HTTP: Final = (
    "snomed.info/",
    "terminology.hl7.org/",
    "hl7.org/fhir/",
    "loinc.org",
    "unitsofmeasure.org",
)
_WITH_HTTPS: Final = ("fhir.hl7.org.uk/", "fhir.nhs.uk/")


def _after_trust(system: str, kind: str) -> str:
    if not system.startswith(_AUTHORITY):
        return system
    _, _, rest = system[len(_AUTHORITY) :].partition(":")
    return unquote(rest.removeprefix(kind))
