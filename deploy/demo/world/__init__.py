"""A made-up area, its day, and what must come of it; it shares no code with the hub."""

from deploy.demo.world.day import day

__all__ = ["day"]
