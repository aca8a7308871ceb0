"""Tokens of a prompt: counted with tiktoken, packed best first into what is allowed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from careerqa.datatypes import Disagreement, Quote
from careerqa.errors import LLMError
from careerqa.llm.prompts import Prompt, build

ESTIMATE_WARNING = (
    "tiktoken's vocabulary {name} is not on this machine, so tokens are estimated (three bytes "
    "each). Set TIKTOKEN_CACHE_DIR to a folder that holds it."
)
_MESSAGE_TOKENS = 16  # what a chat format puts around two messages, generously
_lock = threading.Lock()


class Counter:
    """Counts tokens; `warning` says so where it can only estimate them."""

    def __init__(self, encoding: str) -> None:
        self._encode = _encoder(encoding)
        self.warning = None if self._encode else ESTIMATE_WARNING.format(name=encoding)

    def count(self, text: str) -> int:
        """Tokens of a text; estimated at three bytes each, more than English takes (about four)."""
        if self._encode is None:
            return -(-len(text.encode("utf-8", "replace")) // 3)
        return len(self._encode(text))


@lru_cache(maxsize=8)
def _encoder(name: str) -> Callable[[str], Sequence[int]] | None:
    """The encoder of tiktoken from its local cache; nothing is downloaded behind one's back."""
    import tiktoken
    import tiktoken.load

    def refuse(blobpath: str) -> bytes:
        raise OSError(f"not downloaded: {blobpath}")

    load: Any = tiktoken.load
    with _lock:
        original, load.read_file = load.read_file, refuse
        try:
            encoding = tiktoken.get_encoding(name)
        except (OSError, ValueError):
            return None
        finally:
            load.read_file = original
    return lambda text: encoding.encode(text, disallowed_special=())


def pack(
    question: str,
    quotes: Sequence[Quote],
    counter: Counter,
    max_tokens: int,
    *,
    disagreements: Sequence[Disagreement] = (),
) -> tuple[Prompt, tuple[Quote, ...]]:
    """The prompt with as many quotes as fit, best first, and those quotes.

    A quote that does not fit is passed over; a smaller one after it may still fit.

    Raises:
        LLMError: If not even one quote fits.
    """
    mark = "0" * 16
    chosen: list[Quote] = []
    for quote in quotes:
        prompt = build(question, [*chosen, quote], disagreements=(), mark=mark)
        if counter.count(str(prompt)) + _MESSAGE_TOKENS <= max_tokens:
            chosen.append(quote)
    if not chosen:
        raise LLMError(
            f"No statement fits into {max_tokens} tokens with the question. "
            "Raise [llm] max_prompt_tokens."
        )
    numbers = {q.id for q in chosen}
    known = [d for d in disagreements if {c.quote_id for c in d.claims} <= numbers]
    full = build(question, chosen, disagreements=known)
    if known and counter.count(str(full)) + _MESSAGE_TOKENS > max_tokens:
        full = build(question, chosen)
    return full, tuple(chosen)
