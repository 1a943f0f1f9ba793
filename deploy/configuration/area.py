"""Who takes part: regions, organisations, what they send, services that carers are handed to."""

from datetime import date, time
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from connectors.gp_csv.settings import RegisterSettings
from deploy.configuration.section import FilePath, Name, OdsCode, Section, Text

Kind = Literal["trust", "practice", "service", "council"]
Channel = Literal["portal", "fhir", "kafka", "webhook", "email", "charitylog", "csv"]
AgeBand = Literal["young_carer", "young_adult", "adult"]
AREA_CODE: Final = r"^[EWSN][0-9]{8}$"
POSTCODE_START: Final = r"^[A-Z]{1,2}[0-9][A-Z0-9]?( [0-9][A-Z]{0,2})?$"
STAFF: Final = r"^[A-Za-z._/-]{0,63}[0-9][A-Za-z0-9._/-]{0,63}$"
SHA256: Final = r"^[0-9a-f]{64}$"
TRIGGER_EVENT: Final = r"^A[0-9]{2}$"
SYSTEM_AND_CODE: Final = r"^[a-z]+:[!-{}~]{3,200}\|[!-{}~]{1,40}$"
CERTIFICATE_NAME: Final = r"^[!-~]([ -~]{0,253}[!-~])?$"

AreaCode = Annotated[str, StringConstraints(pattern=AREA_CODE)]
PostcodeStart = Annotated[str, StringConstraints(pattern=POSTCODE_START)]
StaffId = Annotated[str, StringConstraints(pattern=STAFF, max_length=64)]
Sha256 = Annotated[str, StringConstraints(pattern=SHA256)]
TriggerEvent = Annotated[str, StringConstraints(pattern=TRIGGER_EVENT)]
SystemAndCode = Annotated[str, StringConstraints(pattern=SYSTEM_AND_CODE)]
CertificateName = Annotated[str, StringConstraints(pattern=CERTIFICATE_NAME)]
Share = Annotated[float, Field(ge=0, le=1)]
LayoutName = Literal["hub", "emis", "systmone", "council", "charity", "passport"]
Regions = Annotated[tuple[Name, ...], Field(min_length=1)]

REGISTERS: Final = RegisterSettings(name="", ods_code="", regions=())
"""For the defaults, which are the connector's."""

WHERE: Final = (
    "Where its events go; the first refers. Exactly one for `ward_mllp`: a stay has one writer. `national` may leave "
    "it out: then to every region, because nobody knows where a person is."
)
CONNECTOR: Final = (
    "What it speaks: HL7 v2 over MLLP, FHIR R4 over HTTP or over Kafka, extracts as CSV, or notices of the "
    "national services as CloudEvents."
)


class Region(Section):
    """An integrated care area of one or two million people: one partition, one writer."""

    name: Name = Field(description="Short name, used everywhere else in this file.")
    title: Text | None = Field(default=None, description="As people write it; absent = the name.")


class Token(Section):
    """A key that was printed once; `hub token new` makes it."""

    sha256: Sha256 = Field(description="SHA-256 of the token, as 64 hexadecimal digits.")
    expires_on: date = Field(description="The last day on which it is good.")


Tokens = tuple[Token, ...]


class Reviewer(Section):
    """Somebody who answers whether two records are one person."""

    staff_id: StaffId = Field(
        description="Who they are to their organisation: with a digit, never a name. Kept with every answer."
    )
    tokens: Tokens = Field(
        default=(), description="Keys of their own, for `/review` and `/review/items`."
    )
    cleared: bool = Field(
        default=False,
        description="Whether they may see questions about people who are shielded, or who do not want to be linked.",
    )
    lead: bool = Field(
        default=False,
        description="Whether they see how often reviewers agree with known pairs and with each other.",
    )


class Organisation(Section):
    """Somebody who sends to the hub or is told by it."""

    ods_code: OdsCode = Field(description="Its ODS code, in capitals.")
    kind: Kind = Field(description="What it is; decides what it may see and send.")
    name: Text = Field(description="As people write it.")
    regions: Regions = Field(description="Where it works.")
    channels: tuple[Channel, ...] = Field(
        default=("portal",),
        description="How it is told; `fhir` lets it read and answer over FHIR, `kafka` gives it topics of its own.",
    )
    tokens: Tokens = Field(
        default=(), description="Keys to its pages, and to reading and answering over FHIR."
    )
    reviewers: tuple[Reviewer, ...] = Field(
        default=(), description="Who of it answers whether two records are one person."
    )


class _Sender(Section):
    name: Name = Field(description="The source of its events, so it never changes.")
    organisation: OdsCode = Field(description="The organisation that sends.")
    regions: Regions = Field(description=WHERE)


class WardSender(_Sender):
    """A hospital system that sends HL7 v2 ADT over MLLP."""

    connector: Literal["ward_mllp"] = Field(description=CONNECTOR)
    regions: Annotated[tuple[Name, ...], Field(min_length=1, max_length=1)] = Field(
        description=WHERE
    )
    sending_applications: tuple[Text, ...] = Field(
        default=(), description="MSH-3.1 of its messages, to the letter; empty = any."
    )
    sending_facilities: tuple[Text, ...] = Field(
        default=(), description="MSH-4.1 of its messages, to the letter; empty = any."
    )
    charset: Literal["utf-8", "windows-1252", "ascii"] = Field(
        default="utf-8", description="Character set where MSH-18 is empty."
    )
    on_reject: Literal["ar", "aa"] = Field(
        default="ar",
        description="Answer to what can never be right, once it is kept; "
        "`aa` for engines that an AR would stop.",
    )
    events: tuple[TriggerEvent, ...] = Field(
        default=(),
        description="MSH-9.2 of what it may send, such as `A01`; any other event is refused. Empty = any.",
    )
    nk1_rule: Literal["replace-by-event", "always-add"] = Field(
        default="replace-by-event",
        description="Whether NK1 in A01 A04 A05 A08 A28 A31 replaces the list of next of kin, "
        "or always adds to it.",
    )
    visit_number: Literal["visit", "admission"] = Field(
        default="visit",
        description="What names a stay: `visit` PV1-19; `admission` hospital number and PV1-44.",
    )
    disposition: Literal["unsure", "discharge-method", "itk-0112"] = Field(
        default="unsure",
        description="What PV1-36 holds: the NHS discharge method, table 0112 of the ITK, "
        "or nobody knows. Only a known one can say that a patient died.",
    )
    ward_component: Literal[1, 2] = Field(
        default=2,
        description="Component of PV1-3 that names the ward: `2` as the ITK has it (`point of care^ward^bed^site`; "
        "where it is empty, 1 is read), `1` as HL7 has it (`point of care^room^bed^facility`). "
        "With the wrong one every alert shows a room or a building in place of a ward.",
    )
    certificate_name: CertificateName | None = Field(
        default=None,
        description="Common name or alternative name (DNS or URI) in the certificate of its connections; "
        "required with `mllp.tls.client_ca`.",
    )
    silent_after_minutes: Annotated[int, Field(ge=1, le=10_080)] | None = Field(
        default=None,
        description="A warning when nothing was heard for longer; absent = it may be silent for ever.",
    )
    expected_from: time = Field(
        default=time(), description="Time of day from which `silent_after_minutes` counts."
    )
    expected_to: time = Field(
        default=time(),
        description="Until when, an earlier time being of the next day; the same = the whole day.",
    )


class FeedCarerCodes(Section):
    """What carer codes of one sender mean, where that differs from `schemas/codes/carers.yaml`."""

    include: tuple[SystemAndCode, ...] = Field(
        default=(),
        description='Codes, as `system|code`, that say "is a carer" when this sender sends them, '
        "such as `http://snomed.info/sct|229774002` of a sender that codes unpaid carers so.",
    )
    exclude: tuple[SystemAndCode, ...] = Field(
        default=(), description="Codes that say nothing when this sender sends them."
    )


class Teller(_Sender):
    """Somebody who tells of carers, and how far that is trusted."""

    evidence: Literal["practice", "register", "passport"] = Field(
        default="practice",
        description="What its word is: a practice's record, a carers' register (of a council or charity), "
        "or a carers' passport. It never changes.",
    )
    confidence: Literal["confirmed", "probable", "check"] = Field(
        default="confirmed",
        description="How sure a carer is whom nobody else tells of; `check` alone raises no alert.",
    )
    carer_codes: FeedCarerCodes | None = Field(
        default=None, description="Its own list beside that of all; absent = none."
    )


class FhirSender(Teller):
    """A system that posts FHIR R4."""

    connector: Literal["fhir_api"] = Field(description=CONNECTOR)
    tokens: Tokens = Field(default=(), description="Keys it may show; none = it may not send yet.")


class CsvSender(Teller):
    """A practice, council or charity that hands in extracts."""

    connector: Literal["gp_csv"] = Field(description=CONNECTOR)
    charset: Literal["utf-8", "windows-1252"] = Field(
        default="utf-8", description="Character set of its files."
    )
    folder: FilePath | None = Field(
        default=None,
        description="Folder that is watched for its files; absent = they are handed over by `hub send csv`.",
    )
    layout: LayoutName = Field(
        default="hub", description="What files in `folder` look like, by a layout of the hub."
    )
    layout_file: FilePath | None = Field(
        default=None, description="A layout of yours, in place of `layout`."
    )
    contents: Literal["either", "full", "delta"] = Field(
        default="either",
        description="What files in `folder` may be: whole registers, or changes, which have a column of actions.",
    )
    former_codes: tuple[OdsCode, ...] = Field(
        default=(), description="ODS codes that its files may still show for the organisation."
    )
    most_ended_share: Share = Field(
        default=REGISTERS.most_ended_share,
        description="A file that would end more than this share of its flags, and more than 5, is refused.",
    )
    most_refused_share: Share = Field(
        default=REGISTERS.most_refused_share,
        description="A file with more than this share of rows that cannot be used, and more than 5, is refused.",
    )
    settle_seconds: Annotated[int, Field(ge=1, le=3600)] = Field(
        default=10, description="A file is read when it did not change for so long."
    )
    keep_days: Annotated[int, Field(ge=1, le=366)] = Field(
        default=28, description="Files that were read are deleted after so long."
    )


class KafkaSender(Teller):
    """A practice, council or supplier that sends FHIR R4 on a Kafka topic of its own."""

    connector: Literal["kafka_in"] = Field(description=CONNECTOR)


class NationalSender(_Sender):
    """Whoever hands on what the national services say (Multicast Notification Service)."""

    connector: Literal["national"] = Field(description=CONNECTOR)
    regions: tuple[Name, ...] = Field(default=(), description=WHERE)
    tokens: Tokens = Field(default=(), description="Keys it may show; none = it may not send yet.")
    unstated_death: Literal["died", "ignore"] = Field(
        default="died",
        description="What a death notification is taken for that says neither that it was notified nor that it was "
        "taken back, as those of version 2 do unless the Patient comes along.",
    )


Sender = Annotated[
    WardSender | FhirSender | CsvSender | KafkaSender | NationalSender,
    Field(discriminator="connector"),
]


class LocalAuthority(Section):
    """A local authority: how its carers are found. Postcodes cross borders, so the longest that fits counts."""

    code: AreaCode = Field(description="ONS code, as in `services`.")
    name: Text = Field(description="As people write it.")
    postcodes: tuple[PostcodeStart, ...] = Field(
        default=(),
        description="Districts (`LE1`) or parts of them (`LE1 8`), in capitals; the longest that fits counts.",
    )
    practices: tuple[OdsCode, ...] = Field(
        default=(), description="Practices whose carers live here when no postcode is known."
    )


class Service(Section):
    """A service that supports carers, and whom it takes. The first that fits is asked."""

    ods_code: OdsCode = Field(description="Its organisation.")
    areas: Annotated[tuple[AreaCode, ...], Field(min_length=1)] = Field(
        description="ONS codes of the local authorities whose carers it takes."
    )
    age_bands: Annotated[tuple[AgeBand, ...], Field(min_length=1)] = Field(
        description="Carers it takes."
    )
