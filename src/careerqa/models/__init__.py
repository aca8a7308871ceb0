"""The models: where their files are, and texts → vectors and scores."""
