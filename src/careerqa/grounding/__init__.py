"""Whether a language model's sentences are carried by the evidence that they cite."""

from careerqa.grounding.checking import Checked, CheckedSentence, Checker, Evidence, Verdict, check

__all__ = ["Checked", "CheckedSentence", "Checker", "Evidence", "Verdict", "check"]
