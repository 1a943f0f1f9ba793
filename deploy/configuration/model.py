"""The whole of `hub.yaml`."""

from typing import Annotated, Literal

from pydantic import Field

from deploy.configuration.area import LocalAuthority, Organisation, Region, Sender, Service
from deploy.configuration.pages import Pages
from deploy.configuration.policies import Policy, TestNumbers
from deploy.configuration.reviews import Reviews
from deploy.configuration.section import Section
from deploy.configuration.servers import Database, Extracts, Http, Kafka, Mllp, Projections, Worker


class Configuration(Section):
    """Everything that differs from one hub to the next. The time zone does not: Europe/London."""

    kafka: Kafka = Field(default=Kafka(), description="The log that carries events.")
    database: Database = Field(default=Database(), description="PostgreSQL, which holds the truth.")
    http: Http = Field(default=Http(), description="The door for FHIR and pages.")
    pages: Pages = Field(default=Pages(), description="The pages for wards and services.")
    reviews: Reviews = Field(default=Reviews(), description="Questions about two records.")
    mllp: Mllp = Field(default=Mllp(), description="The door for HL7 v2 from wards.")
    worker: Worker = Field(default=Worker(), description="Health and numbers of the workers.")
    projections: Projections = Field(
        default=Projections(), description="Health and numbers of the projections."
    )
    extracts: Extracts = Field(
        default=Extracts(), description="Health and numbers of the watching of folders."
    )
    regions: Annotated[tuple[Region, ...], Field(min_length=1)] = Field(
        description="Append only: the place in this list is the partition, for ever."
    )
    organisations: Annotated[tuple[Organisation, ...], Field(min_length=1)] = Field(
        description="Who takes part."
    )
    senders: tuple[Sender, ...] = Field(default=(), description="What they send, and how.")
    services: tuple[Service, ...] = Field(
        default=(), description="Services that carers are handed to, in the order of asking."
    )
    areas: tuple[LocalAuthority, ...] = Field(
        default=(), description="Local authorities, by which a carer's service is found."
    )
    policy: Policy = Field(default=Policy(), description="Local policy.")
    test_numbers: TestNumbers = Field(
        default="refuse",
        description="NHS numbers of the 999 test range and messages marked as a test (MSH-11 `T` or `D`): "
        "`accept` in demonstrations only.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much is logged. No level logs personal data."
    )

    @property
    def has_folders(self) -> bool:
        """Whether any sender's folder is watched: a process that has nothing to watch is not started."""
        return any(getattr(sender, "folder", None) is not None for sender in self.senders)

    def partition_of(self, region: str) -> int:
        """The partition of a region.

        Raises:
            LookupError: There is no such region.
        """
        for partition, each in enumerate(self.regions):
            if each.name == region:
                return partition
        raise LookupError(f"no region {region}")

    def organisation(self, ods_code: str) -> Organisation:
        """The organisation with this ODS code.

        Raises:
            LookupError: There is no such organisation.
        """
        for each in self.organisations:
            if each.ods_code == ods_code:
                return each
        raise LookupError(f"no organisation {ods_code}")
