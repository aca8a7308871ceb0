"""`python -m careerqa` is the same program as `careerqa`."""

from __future__ import annotations

from careerqa.cli import main

if __name__ == "__main__":
    main()
