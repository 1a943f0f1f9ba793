"""The only room that knows SQL: PostgreSQL is the truth, Kafka carries events in and out."""
