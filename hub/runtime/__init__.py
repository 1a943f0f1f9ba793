"""The only room that knows Kafka and Faust: the exact loop, the relay, publishing, and reading for projections."""
