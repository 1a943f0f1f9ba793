"""What the agreement of two records is worth, and what follows from it."""
