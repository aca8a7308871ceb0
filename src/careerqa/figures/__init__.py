"""Documents → figures: every amount with its role, level, measure and source."""
