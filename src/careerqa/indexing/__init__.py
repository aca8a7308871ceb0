"""The rebuild path, and the index as it lies on the disk."""
