"""What a person sees in a window; the only room that knows Qt."""
