"""Text and table streams to domain values and back; bad data is a value, never a lost row."""
