"""Tell the discharge team in time that somebody looks after this patient."""
