"""LLM: a prompt in, pieces of text out. What every adapter fulfils."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import threading

    from careerqa.llm.prompts import Prompt

NO_LLM: Final = "none"
"""The name that asks for no language model, whatever the settings say."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a call took, as its server counts them."""

    prompt_tokens: int
    answer_tokens: int

    @classmethod
    def total(cls, *usages: Usage | None) -> Usage | None:
        """Of several calls, as far as their servers counted; None where none did."""
        known = [usage for usage in usages if usage is not None]
        if not known:
            return None
        return cls(sum(u.prompt_tokens for u in known), sum(u.answer_tokens for u in known))


@dataclass(frozen=True, slots=True)
class End:
    """What is known when a completion has ended; `truncated` at the limit of tokens."""

    usage: Usage | None = None
    truncated: bool = False


class LLM(Protocol):
    """Words an answer from evidence."""

    name: str

    def stream(
        self, prompt: Prompt, *, cancel: threading.Event | None = None
    ) -> Iterator[str | End]:
        """Pieces of the completion as they arrive, then, where known, one `End`.

        Closing the iterator ends the call upstream; so does `cancel` from another thread.

        Raises:
            LLMError: If the call fails, in words that hold no key.
        """
