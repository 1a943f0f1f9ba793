"""The configuration's guide, the exit codes and the settings say what the code does."""

from dataclasses import fields
from pathlib import Path

import pytest

from deploy.configuration.fields import Row, rows
from deploy.configuration.guide import README, with_table
from deploy.configuration.policies import CarerMatching, DischargeInvolvement
from deploy.configuration.secret import SecretReference
from deploy.settings import Settings, settings_from
from processors.carer_matching.policy import MatchingPolicy
from processors.discharge_involvement.policy import AlertPolicy

ROOT = Path(__file__).parents[2]
NOT_FROM_THE_FILE = {"environment"}


def test_the_guide_holds_the_table_as_it_is_now():
    text = README.read_text(encoding="utf-8")
    assert text == with_table(text), "run python -m deploy.configuration.guide"


def test_every_key_is_described_in_a_sentence():
    def is_sentence(row: Row) -> bool:
        return row.description.endswith(".") and len(row.description) >= 8

    assert [f"{row.only}{row.key}" for row in rows() if not is_sentence(row)] == []


def test_no_secret_has_a_default():
    secrets = [row for row in rows() if row.values == "{env: NAME} or {file: PATH}"]
    assert secrets
    assert {row.default for row in secrets} <= {None, "absent"}
    assert all(field.default is None for field in SecretReference.model_fields.values())


@pytest.mark.parametrize(
    ("section", "policy"), [(CarerMatching, MatchingPolicy), (DischargeInvolvement, AlertPolicy)]
)
def test_sections_of_policy_have_the_names_and_defaults_of_the_processors(section, policy):
    declared = {field.name: field.default for field in fields(policy)}
    for name, field in section.model_fields.items():
        assert field.default == declared[name]


def test_every_variable_is_in_the_guide_and_is_read():
    text = README.read_text(encoding="utf-8")
    for field in fields(Settings):
        if field.name in NOT_FROM_THE_FILE:
            continue
        variable = f"HUB_{field.name.upper()}"
        assert f"`{variable}`" in text
        assert getattr(settings_from({variable: "x"}), field.name) is not None
