"""A hub of its own for one command: everything real, in a folder of its own, and gone afterwards."""
