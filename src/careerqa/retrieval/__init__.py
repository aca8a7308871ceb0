"""Question → ranked hits, and how probable it is that they answer."""
