"""Carer flags from extracts: CSV files of practices and councils, whole or not at all."""
