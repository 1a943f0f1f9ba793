"""Senders for trying a feed: MLLP, FHIR over HTTP, and extracts into the hub that is configured."""
