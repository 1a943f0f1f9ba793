"""Real Kafka and PostgreSQL on one machine, with nothing installed but Python."""
