"""From a row to carer flags: one event for each region, a small FHIR collection Bundle in each. Pure."""
