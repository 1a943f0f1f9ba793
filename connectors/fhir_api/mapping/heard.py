"""A body, read once and cut down to what somebody reads, into all that it says."""

from collections.abc import Iterator, Sequence

import orjson

from connectors.fhir_api.agreements import Agreement, agreements_in, no_agreement
from connectors.fhir_api.contents import FLAGS, entries_of, refuse_other_shapes
from connectors.fhir_api.mapping.decisions import decisions_of
from connectors.fhir_api.mapping.flag_events import flag_event, flags_beside_a_stay
from connectors.fhir_api.mapping.frame import frame_from
from connectors.fhir_api.mapping.post import Post
from connectors.fhir_api.mapping.reading import Reading
from connectors.fhir_api.mapping.stay_events import stay_events
from connectors.fhir_api.mapping.taken import Keyed, Taken
from connectors.fhir_api.minimising import is_whole, minimal, refuse_no_carer_code
from connectors.fhir_api.xml_body import json_from_xml
from hub.errors import InvalidResource
from hub.fhir.body import strict_json_from


def heard_from(sent: bytes, post: Post) -> Taken:
    """Read a body: JSON in UTF-8 as it was sent, or XML, which then goes on as the JSON that says the same.

    What nobody here reads is taken out before anything is made of it; the ids of events follow from what was sent.

    Raises:
        Undecodable: It is no JSON or XML that is read here.
        OlderVersion: It is FHIR before R4.
        InvalidResource: A resource breaks a rule; the place is a FHIRPath.
        NotSupported: There is nothing in it that means anything here.
        NoCarerCode: The same, because the lists of carer codes know none of its codes.
        NotPermitted: The sender may not speak of stays.
    """
    body = sent if post.xml is None else json_from_xml(sent, post.xml)
    resource = strict_json_from(body)
    if post.shapes is not None:
        refuse_other_shapes(resource, post.shapes)
    if not isinstance(resource, dict):
        raise InvalidResource("Expected a JSON object.", expression="Resource", code="structure")
    canonical = orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)
    all_entries = entries_of(resource, post.resource_type)
    small = minimal(resource, all_entries, post.sender.knows)
    entries = small.entries
    if small.resource is not resource:
        body = orjson.dumps(small.resource)
    original = sent if post.xml is not None and is_whole(small, resource, sent) else None
    frame = frame_from(entries, canonical, post)
    reading = Reading(body, original, resource, canonical, entries, post.sender, frame)
    agreements = agreements_in(entries)
    events = tuple(events_of(reading, agreements))
    if not events and not agreements:
        refuse_no_carer_code(small.left_out)
        raise no_agreement(all_entries)
    decisions = tuple(decisions_of(reading, agreements))
    return Taken(small.resource, resource, events, decisions, small.left_out)


def events_of(reading: Reading, agreements: Sequence[Agreement]) -> Iterator[Keyed]:
    """A stay in the sender's first region, or a carer flag in each; nothing when only agreements are spoken of.

    Carer flags beside a stay are events of their own, after that of the stay.
    """
    if reading.entries.of_type("Encounter"):
        yield from stay_events(reading, reading.sender.regions[0])
        yield from flags_beside_a_stay(reading)
        return
    kinds = {entry.type for entry in reading.entries}
    if kinds & FLAGS or ("Patient" in kinds and not agreements):
        for region in reading.sender.regions:
            yield flag_event(reading, region)
