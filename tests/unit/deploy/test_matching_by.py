"""By which model the hub joins: its own, one of the register here, or none."""

import json

import pytest

from deploy.composition import matcher_from
from deploy.configuration.load import DEMO, load
from deploy.local.errors import CannotStart
from deploy.matching.lists import DEFAULT_MODEL, matcher_for
from hub.matching.region import RegionView


def configured(**worker):
    configuration = load(DEMO, {}, with_secrets=False)
    wanted = {"match_by_evidence": True, **worker}
    return configuration.model_copy(
        update={"worker": configuration.worker.model_copy(update=wanted)}
    )


def test_the_hubs_own_model_unless_another_is_named_or_it_is_switched_off(tmp_path):
    assert matcher_from(configured()).digest == matcher_for().digest
    own = tmp_path / "model.json"
    own.write_text(json.dumps({**json.loads(DEFAULT_MODEL.read_text()), "version": "ours"}))
    assert matcher_from(configured(matching_model=own)).digest.startswith("ours#")


def test_switched_off_it_joins_nobody_and_weighs_by_the_same_model():
    assert RegionView(matcher=matcher_from(configured())).matcher is not None
    for off in (configured(match_by_evidence=False), load(DEMO, {}, with_secrets=False)):
        region = RegionView(matcher=matcher_from(off))
        assert region.matcher is None
        assert region.overlay().weighs.digest == matcher_for().digest


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"people": 0}, "people"), ({"tables": "other lists"}, "other lists of names")],
)
def test_a_model_that_is_none_or_was_learned_with_other_names_does_not_start(tmp_path, changes, said):  # fmt: skip
    broken = tmp_path / "model.json"
    broken.write_text(json.dumps({**json.loads(DEFAULT_MODEL.read_text()), **changes}))
    with pytest.raises(CannotStart, match=f"worker.matching_model: .*{said}"):
        matcher_from(configured(matching_model=broken))
