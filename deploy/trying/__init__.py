"""`hub try`: what would the hub do with these files? The same chain in memory, nothing sent, nothing kept."""
