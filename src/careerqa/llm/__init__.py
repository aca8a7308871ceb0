"""Optional language models: adapters, prompts, and answers in their words."""

from careerqa.llm.protocol import LLM, End, Usage

__all__ = ["LLM", "End", "Usage"]
