"""Known unanswered questions, searched as if unknown: what the confidence is fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from careerqa.fitting.examples import Searched
from careerqa.indexing.generation import Generation
from careerqa.indexing.probe import fit_probe, leaning, question_vectors
from careerqa.retrieval.first_stage import Pool, mean_of_best

FOLDS = 5


class Known:
    """The unanswered questions of an index, any of which can be left out.

    The probe is fitted once for each fold of topics and each fold of questions, without it.

    Args:
        known: Text and topic of each, in the index's order.
    """

    def __init__(self, generation: Generation, known: Sequence[tuple[str, str]]) -> None:
        self._texts = np.array([text for text, _ in known], dtype=object)
        self._topics = np.array([topic for _, topic in known], dtype=object)
        answered, self._vectors = question_vectors(generation.texts, generation.vectors)
        self._folds = {True: _folds(self._topics), False: _folds(self._texts)}
        self._probes = {
            (by_topic, fold): fit_probe(answered, self._vectors[folds != fold])
            for by_topic, folds in self._folds.items()
            for fold in range(FOLDS)
        }

    def holds_topic(self, topic: str) -> bool:
        """Whether some known question is on this topic."""
        return bool((self._topics == topic).any())

    def pool_without(self, item: Searched, *, topic: bool) -> Pool:
        """A question's pool as if it, or all of its topic, were not among the known."""
        same = self._topics == item.topic if topic else self._texts == item.expanded.question.text
        found = np.flatnonzero(same)
        fold = int(self._folds[topic][found[0]]) if len(found) else 0
        probe = self._probes[topic, fold]
        return replace(
            item.expanded.pool,
            unanswered=mean_of_best(self._vectors[~same] @ item.vector),
            leaning=None if probe is None else leaning(probe, item.vector),
        )


def _folds(names: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """A fold for each entry; entries of one name share it."""
    distinct = sorted(set(names))
    of_name = dict(
        zip(distinct, np.random.default_rng(0).permutation(len(distinct)) % FOLDS, strict=True)
    )
    return np.array([of_name[name] for name in names], dtype=np.int64)
