"""Everybody of a register in memory, found by keys."""
