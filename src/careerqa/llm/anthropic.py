"""Anthropic's models, with their native citations: the server says which evidence a text uses."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from careerqa.errors import LLMError, SettingsError
from careerqa.llm.call import Call, require
from careerqa.llm.prompts import Prompt
from careerqa.llm.protocol import End, Usage
from careerqa.settings import LLMSettings

ANTHROPIC_URL: Final = "https://api.anthropic.com"


class Anthropic:
    """The Messages API. Each statement is a document of its own; citations come back as [n].

    Raises:
        SettingsError: If no model is named.
    """

    def __init__(self, settings: LLMSettings) -> None:
        if not settings.model:
            raise SettingsError("[llm] model is empty. Name the model as Anthropic calls it.")
        require("anthropic")
        self.name = settings.model
        self._settings = settings
        self._url = settings.base_url or ANTHROPIC_URL
        self.call = Call(settings, self._url)

    def stream(
        self, prompt: Prompt, *, cancel: threading.Event | None = None
    ) -> Iterator[str | End]:
        return self.call.run(lambda: self._pieces(prompt), cancel)

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        documents = [
            {
                "type": "document",
                "source": {"type": "content", "content": [{"type": "text", "text": text}]},
                "title": _title(number),
                "context": about,
                "citations": {"enabled": True},
            }
            for number, about, text in prompt.evidence
        ]
        return {  # no temperature: the Messages API has none any more
            "model": self._settings.model,
            "max_tokens": self._settings.max_answer_tokens,
            "system": prompt.system,
            "messages": [
                {
                    "role": "user",
                    "content": [*documents, {"type": "text", "text": prompt.question}],
                }
            ],
        }

    async def _pieces(self, prompt: Prompt) -> AsyncIterator[str | End]:
        import anthropic

        client = anthropic.AsyncAnthropic(
            api_key=self.call.key or "none",
            base_url=self._url,
            max_retries=0,
            timeout=self._settings.timeout_seconds,
            http_client=anthropic.DefaultAsyncHttpxClient(follow_redirects=False),
        )
        numbers = [number for number, _, _ in prompt.evidence]
        async with client:
            stream = await client.messages.create(stream=True, **self._request(prompt))
            async with stream:
                async for piece in _read(stream, numbers):
                    yield piece


def as_documents(prompt: Prompt) -> str:
    """A prompt to read, as it is sent: each statement a document of its own."""
    documents = (f"{_title(number)} ({about})\n{text}" for number, about, text in prompt.evidence)
    return "\n\n".join([prompt.system, *documents, prompt.question])


def _title(number: int) -> str:
    return f"Evidence {number}"


async def _read(stream: Any, numbers: list[int]) -> AsyncIterator[str | End]:
    """Text as it comes; after each block the numbers of the evidence that it cites."""
    cited: list[int] = []
    sent = received = 0
    reason: str | None = None
    async for event in stream:
        if event.type == "message_start":
            sent = event.message.usage.input_tokens
        elif event.type == "content_block_delta" and event.delta.type == "text_delta":
            yield event.delta.text
        elif event.type == "content_block_delta" and event.delta.type == "citations_delta":
            index = getattr(event.delta.citation, "document_index", -1)
            if 0 <= index < len(numbers) and numbers[index] not in cited:
                cited.append(numbers[index])
        elif event.type == "content_block_stop":
            if cited:
                yield "".join(f"[{number}]" for number in cited)
            cited = []
        elif event.type == "message_delta":
            reason = event.delta.stop_reason or reason
            received = event.usage.output_tokens
    if reason is None:
        raise LLMError("The language model's reply broke off or was no stream of a completion.")
    if reason == "refusal":
        raise LLMError("The language model refused to answer.")
    yield End(Usage(sent, received), truncated=reason == "max_tokens")
