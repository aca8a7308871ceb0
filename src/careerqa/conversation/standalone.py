"""Conversations: a follow-up question as it is to be understood by itself.

By rules that carry titles, level and topic over (`followup`); by the language model where there is
one, unless it brings in a word that nobody said.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from careerqa.errors import QuestionError
from careerqa.words import STOP_WORDS

if TYPE_CHECKING:
    from careerqa.llm.protocol import LLM, Usage

_LOGGER = logging.getLogger(__name__)
MAX_TURNS: Final = 20
MAX_ANSWER_CHARACTERS: Final = 20_000
_SHOWN_TURNS = 6  # to the language model; what is older is rarely meant
_SHOWN_ANSWER = 400
_GLUE_WORDS = """
    become come comes compare compared compares figure job jobs make makes number people question
    regarding role roles
"""
_GLUE: Final = frozenset(_GLUE_WORDS.split())
"""Content words that a rewritten question may hold although nobody said them."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation, as it was put, and its answer where it is known."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is to be understood by itself; None where it is already.

    `usage` is what a language model took to say so, whether or not its wording was taken.
    """

    question: str | None
    usage: Usage | None = None


def standalone(question: str, history: Sequence[Turn]) -> str | None:
    """The question as it is to be understood by itself, by rules; None where it is already."""
    return understand(question, history).question


def understand(
    question: str,
    history: Sequence[Turn],
    *,
    llm: LLM | None = None,
    cancel: threading.Event | None = None,
) -> Understood:
    """The question as it is to be understood by itself.

    Args:
        question: As it was put.
        history: The turns before it, oldest first.
        llm: A language model that may rewrite. What it writes is only taken if each of its content
            words was said before; else, and where it fails, the rules decide.
        cancel: Ends the call to the language model.
    """
    if not history:
        return Understood(None)
    from careerqa.conversation.followup import (
        resolve,  # its many patterns take a tenth of a cold question
    )
    from careerqa.conversation.words import is_talk

    if is_talk(question):
        return Understood(None)
    usage = None
    if llm is not None:
        rewritten, usage = _by_llm(question, history, llm, cancel)
        if rewritten is not None:
            return Understood(None if _same(rewritten, question) else rewritten, usage)
    earlier: list[str] = []
    for turn in history:
        earlier.append(resolve(turn.question, earlier) or turn.question)
    resolved = resolve(question, earlier)
    alone = None if resolved is None or _same(resolved, question) else resolved
    return Understood(alone, usage)


def check_history(history: Sequence[Turn], max_question_characters: int) -> None:
    """Hold a conversation to the limits of what is read.

    Raises:
        QuestionError: If it has too many turns, or one is too long or holds control characters
            or half a character.
    """
    if len(history) > MAX_TURNS:
        raise QuestionError(
            f"The history has {len(history)} turns; at most {MAX_TURNS} are read. "
            "Send the latest ones."
        )
    for number, turn in enumerate(history, 1):
        for name, text, limit in (
            ("question", turn.question, max_question_characters),
            ("answer", turn.answer, MAX_ANSWER_CHARACTERS),
        ):
            if len(text) > limit:
                raise QuestionError(
                    f"Turn {number} of the history has a {name} of {len(text):,} characters; at "
                    f"most {limit:,} are read. Shorten it or leave it out."
                )
            bad = next(
                (c for c in text if (ord(c) < 32 and c not in "\t\n\r") or c == "\x7f"), None
            )
            if bad is not None:
                raise QuestionError(
                    f"Turn {number} of the history holds the control character "
                    f"U+{ord(bad):04X}. Remove it and ask again."
                )
            if any("\ud800" <= c <= "\udfff" for c in text):
                raise QuestionError(
                    f"Turn {number} of the history holds half a character (a lone surrogate). "
                    "Send it as valid UTF-8."
                )


def _by_llm(
    question: str, history: Sequence[Turn], llm: LLM, cancel: threading.Event | None
) -> tuple[str | None, Usage | None]:
    """What the language model makes of the question; None where it fails or adds anything.

    With it the tokens that this took, where the server counts them.
    """
    from careerqa.llm.prompts import addresses_model, inert, rewriting
    from careerqa.llm.protocol import End

    shown = [(turn.question, turn.answer[:_SHOWN_ANSWER]) for turn in history[-_SHOWN_TURNS:]]
    text, end = "", End()
    try:
        call = cast("Generator[str | End]", llm.stream(rewriting(question, shown), cancel=cancel))
        with closing(call) as pieces:
            for piece in pieces:
                if isinstance(piece, End):
                    end = piece
                elif len(text) < 10_000:
                    text += piece
    except Exception:  # a plug-in may raise anything; its words may hold a key
        _LOGGER.debug("language model %s failed", llm.name, exc_info=True)
        return None, end.usage
    rewritten = inert(_question_in(text))
    said = " ".join([question, *(f"{a} {b}" for a, b in shown)])
    longest = 200 + len(question) + max(len(turn.question) for turn in history)
    usable = (
        not end.truncated
        and 0 < len(rewritten) <= longest
        and not addresses_model(rewritten)
        and not unsaid_words(rewritten, said)
    )
    return (rewritten if usable else None), end.usage


def _question_in(text: str) -> str:
    """The question in a completion: the field of an object, else its one line."""
    try:
        found = json.loads(text)
        return str(found["question"])
    except (ValueError, KeyError, TypeError):
        lines = [line for line in text.strip().splitlines() if line.strip()]
        plain = lines[0].strip().strip('"“”') if len(lines) == 1 else ""
        return "" if plain.startswith(("{", "[")) else plain


def unsaid_words(rewritten: str, said: str) -> list[str]:
    """Content words and numbers of a rewritten question that do not stand in what was said."""
    known = {_stem(word) for word in _words(said)}
    return [
        word
        for word in _words(rewritten)
        if word not in STOP_WORDS and word not in _GLUE and _stem(word) not in known
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*\w*|\w+", text.casefold().replace("’", "'"))


def _stem(word: str) -> str:
    """A word without the ending of a plural or a verb."""
    return re.sub(r"(?<=[a-z]{3})(?:ing|ies|es|ed|s|y|e)$", "", word)


def _same(one: str, other: str) -> bool:
    return _words(one) == _words(other)
