"""Citations of law: found, and checked for their form."""
