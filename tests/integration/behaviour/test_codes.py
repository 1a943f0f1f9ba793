"""Changed code lists on real Kafka and PostgreSQL, by the operator's own command."""

import asyncio
import json
from dataclasses import replace

import pytest

from deploy.commands.codes import apply
from hub.records import AlertStatus, InvolvementAlert, StayPicture
from hub.testing.senders import at
from tests.flow.test_carer_codes import IS, flag, linked
from tests.integration.behaviour.hubs import hear
from tests.integration.behaviour.scenes import ADMISSION, CHAIN

pytestmark = pytest.mark.real

CODE = f"http://snomed.info/sct|{IS}"


def without_the_code():
    """The chain under lists that know the code and no longer call it a carer's."""
    matching, *others = CHAIN
    policy = replace(
        matching.policy,
        carer_codes=matching.policy.carer_codes - {CODE},
        left_out_codes=matching.policy.left_out_codes | {CODE},
        codes_version="another",
    )
    return (replace(matching, policy=policy), *others)


def configuration(place, region, folder):
    """A configuration in which this is the last region; those before it are used up."""
    names = [f"case-{number}" for number in range(region + 1)]
    said = {
        "kafka": {
            "bootstrap_servers": [place.kafka.bootstrap_servers],
            "security_protocol": "PLAINTEXT",
        },
        "database": {"url": {"env": "DB"}},
        "regions": [{"name": name} for name in names],
        "organisations": [
            {"ods_code": "RWE", "kind": "trust", "name": "A trust", "regions": names[-1:]}
        ],
    }
    file = folder / "hub.yaml"
    file.write_text(json.dumps(said))
    return file


async def test_codes_apply_decides_anew_by_the_lists_of_the_worker_and_takes_it_back(
    a_real_hub, place, tmp_path, monkeypatch
):
    monkeypatch.setenv("DB", place.database_url)
    async with a_real_hub() as hub:
        config = configuration(place, hub.region, tmp_path)

        async def applied(chain, moment):
            """A worker starts under other lists, which changes nothing yet; then the operator asks."""
            before = len(await hub.said(StayPicture))
            await hub.kill()
            hub.chain, hub.now = chain, at(moment)
            await hub.start()
            await hub.quiet()
            assert len(await hub.said(StayPicture)) == before
            await asyncio.to_thread(apply, config)
            await hub.quiet()
            pictures, alerts = await hub.said(StayPicture), await hub.said(InvolvementAlert)
            return len(pictures[-1].carers), alerts[-1].status

        await hear(hub, linked("2099-11-23 08:00", flag(IS)))
        await hear(hub, ADMISSION)
        assert len((await hub.said(StayPicture))[-1].carers) == 1
        fewer = without_the_code()
        gone = (0, AlertStatus.CANCELLED)
        assert await applied(fewer, "2099-11-23 09:40") == gone
        assert await applied(fewer, "2099-11-23 09:45") == gone
        assert await applied(CHAIN, "2099-11-23 09:50") == (1, AlertStatus.REQUESTED)
        assert not await hub.letters()
