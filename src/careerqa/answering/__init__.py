"""Hits → quotes, an answer or an abstention, and where sources disagree."""
