"""What `hub match` does: files of people and events in, decisions with their reasons out."""
