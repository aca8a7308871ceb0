"""How well follow-up questions are made standalone, on conversations with what is expected.

One conversation a line: `{"id", "turns": [{"question", "rewritten", "must_keep", "must_drop",
...}, ...]}`. `must_keep` are beginnings of words that the standalone question holds, `must_drop`
words that it does not.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from careerqa.conversation.standalone import Turn, standalone
from careerqa.errors import EvaluationError

SEED: Final = 0
"""Draws the half of the conversations that rules are tuned on."""

Rewriter = Callable[[str, Sequence[Turn]], str | None]


@dataclass(frozen=True, slots=True)
class ExpectedTurn:
    """A question of a conversation and what its standalone form is to hold."""

    question: str
    rewritten: bool
    must_keep: tuple[str, ...]
    must_drop: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns that belong together, oldest first."""

    id: str
    turns: tuple[ExpectedTurn, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are right of how many."""

    right: int
    of: int

    def __str__(self) -> str:
        return f"{self.right}/{self.of}"


@dataclass(frozen=True, slots=True)
class ConversationScores:
    """Scores over the turns that follow another; `faults` say what is wrong, turn by turn."""

    decided: Tally
    kept: Tally
    dropped: Tally
    faults: tuple[str, ...]


def read_conversations(path: Path) -> list[Conversation]:
    """The conversations of a file.

    Raises:
        EvaluationError: If it cannot be read or a line is malformed.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}.") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            turns = tuple(
                ExpectedTurn(
                    str(turn["question"]),
                    bool(turn["rewritten"]),
                    tuple(map(str, turn["must_keep"])),
                    tuple(map(str, turn["must_drop"])),
                )
                for turn in entry["turns"]
            )
            found.append(Conversation(str(entry["id"]), turns))
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationError(
                f"{path}, line {number}: not a conversation ({error!r}). Mend or delete the line."
            ) from error
    return found


def halves(
    conversations: Sequence[Conversation],
) -> tuple[list[Conversation], list[Conversation]]:
    """The half that the rules were tuned on and the other one, drawn at random, always alike."""
    ids = [conversation.id for conversation in conversations]
    random.Random(SEED).shuffle(ids)  # noqa: S311  (no secret)
    tuned = set(ids[: len(ids) // 2])
    return (
        [one for one in conversations if one.id in tuned],
        [one for one in conversations if one.id not in tuned],
    )


def score(
    conversations: Sequence[Conversation], rewrite: Rewriter = standalone
) -> ConversationScores:
    """Scores of a rewriter."""
    decided: list[bool] = []
    kept: list[bool] = []
    dropped: list[bool] = []
    faults = []
    for conversation in conversations:
        history: list[Turn] = []
        for turn in conversation.turns:
            if history:
                alone = rewrite(turn.question, history)
                words = re.findall(r"\w+", (alone or turn.question).lower())
                missing = [w for w in turn.must_keep if not any(x.startswith(w) for x in words)]
                left = [w for w in turn.must_drop if w in words or f"{w}s" in words]
                decided.append((alone is not None) == turn.rewritten)
                kept += [w not in missing for w in turn.must_keep]
                dropped += [w not in left for w in turn.must_drop]
                if missing or left or not decided[-1]:
                    what = f"{conversation.id}: {turn.question!r} as {alone!r}"
                    faults.append(f"{what}; lacks {missing}, carries {left}")
            history.append(Turn(turn.question))
    return ConversationScores(_tally(decided), _tally(kept), _tally(dropped), tuple(faults))


def _tally(flags: Sequence[bool]) -> Tally:
    return Tally(sum(flags), len(flags))
