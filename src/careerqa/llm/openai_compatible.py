"""One adapter for every server that speaks OpenAI's chat completions."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Final, cast

from careerqa.errors import LLMError, SettingsError
from careerqa.llm.call import Call, is_overflow, require
from careerqa.llm.prompts import Prompt
from careerqa.llm.protocol import End, Usage
from careerqa.settings import LLMSettings

OPENAI_URL: Final = "https://api.openai.com/v1"


class OpenAICompatible:
    """Any server that speaks OpenAI's chat completions.

    Raises:
        SettingsError: If no model is named.
    """

    def __init__(self, settings: LLMSettings) -> None:
        if not settings.model:
            raise SettingsError("[llm] model is empty. Name the model as its server calls it.")
        require("openai")
        self.name = settings.model
        self._settings = settings
        self._url = settings.base_url or OPENAI_URL
        self.call = Call(settings, self._url)
        self._options = self._first_options()

    def stream(
        self, prompt: Prompt, *, cancel: threading.Event | None = None
    ) -> Iterator[str | End]:
        return self.call.run(lambda: self._pieces(prompt), cancel)

    def _first_options(self) -> dict[str, Any]:
        settings = self._settings
        limit = "max_completion_tokens" if self._url == OPENAI_URL else "max_tokens"
        options: dict[str, Any] = {
            "response_format": {"type": "json_schema"},
            "stream_options": {"include_usage": True},
            limit: settings.max_answer_tokens,
        }
        if settings.temperature >= 0:
            options["temperature"] = settings.temperature
        return options

    async def _pieces(self, prompt: Prompt) -> AsyncIterator[str | End]:
        import openai

        unset = {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
        client = openai.AsyncOpenAI(
            api_key=self.call.key or "none",
            base_url=self._url,
            max_retries=0,  # `Call` retries, within the budget
            timeout=self._settings.timeout_seconds,
            # what the environment says of OpenAI is not for other servers
            default_headers=cast("dict[str, str]", unset),
            http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
        )
        async with client:
            messages = [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ]
            stream = await self._create(client, messages, prompt.schema)
            async with stream:
                async for piece in _read(stream):
                    yield piece

    async def _create(
        self, client: Any, messages: list[dict[str, str]], schema: Mapping[str, Any]
    ) -> Any:
        """Open the stream, leaving out options that the server says it does not have."""
        import openai

        for _ in range(5):
            options = dict(self._options)
            if "response_format" in options:
                options["response_format"] = options["response_format"] | {"json_schema": schema}
            try:
                return await client.chat.completions.create(
                    model=self._settings.model, messages=messages, stream=True, **options
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                adapted = _without(self._options, str(error))
                if is_overflow(str(error)) or adapted is None:
                    raise
                self._options = adapted
        raise LLMError(f"{self.call.host} takes none of the requests that careerqa can make.")


def _without(options: dict[str, Any], complaint: str) -> dict[str, Any] | None:
    """Options without the one that a server complains of; None if it is none of them."""
    lower = complaint.lower()
    if "max_tokens" in options and "max_completion_tokens" in lower:
        rest = {k: v for k, v in options.items() if k != "max_tokens"}
        return rest | {"max_completion_tokens": options["max_tokens"]}
    for name in ("stream_options", "temperature", "max_completion_tokens", "response_format"):
        plain = name in lower or (name == "response_format" and "schema" in lower)
        if name in options and plain:
            rest = {k: v for k, v in options.items() if k != name}
            if name == "max_completion_tokens":
                rest["max_tokens"] = options[name]
            return rest
    return None


async def _read(stream: Any) -> AsyncIterator[str | End]:
    usage: Usage | None = None
    reason: str | None = None
    async for chunk in stream:
        if chunk.usage is not None:
            usage = Usage(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
        for choice in chunk.choices or ():
            reason = choice.finish_reason or reason
            if choice.delta is None:
                continue
            if getattr(choice.delta, "refusal", None):
                raise LLMError("The language model refused to answer.")
            if choice.delta.content:
                yield choice.delta.content
    if reason is None:
        raise LLMError("The language model's reply broke off or was no stream of a completion.")
    if reason == "content_filter":
        raise LLMError("The language model's provider withheld the reply (content filter).")
    yield End(usage, truncated=reason == "length")
