"""Which questions the documents answer, learnt from the written ones: a line through their space.

A ridge classifier (Hoerl and Kennard, Technometrics 1970) over question vectors: those written for
statements on one side, those that the documents do not answer on the other. One of the signals of
`confidence`; it generalises over all written questions where the nearest few say too little.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from careerqa.datatypes import IndexedText, View
from careerqa.models.embedding import FloatMatrix, FloatVector

RIDGE = 0.0003
"""Weight of the squared coefficients.

Fitted without the questions that it is tested on, November 2026: abstention F1 on the 90
development questions .69 without the probe, .80 with it; on 53 real people's .86 and .88. A third
of this weight loses .03 of the former, ten times as much .05.
"""
UNANSWERED_SHARE = 0.4
"""Share of the unanswered questions in the loss, however many there are."""


def question_vectors(
    texts: Sequence[IndexedText], vectors: FloatMatrix
) -> tuple[FloatMatrix, FloatMatrix]:
    """The vectors of the questions that units answer, each once, and of those that none does."""
    answered = {text.text: n for n, text in enumerate(texts) if text.view is View.QUESTION}
    unanswered = [n for n, text in enumerate(texts) if text.view is View.UNANSWERED]
    return (
        np.asarray(vectors[list(answered.values())], dtype=np.float32),
        np.asarray(vectors[unanswered], dtype=np.float32),
    )


def fit_probe(answered: FloatMatrix, unanswered: FloatMatrix) -> FloatVector | None:
    """The probe, shape (dimension + 1,), its last number the bias; None without both kinds.

    Args:
        answered: Shape (questions, dimension), unit length.
        unanswered: Likewise.
    """
    if not len(answered) or not len(unanswered):
        return None
    vectors = np.vstack([answered, unanswered]).astype(np.float64)
    vectors = np.hstack([vectors, np.ones((len(vectors), 1))])
    goal = np.repeat([1.0, -1.0], [len(answered), len(unanswered)])
    shares = np.array([1 - UNANSWERED_SHARE, UNANSWERED_SHARE])
    weight = np.repeat(shares / [len(answered), len(unanswered)], [len(answered), len(unanswered)])
    ridge = RIDGE * np.eye(vectors.shape[1])
    ridge[-1, -1] = 0.0
    weighted = vectors * weight[:, None]
    return np.linalg.solve(weighted.T @ vectors + ridge, weighted.T @ goal).astype(np.float32)


def leaning(probe: FloatVector, vector: FloatVector) -> float:
    """Where a question of unit length lies: about 1 like answered ones, -1 like the others."""
    return float(probe[:-1] @ vector + probe[-1])
