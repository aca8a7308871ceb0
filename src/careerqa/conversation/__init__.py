"""A follow-up question made standalone."""
