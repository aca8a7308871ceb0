"""The command line."""

from careerqa.cli.commands import app, main

__all__ = ["app", "main"]
