"""Hears admissions, transfers and discharges from ward systems over MLLP."""
