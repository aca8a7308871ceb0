"""What careerqa says on a terminal."""
