"""Composition: the one place where the real world is chosen."""
