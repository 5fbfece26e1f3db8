"""The tests; a package, so that none of that name which a library brings comes before it in a worker process."""
