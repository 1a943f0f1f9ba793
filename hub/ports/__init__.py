"""What the shell needs of a store, a publisher and a door, in verbs. One suite runs over memory and PostgreSQL."""
