"""Who is one person by evidence, among the records of a region: derived from the records alone, in whatever order."""
