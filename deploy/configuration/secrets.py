"""Every secret that a configuration names, and whether it can be used."""

from collections.abc import Iterator, Mapping
from pathlib import Path as File

from deploy.configuration.checks import Finding, database_url_finding
from deploy.configuration.document import Path
from deploy.configuration.model import Configuration
from deploy.configuration.secret import (
    SecretReference,
    SecretUnusable,
    refuse_if_open_to_others,
)


def references(configuration: Configuration) -> Iterator[tuple[Path, SecretReference]]:
    """Every secret given by reference, with its place."""
    if configuration.kafka.sasl:
        yield ("kafka", "sasl", "password"), configuration.kafka.sasl.password
    if configuration.database.url:
        yield ("database", "url"), configuration.database.url


def key_files(configuration: Configuration) -> Iterator[tuple[Path, File]]:
    """Every file with a private key, with its place."""
    if configuration.kafka.tls.key:
        yield ("kafka", "tls", "key"), configuration.kafka.tls.key
    if configuration.http.tls:
        yield ("http", "tls", "key"), configuration.http.tls.key
    if configuration.mllp.tls:
        yield ("mllp", "tls", "key"), configuration.mllp.tls.key


def secret_findings(
    configuration: Configuration, environment: Mapping[str, str]
) -> Iterator[Finding]:
    """What is wrong with the secrets; no sentence holds one."""
    for path, reference in references(configuration):
        try:
            value = reference.value(environment).get_secret_value()
        except SecretUnusable as unusable:
            yield path, str(unusable)
            continue
        if path == ("database", "url"):
            insecure = configuration.database.insecure_plaintext
            wrong = database_url_finding(value, insecure_plaintext=insecure)
            if wrong:
                yield path, f"the address that this names {wrong}"
    for path, file in key_files(configuration):
        try:
            refuse_if_open_to_others(file)
        except SecretUnusable as unusable:
            yield path, str(unusable)
