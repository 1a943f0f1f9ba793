"""Hand a carer who agreed to it to the support service of their area."""
