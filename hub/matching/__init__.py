"""Who is who: matching as pure functions of records, index and model."""
