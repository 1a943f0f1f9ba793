"""FHIR R4 over HTTP: carer flags and encounters in; alerts and referrals out, and their answers in."""
