"""Records as they are compared, never as they are shown."""
