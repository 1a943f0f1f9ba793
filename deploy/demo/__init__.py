"""The demonstration: an area, a made-up hospital day, and a stage on which the hub plays it."""
