"""Who is in hospital, who is who, and who looks after whom: the pictures."""
