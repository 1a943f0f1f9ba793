"""Topics as they should be, as they are, and what is to be done about the difference."""
