"""The only room that knows SQL: projects, units of work, and one module of functions per kind of row."""
