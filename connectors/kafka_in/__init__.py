"""Hear organisations on Kafka topics of their own."""
