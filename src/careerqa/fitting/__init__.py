"""Fits the numbers of ranking and confidence on questions with known evidence."""
