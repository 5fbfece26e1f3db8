"""The separate program that computes with models: the only one that loads torch and its family."""
