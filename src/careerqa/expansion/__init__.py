"""Questions that the documents answer: as written, and as a language model writes more."""
