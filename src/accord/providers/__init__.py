"""The world outside the program, behind ports of the domain: the compute program, its models, what it has computed."""
