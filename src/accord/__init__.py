"""Accord turns request/answer pairs into a validated fine-tuning dataset, on the user's own machine."""

__version__ = "0.1.0"
