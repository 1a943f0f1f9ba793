"""What a door refused of a sender of two regions, redriven by the operator's own command on the real parts."""

import asyncio
import json
from datetime import timedelta

import orjson
import pytest

from deploy.commands.dead_letters import redrive
from deploy.composition import places_from
from deploy.configuration.load import load
from deploy.exit_codes import Stopped
from deploy.roles.worker import reread_by
from deploy.settings import settings_from
from hub import codec
from hub.ports.door import Refused
from hub.records import AlertStatus, InvolvementAlert
from hub.store.door import PostgresDoor
from hub.store.letters import content, letter
from tests.integration.behaviour.hubs import hear
from tests.integration.behaviour.real_hub import Observer
from tests.integration.behaviour.scenes import ADMISSION, FLAG
from tests.unit.national.notices import event

pytestmark = pytest.mark.real

DIED = orjson.dumps(event("pds-death-notification-2", time="2099-11-23T09:10:00Z"))


def configuration(place, regions, folder):
    """Two regions that one sender of national notices speaks to, and those before them."""
    names = [f"case-{number}" for number in range(max(regions) + 1)]
    said = {
        "test_numbers": "accept",
        "kafka": {
            "bootstrap_servers": [place.kafka.bootstrap_servers],
            "security_protocol": "PLAINTEXT",
        },
        "database": {"url": {"env": "DB"}},
        "regions": [{"name": name} for name in names],
        "organisations": [{"ods_code": "RWE", "kind": "trust", "name": "A", "regions": names}],
        "senders": [
            {
                "name": "mns",
                "connector": "national",
                "organisation": "RWE",
                "regions": [names[each] for each in regions],
            }
        ],
    }
    file = folder / "hub.yaml"
    file.write_text(json.dumps(said))
    return file


async def test_a_notice_is_redriven_in_its_region_and_told_to_the_other_and_settled(
    a_real_hub, place, unused_regions, tmp_path, monkeypatch
):
    monkeypatch.setenv("DB", place.database_url)
    async with a_real_hub() as hub:
        other = next(unused_regions)
        file = configuration(place, (hub.region, other), tmp_path)
        environment = {"DB": place.database_url}
        chosen = load(file, environment)
        await hub.kill()
        reread = reread_by(chosen, places_from(chosen, settings_from(environment)))
        await hub.own(await hub.claim(), reread=reread)
        await hear(hub, FLAG)
        await hear(hub, ADMISSION)
        refused = Refused("mns", hub.region, "ZeroDivisionError", "", "A fault.", True, DIED)
        PostgresDoor(place.store.engine).keep_refused(refused)
        await asyncio.to_thread(redrive, refused.dead_letter_id, config=file)
        await hub.quiet()
        assert not await hub.letters()
        alerts = await hub.said(InvolvementAlert)
        assert alerts[-1].status is AlertStatus.CANCELLED
        observer = await Observer.of(place.kafka, other)
        await observer.look()
        (told,) = [codec.decode(each.value) for each in observer.of_topic("person.notice.v1")]
        assert (told.region, told.nhs_number) == (other, "9990000018")
        await observer.consumer.stop()


async def test_a_letter_of_nobody_that_is_refused_again_stays_one_letter_and_can_be_settled(
    a_real_hub, place, unused_regions, tmp_path, monkeypatch
):
    """Redriven before the configuration knows its sender; it can be tried again, there or elsewhere."""
    monkeypatch.setenv("DB", place.database_url)
    async with a_real_hub() as hub:
        file = configuration(place, (hub.region, next(unused_regions)), tmp_path)
        environment = {"DB": place.database_url}
        chosen = load(file, environment)
        await hub.kill()
        reread = reread_by(chosen, places_from(chosen, settings_from(environment)))
        await hub.own(await hub.claim(), reread=reread)
        refused = Refused("nobody", -1, "unknown-sender", "MSH-3", "Not known.", False, b"MSH|")
        PostgresDoor(place.store.engine).keep_refused(refused)
        name = f"case-{hub.region}"
        with pytest.raises(Stopped, match="Refused again"):
            await asyncio.to_thread(redrive, refused.dead_letter_id, region=name, config=file)
        found = letter(place.store.engine, refused.dead_letter_id)
        assert (found.region, found.times, found.settled_at) == (-1, 2, None)
        assert content(place.store.engine, refused.dead_letter_id) == b"MSH|"
        hub.now += timedelta(minutes=1)
        with pytest.raises(Stopped, match="Refused again"):
            await asyncio.to_thread(redrive, refused.dead_letter_id, region=name, config=file)
        assert letter(place.store.engine, refused.dead_letter_id).times == 3
