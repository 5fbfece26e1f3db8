"""Codes of diseases: where a text means one, and whether it exists."""
