"""Tell organisations on Kafka topics of their own."""
