"""The stage: plays a day to a real hub, watches what comes of it, and judges it against the truth."""
