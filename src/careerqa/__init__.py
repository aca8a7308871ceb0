"""careerqa: answers career questions from documents, in verbatim, cited quotes."""

__version__ = "0.1.0"
