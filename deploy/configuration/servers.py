"""Where the hub connects to and where it listens."""

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from connectors.gp_csv.settings import MOST_TAKEN_AT_ONCE
from deploy.configuration.secret import SecretReference
from deploy.configuration.section import FilePath, Section, Text

SERVER: Final = r"^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):[1-9][0-9]{0,4}$"
INSECURE: Final = (
    "Go without TLS beyond this machine. Say it only where something else protects the way."
)

Server = Annotated[str, StringConstraints(pattern=SERVER)]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]{1,253}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
SecurityProtocol = Literal["SSL", "SASL_SSL", "PLAINTEXT", "SASL_PLAINTEXT"]
Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]


class Sasl(Section):
    """Who the hub is to Kafka."""

    mechanism: Mechanism = Field(default="SCRAM-SHA-512", description="How it proves it.")
    user: Text = Field(description="The hub's user name.")
    password: SecretReference = Field(description="Reference to its password.")


class KafkaTls(Section):
    """Certificates for the connection to Kafka."""

    ca: FilePath | None = Field(
        default=None,
        description="PEM file of the authority that signed the brokers; absent = the system's.",
    )
    cert: FilePath | None = Field(
        default=None, description="PEM file of the hub's own certificate, if brokers ask for one."
    )
    key: FilePath | None = Field(
        default=None, description="PEM file of its key, readable by nobody else."
    )

    @model_validator(mode="after")
    def _both(self) -> "KafkaTls":
        if (self.cert is None) != (self.key is None):
            raise ValueError("`cert` and `key` go together")
        return self


class Kafka(Section):
    """The log that carries events."""

    bootstrap_servers: tuple[Server, ...] | None = Field(
        default=None,
        min_length=1,
        description="`host:port` of one or more brokers; absent = the hub starts its own here.",
    )
    security_protocol: SecurityProtocol = Field(
        default="SSL", description="How to connect to `bootstrap_servers`."
    )
    sasl: Sasl | None = Field(
        default=None, description="Who the hub is; needed with SASL_SSL and SASL_PLAINTEXT."
    )
    tls: KafkaTls = Field(default=KafkaTls(), description="Certificates for SSL and SASL_SSL.")
    replication_factor: Annotated[int, Field(ge=1, le=7)] | None = Field(
        default=None,
        description="Copies of each topic; absent = 1 on the hub's own broker, else 3. "
        "Never more than there are brokers.",
    )
    unknown_referral_seconds: Annotated[int, Field(ge=1, le=3600)] = Field(
        default=60,
        description="How long an answer of a service over Kafka waits while its referral is not known here; "
        "then it is a dead letter.",
    )
    insecure_plaintext: bool = Field(default=False, description=INSECURE)

    @model_validator(mode="after")
    def _identified(self) -> "Kafka":
        if self.bootstrap_servers and self.security_protocol.startswith("SASL") and not self.sasl:
            raise ValueError(f"{self.security_protocol} needs the section `sasl`")
        return self


class Database(Section):
    """PostgreSQL, which holds the truth."""

    url: SecretReference | None = Field(
        default=None,
        description="Reference to `postgresql://user:password@host:port/name?sslmode=verify-full`; "
        "absent = the hub starts its own on this machine.",
    )
    insecure_plaintext: bool = Field(default=False, description=INSECURE)


class ServerTls(Section):
    """What the hub shows to those who connect."""

    cert: FilePath = Field(
        description="PEM file of the certificate, followed by those between it and the root."
    )
    key: FilePath = Field(description="PEM file of its key, readable by nobody else.")
    client_ca: FilePath | None = Field(
        default=None,
        description="PEM file of the authority whose certificates clients must show; "
        "absent = none is asked for.",
    )


class Listener(Section):
    """Where the hub listens."""

    host: Host = Field(
        default="127.0.0.1",
        description="Address to listen on; anything but this machine's own needs `tls`.",
    )
    port: Port
    tls: ServerTls | None = Field(default=None, description="Certificate and key; absent = none.")
    insecure_plaintext: bool = Field(default=False, description=INSECURE)


class Http(Listener):
    """The door for FHIR and pages."""

    port: Port = Field(default=8480, description="TCP port.")
    fhir_xml: bool = Field(
        default=False,
        description="Take FHIR as XML as well as JSON. No document type declaration is ever read.",
    )


class Worker(Listener):
    """Where a worker shows its health and its numbers."""

    port: Port = Field(
        default=8481, description="TCP port; further workers of `hub up` take the next ones."
    )
    follow: bool = Field(
        default=True,
        description="Whether it keeps the regions of other workers ready in memory; else a takeover loads them first.",
    )
    match_by_evidence: bool = Field(
        default=False,
        description="Whether a record without a verified NHS number may join a person, or be asked about, by name, "
        "date of birth, home and telephone. The same for every worker. Off by default, because it is slow where many "
        "share names: try it on your register first.",
    )
    matching_model: FilePath | None = Field(
        default=None,
        description="Model of your own register, as `hub match train` writes it; absent = the one that comes with the "
        "hub. The same for every worker. It weighs questions also where nobody is joined by it.",
    )


class Projections(Listener):
    """Where the projections show their health and their numbers."""

    port: Port = Field(default=8491, description="TCP port.")


class Extracts(Listener):
    """Where the watching of folders shows its health and its numbers."""

    port: Port = Field(default=8492, description="TCP port.")
    at_once: Annotated[int, Field(ge=1, le=32)] = Field(
        default=MOST_TAKEN_AT_ONCE,
        description="Registers that are taken at the same time, each with up to two connections to the database; "
        "the folders of other senders wait their turn.",
    )


class Mllp(Listener):
    """The door for HL7 v2 from wards."""

    port: Port = Field(default=2575, description="TCP port; 2575 is the registered one.")
