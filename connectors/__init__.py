"""The edges: what is heard from other systems and what is told to them."""
