"""One keyword-only function per thing a person does; it opens the unit of work and returns what changed."""
