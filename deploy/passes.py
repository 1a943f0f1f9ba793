"""From a configuration to what goes over topics of organisations: who is told, and who is heard, over Kafka."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from connectors.fhir_api.mapping.heard import heard_from
from connectors.fhir_api.mapping.post import Post
from connectors.fhir_api.settings import FhirSender
from connectors.kafka_in.inbound import answers_pass, flags_pass
from connectors.kafka_in.mapping import Keyed, Read
from connectors.kafka_in.settings import Answering, Flagging
from connectors.kafka_out.outbound import pass_for
from connectors.kafka_out.settings import KafkaReceiver
from deploy.composition import known_codes
from deploy.configuration.area import KafkaSender, Organisation
from deploy.configuration.model import Configuration
from hub.disclosure import HELPERS, ReceiverKind
from hub.fhir.conformance import Shapes
from hub.passing import Pass
from hub.ports.ledger import Ledger
from hub.records import CarerFlagEvent

ShapesWhenNeeded = Callable[[], Shapes]
"""The published shapes of FHIR R4 take memory, so they are asked for only when somebody sends bodies over Kafka."""


def passes_from(
    configuration: Configuration, ledger: Ledger, shapes: ShapesWhenNeeded
) -> tuple[Pass, ...]:
    """A pass for each organisation and direction; none when nobody has the channel."""
    return (
        *told_over_kafka(configuration),
        *answered_over_kafka(configuration, ledger),
        *flagged_over_kafka(configuration, shapes),
    )


def pass_names(configuration: Configuration) -> frozenset[str]:
    """Every pass by its name, which is the source of its dead letters."""
    helpers = [each for each, kind in with_topics(configuration) if kind in HELPERS]
    return frozenset(
        {
            *(each.name for each in told_over_kafka(configuration)),
            *(Answering(each.ods_code, 0).name for each in helpers),
            *(each.name for each in configuration.senders if isinstance(each, KafkaSender)),
        }
    )


def with_topics(configuration: Configuration) -> Iterator[tuple[Organisation, ReceiverKind]]:
    """Organisations with topics of their own."""
    for each in configuration.organisations:
        if "kafka" in each.channels:
            yield each, ReceiverKind(each.kind)


def told_over_kafka(configuration: Configuration) -> Iterator[Pass]:
    """Trusts of their alerts, services of their referrals."""
    for each, kind in with_topics(configuration):
        if kind is ReceiverKind.TRUST or kind in HELPERS:
            yield pass_for(KafkaReceiver(each.ods_code, kind), len(configuration.regions))


def answered_over_kafka(configuration: Configuration, ledger: Ledger) -> Iterator[Pass]:
    """Answers of services to their referrals."""
    for each, kind in with_topics(configuration):
        if kind in HELPERS:
            service = Answering(
                each.ods_code,
                configuration.partition_of(each.regions[0]),
                configuration.kafka.unknown_referral_seconds,
            )
            yield answers_pass(service, ledger)


def flagged_over_kafka(configuration: Configuration, shapes: ShapesWhenNeeded) -> Iterator[Pass]:
    """Carer flags of senders."""
    senders = [each for each in configuration.senders if isinstance(each, KafkaSender)]
    published = shapes() if senders else None
    knows = known_codes(configuration)
    for each in senders:
        regions = tuple(configuration.partition_of(region) for region in each.regions)
        reader = FhirSender(
            name=each.name,
            ods_code=each.organisation,
            is_trust=False,
            regions=regions,
            knows=knows,
            test_numbers=configuration.test_numbers,
        )
        yield flags_pass(
            Flagging(each.name, each.organisation, regions), read_as_at_the_door(reader, published)
        )


def read_as_at_the_door(sender: FhirSender, shapes: Shapes | None) -> Read:
    """Bodies mean over Kafka what they mean at the FHIR door."""

    def read(body: bytes, received_at: datetime) -> Sequence[Keyed]:
        taken = heard_from(body, Post(sender=sender, received_at=received_at, shapes=shapes))
        return [
            *(
                (each.key, each.event)
                for each in taken.events
                if isinstance(each.event, CarerFlagEvent)  # only a trust may speak of stays
            ),
            *((each.key, each.event) for each in taken.decisions),
        ]

    return read
