"""FHIR R4 over HTTP: carer flags and encounters in."""
