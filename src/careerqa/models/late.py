"""Late interaction: each word piece of a question against the nearest of a statement.

The sum of those maxima (MaxSim: Khattab and Zaharia, ColBERT, SIGIR 2020), rare word pieces
weighing more, tells statements apart that their single vectors do not, with the same model. It is
used where no written questions take part, for beside them it gains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from careerqa.models.embedding import Embedder, FloatMatrix, Progress, TokenVectors

PLACES: Final = "tokens.npz"
TOKENS: Final = "tokens.npy"
SCALE: Final = 508.0
"""A component of a unit vector times this is kept as a whole number of 8 bits, cut off at .25."""

Bytes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class LateIndex:
    """The word pieces of every unit.

    Attributes:
        tokens: Their vectors, unit after unit, times `SCALE`; shape (tokens, dimension).
        starts: Where each unit's begin, and the end of the last; shape (units + 1,).
        holders: How many units hold each word piece; shape (highest id + 1,).
    """

    tokens: Bytes
    starts: npt.NDArray[np.int64]
    holders: npt.NDArray[np.int64]

    def of_unit(self, unit_id: int) -> Bytes:
        """A unit's vectors, shape (its tokens, dimension)."""
        return self.tokens[self.starts[unit_id] : self.starts[unit_id + 1]]

    def scores(self, question: TokenVectors, unit_ids: Sequence[int]) -> list[float]:
        """The weighted mean of the maxima for each unit, in [-1, 1]; 0 for one without tokens."""
        weights = self._rarity(question.ids)
        total = float(weights.sum())
        if total <= 0 or not unit_ids:
            return [0.0] * len(unit_ids)
        blocks = [self.of_unit(unit_id) for unit_id in unit_ids]
        full = [block for block in blocks if len(block)]
        if not full:
            return [0.0] * len(unit_ids)
        cosines = question.vectors @ (np.concatenate(full).astype(np.float32) / SCALE).T
        firsts = np.cumsum([0, *(len(block) for block in full[:-1])])
        best = iter(weights @ np.maximum.reduceat(cosines, firsts, axis=1) / total)
        return [float(next(best)) if len(block) else 0.0 for block in blocks]

    def _rarity(self, ids: Sequence[int]) -> npt.NDArray[np.float64]:
        """Inverse document frequency over units, 1 for a word piece that stands nowhere."""
        count = len(self.starts) - 1
        held = np.array([self.holders[i] if i < len(self.holders) else 0 for i in ids])
        rarity = np.log((count + 1) / (held + 0.5)) / np.log(2 * (count + 1))
        return np.asarray(rarity, dtype=np.float64)


def late_index(
    embedder: Embedder,
    texts: Sequence[str | None],
    known: Mapping[str, tuple[Sequence[int], Bytes]],
    *,
    progress: Progress | None = None,
) -> tuple[LateIndex, list[list[int]]] | None:
    """The late index of units, and the ids of each one's word pieces.

    Args:
        texts: The text of each unit; None for one that is not searched.
        known: Ids and vectors of texts that need not be embedded.

    Returns:
        None for a model that gives no vectors of word pieces.
    """
    missing = list(dict.fromkeys(text for text in texts if text is not None and text not in known))
    fresh = embedder.embed_tokens(missing, progress=progress)
    if fresh is None:
        return None
    made: dict[str, tuple[Sequence[int], Bytes]] = dict(known) | {
        text: (tokens.ids, _bytes(tokens.vectors))
        for text, tokens in zip(missing, fresh, strict=True)
    }
    empty: tuple[Sequence[int], Bytes] = ((), np.zeros((0, embedder.dimension), dtype=np.int8))
    each = [empty if text is None else made[text] for text in texts]
    ids = [list(map(int, own)) for own, _ in each]
    highest = max((i for own in ids for i in own), default=-1)
    holders = np.zeros(highest + 1, dtype=np.int64)
    for own in ids:
        holders[sorted(set(own))] += 1
    tokens = np.concatenate([empty[1], *(vectors for _, vectors in each if len(vectors))])
    starts = np.cumsum([0, *(len(own) for own in ids)]).astype(np.int64)
    return LateIndex(tokens, starts, holders), ids


def save(index: LateIndex, ids: Sequence[Sequence[int]], folder: Path) -> None:
    """Write an index into a folder."""
    np.save(folder / TOKENS, index.tokens)
    pieces = np.array([i for own in ids for i in own], dtype=np.int32)
    np.savez_compressed(folder / PLACES, starts=index.starts, holders=index.holders, ids=pieces)


def load(folder: Path) -> LateIndex | None:
    """The index in a folder, its vectors read from disk as needed; None where there is none.

    Raises:
        OSError, ValueError, EOFError: If it is damaged.
    """
    if not (folder / TOKENS).is_file():
        return None
    with np.load(folder / PLACES) as places:
        return LateIndex(
            np.load(folder / TOKENS, mmap_mode="r"), places["starts"], places["holders"]
        )


def known_tokens(folder: Path, texts: Sequence[str]) -> dict[str, tuple[Sequence[int], Any]]:
    """Ids and vectors of an index's units by their text, for `late_index`.

    Args:
        texts: The text of each of its units.
    """
    index = load(folder)
    if index is None or len(texts) != len(index.starts) - 1:
        return {}
    with np.load(folder / PLACES) as places:
        ids = places["ids"]
    return {
        text: (ids[index.starts[n] : index.starts[n + 1]], index.of_unit(n))
        for n, text in enumerate(texts)
        if index.starts[n] < index.starts[n + 1]
    }


def _bytes(vectors: FloatMatrix) -> Bytes:
    return np.asarray(np.clip(np.rint(vectors * SCALE), -127, 127), dtype=np.int8)
