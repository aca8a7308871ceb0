"""Titles side by side, aspect by aspect, in quotes."""
