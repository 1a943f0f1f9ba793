"""What levels are worth, learned without being told who is who."""
