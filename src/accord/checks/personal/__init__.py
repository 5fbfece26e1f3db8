"""Personal data in the text of a message: what has a form is found by rules and checksums, in any language."""
