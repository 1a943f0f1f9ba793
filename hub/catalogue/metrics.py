"""Every number that the hub shows of itself, with what it means. No label ever names a person."""

from typing import Final, Literal

MetricName = Literal[
    "hub_ward_messages_total",
    "hub_ward_connections",
    "hub_ward_feed_messages_total",
    "hub_ward_feed_again_total",
    "hub_ward_feed_heard_seconds",
    "hub_ward_feed_silent",
    "hub_region_events_total",
    "hub_region_refused_total",
    "hub_region_told_total",
    "hub_region_behind_seconds",
    "hub_region_held",
    "hub_projection_events_total",
    "hub_projection_refused_total",
    "hub_projection_waiting",
    "hub_projection_still_seconds",
    "hub_pass_heard_total",
    "hub_pass_said_total",
    "hub_pass_refused_total",
    "hub_pass_held_back",
    "hub_pass_waiting",
]

MEANINGS: Final[dict[MetricName, str]] = {
    "hub_ward_messages_total": "HL7 v2 frames by what became of them.",
    "hub_ward_connections": "Open MLLP connections.",
    "hub_ward_feed_messages_total": "HL7 v2 messages of a sender by what became of them.",
    "hub_ward_feed_again_total": "Frames that a sender sent again, and control ids that it used for something else.",
    "hub_ward_feed_heard_seconds": "Seconds since a sender was last heard here, or since this gateway began.",
    "hub_ward_feed_silent": "1 for a sender that should have spoken by now, else 0.",
    "hub_region_events_total": "Events processed since this worker took the region.",
    "hub_region_refused_total": "Dead letters since this worker took the region.",
    "hub_region_told_total": "Records put in the outbox since this worker took the region.",
    "hub_region_behind_seconds": "Seconds since the region had last read everything that was there.",
    "hub_region_held": "1 for each region that this worker holds.",
    "hub_projection_events_total": "Records taken into a read model since this process began.",
    "hub_projection_refused_total": "Dead letters of a read model since this process began.",
    "hub_projection_waiting": "Offsets between a read model and the end of its topic.",
    "hub_projection_still_seconds": "Seconds that a read model has stood still with something to read.",
    "hub_pass_heard_total": "Records read by a pass since this process began.",
    "hub_pass_said_total": "Records written by a pass since this process began.",
    "hub_pass_refused_total": "Dead letters of a pass since this process began.",
    "hub_pass_held_back": "Records of a pass that wait for what they are about to be known.",
    "hub_pass_waiting": "Offsets between a pass and the end of what it reads.",
}
