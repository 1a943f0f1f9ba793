"""How a Kafka client reaches the brokers: one value, in the words of either client library."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


@dataclass(frozen=True, slots=True)
class KafkaConnection:
    """Where the brokers are, and how the hub proves who it is.

    Attributes:
        bootstrap_servers: `host:port`, several with commas between.
        security_protocol: As Kafka names it.
        sasl_mechanism: As Kafka names it; counts with `SASL_...` only.
        sasl_user: The hub's user name.
        sasl_password: Its password; never shown.
        tls_ca: PEM file of the authority that signed the brokers; None = the system's.
        tls_cert: PEM file of the hub's own certificate.
        tls_key: PEM file of its key.
    """

    bootstrap_servers: str
    security_protocol: SecurityProtocol = "PLAINTEXT"
    sasl_mechanism: Mechanism = "SCRAM-SHA-512"
    sasl_user: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None

    def aiokafka_options(self) -> dict[str, Any]:
        """What every aiokafka client takes.

        Raises:
            OSError: A certificate or key cannot be read, or is none.
        """
        return self._options()

    def kafka_python_options(self) -> dict[str, Any]:
        """What every kafka-python client takes.

        Raises:
            OSError: A certificate or key cannot be read, or is none.
        """
        return self._options()

    def _options(self) -> dict[str, Any]:
        """The two libraries agree on these names."""
        options: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers,
            "security_protocol": self.security_protocol,
        }
        if self.security_protocol in ("SSL", "SASL_SSL"):
            options["ssl_context"] = self._ssl_context()
        if self.security_protocol in ("SASL_PLAINTEXT", "SASL_SSL"):
            options["sasl_mechanism"] = self.sasl_mechanism
            options["sasl_plain_username"] = self.sasl_user
            options["sasl_plain_password"] = self.sasl_password
        return options

    def _ssl_context(self) -> ssl.SSLContext:
        """TLS 1.2 or later; the brokers' certificate and name are always checked."""
        context = ssl.create_default_context(cafile=self.tls_ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.tls_cert is not None:
            context.load_cert_chain(self.tls_cert, self.tls_key)
        return context
