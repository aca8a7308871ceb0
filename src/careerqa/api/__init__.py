"""The HTTP door."""

from careerqa.api.app import create_app

__all__ = ["create_app"]
