"""Hears what the national services say of people: CloudEvents of the Multicast Notification Service."""
