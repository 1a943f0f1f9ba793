"""From a checked configuration to what the roles are made of. Here, and only here, it is decided what is real."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from connectors.fhir_api.contents import SPOKEN_OF
from connectors.fhir_api.minimising import Knows
from connectors.fhir_api.settings import FhirSender
from connectors.fhir_api.settings import Organisation as FhirOrganisation
from connectors.fhir_api.structures import R4Structures
from connectors.fhir_api.told import KINDS
from connectors.fhir_api.validation import NoSchema, R4Schema
from connectors.national.settings import NationalSender
from connectors.ward_mllp.feeds import Expected
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from connectors.ward_mllp.verdict import OnReject
from deploy.code_lists import carer_codes
from deploy.configuration.area import FhirSender as FhirSection
from deploy.configuration.area import NationalSender as NationalSection
from deploy.configuration.area import Teller, WardSender
from deploy.configuration.connections import (
    database_url,
    kafka_connection,
    needs_local_database,
    needs_local_kafka,
)
from deploy.configuration.model import Configuration
from deploy.fhir_schema import LAID, fhir_schema, fhir_schema_place
from deploy.here import local_bootstrap_servers, local_database_url
from deploy.local.errors import CannotStart
from deploy.matching.lists import matcher_for
from deploy.settings import Settings
from hub.hl7v2.charset import Charset
from hub.keys import Key
from hub.matching.candidates import Matcher
from hub.matching.scoring.model import BadModel
from hub.processor import Chain
from hub.records import Confidence, EvidenceKind
from hub.runtime.connection import KafkaConnection
from hub.services import Area, Service
from processors.carer_matching.codes import is_known
from processors.carer_matching.policy import FeedCodes, MatchingPolicy, Trust
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from processors.support_referral.policy import ReferralPolicy
from processors.support_referral.processor import support_referral

CHARSETS: Final = {
    "utf-8": Charset.UTF_8,
    "windows-1252": Charset.WINDOWS_1252,
    "ascii": Charset.ASCII,
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where Kafka, the database and the FHIR schema are for this process."""

    kafka: KafkaConnection
    database_url: str
    fhir_schema: Path = LAID

    def __repr__(self) -> str:
        """Without the database's address, which holds a password."""
        return f"Places(kafka={self.kafka!r})"


def places_from(configuration: Configuration, here: Settings) -> Places:
    """Where this process finds Kafka and the database; the hub's own ones must have been started.

    Raises:
        CannotStart: The hub's own parts were never started on this machine.
        SecretUnusable: A password is not where its reference says.
    """
    kafka = local_bootstrap_servers(here) if needs_local_kafka(configuration) else ""
    database = local_database_url(here) if needs_local_database(configuration) else ""
    return Places(
        kafka_connection(configuration, here.environment, local=kafka),
        database_url(configuration, here.environment, local=database),
        fhir_schema_place(here.environment),
    )


def fhir_shapes(place: Path) -> R4Schema:
    """The published shapes of FHIR R4; those of what is read are compiled now, so that no sender waits for it.

    Raises:
        CannotStart: The schema is not there, or is none.
    """
    try:
        return R4Schema(
            fhir_schema(place), ready=("Bundle", "MessageHeader", *sorted(SPOKEN_OF), *KINDS)
        )
    except NoSchema as error:
        raise CannotStart(f"{place}: {error}") from error


def fhir_structures(configuration: Configuration, place: Path) -> R4Structures | None:
    """How XML is written as JSON; None where XML is switched off.

    Raises:
        CannotStart: The schema is not there, or is none.
    """
    if not configuration.http.fhir_xml:
        return None
    try:
        return R4Structures(fhir_schema(place))
    except NoSchema as error:
        raise CannotStart(f"{place}: {error}") from error


def chain_from(configuration: Configuration) -> Chain:
    """The processors in order, each under its policy."""
    return (
        carer_matching(matching_policy(configuration)),
        discharge_involvement(alert_policy(configuration)),
        support_referral(referral_policy(configuration)),
    )


def matching_policy(configuration: Configuration) -> MatchingPolicy:
    """Who is a carer by code, and whose word counts how much."""
    codes = carer_codes()
    return replace(
        configuration.policy.carer_matching.policy(configuration.test_numbers),
        carer_codes=codes.carer,
        not_carer_codes=codes.not_carer,
        left_out_codes=codes.left_out,
        codes_version=codes.version,
        feeds=feed_codes(configuration),
        trusts=trusts_from(configuration),
        areas=areas_from(configuration),
    )


def matcher_from(configuration: Configuration) -> Matcher:
    """By which model records without an NHS number are joined; where they are not, what only weighs questions.

    Raises:
        CannotStart: The configured model is none.
    """
    worker = configuration.worker
    try:
        return matcher_for(worker.matching_model, joins=worker.match_by_evidence)
    except BadModel as error:
        raise CannotStart(f"worker.matching_model: {error}") from error


def known_codes(configuration: Configuration) -> Knows:
    """Which statements a door keeps: those that the region would keep, by the same rule."""
    return partial(is_known, policy=matching_policy(configuration))


EVIDENCE: Final = {
    "practice": None,
    "register": EvidenceKind.REGISTER,
    "passport": EvidenceKind.PASSPORT,
}


def trusts_from(configuration: Configuration) -> tuple[Trust, ...]:
    """Senders whose word on carers is another than a practice's."""
    told = (
        Trust(each.name, EVIDENCE[each.evidence], Confidence(each.confidence))
        for each in configuration.senders
        if isinstance(each, Teller)
    )
    return tuple(each for each in told if each != Trust(each.source))


def alert_policy(configuration: Configuration) -> AlertPolicy:
    """When a carer is to be contacted, and which services they may be offered."""
    policy = configuration.policy.discharge_involvement.policy()
    return replace(policy, services=services_from(configuration))


def services_from(configuration: Configuration) -> tuple[Service, ...]:
    """Services in the order of asking, each by the name of its organisation."""
    return tuple(
        Service(
            each.ods_code,
            frozenset(each.areas),
            frozenset(each.age_bands),
            configuration.organisation(each.ods_code).name,
        )
        for each in configuration.services
    )


def areas_from(configuration: Configuration) -> tuple[Area, ...]:
    """Where carers live."""
    return tuple(Area(each.code, each.postcodes, each.practices) for each in configuration.areas)


def referral_policy(configuration: Configuration) -> ReferralPolicy:
    """Services in the order of asking, and where carers live. Ages are those of the alerts."""
    ages = configuration.policy.discharge_involvement
    return ReferralPolicy(
        services=services_from(configuration),
        areas=areas_from(configuration),
        young_carer_below=ages.young_carer_below,
        young_adult_up_to=ages.young_adult_up_to,
    )


def feed_codes(configuration: Configuration) -> tuple[FeedCodes, ...]:
    """Senders with a list of their own."""
    return tuple(
        FeedCodes(
            sender.name,
            include=tuple(sorted(sender.carer_codes.include)),
            exclude=tuple(sorted(sender.carer_codes.exclude)),
        )
        for sender in configuration.senders
        if isinstance(sender, Teller) and sender.carer_codes is not None
    )


def ward_senders(configuration: Configuration) -> tuple[KnownSender, ...]:
    """Who may send HL7 v2, and by which names."""
    return tuple(
        KnownSender(
            settings=SenderSettings(
                name=sender.name,
                region=configuration.partition_of(sender.regions[0]),
                trust_ods=sender.organisation,
                visit_number_rule=sender.visit_number,
                charset=CHARSETS[sender.charset],
                on_reject=OnReject(sender.on_reject),
                events=frozenset(sender.events),
                nk1_rule=sender.nk1_rule,
                test_numbers=configuration.test_numbers,
                disposition=sender.disposition,
                ward_component=sender.ward_component,
            ),
            applications=frozenset(sender.sending_applications),
            facilities=frozenset(sender.sending_facilities),
            certificate_name=sender.certificate_name or "",
            expected=expected_of(sender),
        )
        for sender in configuration.senders
        if isinstance(sender, WardSender)
    )


def expected_of(sender: WardSender) -> Expected | None:
    """When a ward's feed is expected to speak."""
    if sender.silent_after_minutes is None:
        return None
    return Expected(
        within=timedelta(minutes=sender.silent_after_minutes),
        opens=sender.expected_from,
        closes=sender.expected_to,
    )


def fhir_senders(configuration: Configuration) -> tuple[FhirSender, ...]:
    """Who may post FHIR, and with which tokens."""
    knows = known_codes(configuration)
    return tuple(
        FhirSender(
            name=sender.name,
            ods_code=sender.organisation,
            is_trust=configuration.organisation(sender.organisation).kind == "trust",
            regions=tuple(configuration.partition_of(region) for region in sender.regions),
            knows=knows,
            keys=tuple(Key(token.sha256, token.expires_on) for token in sender.tokens),
            test_numbers=configuration.test_numbers,
        )
        for sender in configuration.senders
        if isinstance(sender, FhirSection)
    )


def national_senders(configuration: Configuration) -> tuple[NationalSender, ...]:
    """Who may hand on what the national services say; to every region unless the configuration names some."""
    everywhere = tuple(region.name for region in configuration.regions)
    return tuple(
        NationalSender(
            name=sender.name,
            regions=tuple(map(configuration.partition_of, sender.regions or everywhere)),
            keys=tuple(Key(token.sha256, token.expires_on) for token in sender.tokens),
            unstated_death=sender.unstated_death,
            test_numbers=configuration.test_numbers,
        )
        for sender in configuration.senders
        if isinstance(sender, NationalSection)
    )


def fhir_organisations(configuration: Configuration) -> tuple[FhirOrganisation, ...]:
    """Who may read what they were told, and answer, over FHIR: by the channel `fhir`, with their own tokens."""
    return tuple(
        FhirOrganisation(
            each.ods_code, tuple(Key(token.sha256, token.expires_on) for token in each.tokens)
        )
        for each in configuration.organisations
        if "fhir" in each.channels
    )
