"""One module per kind of finding: what makes an example not worth training on, where it stands, and by whose rule."""
