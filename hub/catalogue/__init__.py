"""What the hub says of itself: log events and fields, each written once."""
