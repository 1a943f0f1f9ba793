"""The chain: matching, then the deciders."""
