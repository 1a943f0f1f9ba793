"""The bench: how fast the hub is, beside others and beside what it must reach."""
