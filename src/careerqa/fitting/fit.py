"""Fits the numbers of `calibration` on questions with known evidence.

Ranking: a softmax regression over the signals of the pool's candidates, those that cover evidence
being right (ListNet's top-one loss, Cao et al., ICML 2007, with several right ones). Confidence: a
logistic regression, answerable questions against unanswerable ones. Both are measured by
cross-validation over questions, never on questions that they were fitted on.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from careerqa.datatypes import Hit
from careerqa.evaluation.questions import UNANSWERABLE_FAR, UNANSWERABLE_NEAR
from careerqa.fitting.examples import Example, Matrix, Progress, Searched, labelled, search
from careerqa.fitting.known import Known
from careerqa.indexing.generation import Generation
from careerqa.retrieval.calibration import Calibration
from careerqa.retrieval.confidence import VARIANTS, Logistic, evidence_signals, variant
from careerqa.retrieval.ranking import SIGNALS, rank
from careerqa.service import CareerQA
from careerqa.settings import Settings

FOLDS = 5
RIDGE = 0.03
"""Weight of the squared ranking weights; .03 did better than .3 in cross-validation, Nov 2026."""
SHARPNESS = 10.0
"""Scores are multiplied by this in the softmax, so that weights stay near 1."""
KEPT_RECALL = 0.98
"""Share of the recall of five quotes that the fitted gap keeps.

A gap of .20 instead of .23 has recall .873 instead of .880 on the development questions, .945
instead of .964 and .900 instead of .927 on two sets in the manner of forums (November 2026).
"""
FLAT = 1e-5
"""A signal that spreads less than this is not scaled: its scale is kept to six decimals."""
UNANSWERED_SHARE = {"bare": 0.25, "expanded": 0.25, "full": 0.4}
"""Share of unanswerable questions that each confidence assumes, however many it was fitted on.

Without known unanswered questions the near ones can hardly be told, and assuming many of them
silences answers: on 1,200 questions of SQuAD 2.0 a share of .4 was silent on 17% of the answerable
and on 35% of the others (November 2026).
"""


def calibrated(
    service: CareerQA, files: Sequence[Path], *, progress: Progress | None = None
) -> Calibration:
    """Fit everything for the model and documents of a service.

    Args:
        files: Question sets in the format of `eval/README.md`.

    Raises:
        EvaluationError: If a file is malformed or there are too few questions.
    """
    generation = service.generation()
    given = labelled(generation, service.settings, files)
    searched = search(generation, service.settings, given.questions, progress=progress)
    return fit(
        generation, service.settings, searched, given.known, data=given.data, progress=progress
    )


def fit_ranking(examples: Sequence[Example]) -> Matrix:
    """Weights of `ranking.SIGNALS`, fitted by L-BFGS on examples of answerable questions."""
    from scipy.optimize import minimize

    usable = [(e.signals, e.covered.any(axis=0)) for e in examples if e.covered.any()]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for matrix, right in usable:
            scores = SHARPNESS * (matrix @ weights)
            scores -= scores.max()
            odds = np.exp(scores)
            every, good = odds / odds.sum(), np.where(right, odds, 0.0)
            total -= float(np.log(good.sum() / odds.sum() + 1e-12)) / len(usable)
            push = good / (good.sum() + 1e-12) - every
            slope = slope - SHARPNESS * (push @ matrix) / len(usable)
        return total, slope

    start = np.zeros(len(SIGNALS))
    start[0] = 1.0
    result = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(result.x, dtype=np.float64)


def hits_of(
    generation: Generation, settings: Settings, example: Example, weights: Sequence[float] | Matrix
) -> list[Hit]:
    """An example's candidates, ranked with some weights."""
    return rank(
        generation,
        example.question,
        example.pool.candidates,
        weights=list(weights),
        near_duplicate=settings.retrieval.near_duplicate,
    )


def fit_gap(ranked: Sequence[tuple[Example, Sequence[Hit]]], *, top: int = 5) -> float:
    """The smallest gap that keeps `KEPT_RECALL` of the recall that `top` quotes have."""
    goal = KEPT_RECALL * _recall(ranked, float("inf"), top)
    gaps = np.arange(0.02, 1.0, 0.01)
    return round(float(next((gap for gap in gaps if _recall(ranked, gap, top) >= goal), 1.0)), 2)


def _recall(ranked: Sequence[tuple[Example, Sequence[Hit]]], gap: float, top: int) -> float:
    shares = []
    for example, hits in ranked:
        chosen = {h.unit.id for h in hits[:top] if h.score >= hits[0].score - gap}
        inside = [c.unit_id in chosen for c in example.pool.candidates]
        shares.append(float((example.covered & inside).any(axis=1).mean()))
    return float(np.mean(shares))


def first_right(ranked: Sequence[tuple[Example, Sequence[Hit]]]) -> float:
    """Share of the questions whose best hit covers some evidence."""
    right = 0
    for example, hits in ranked:
        at = [c.unit_id for c in example.pool.candidates].index(hits[0].unit.id)
        right += bool(example.covered[:, at].any())
    return right / max(1, len(ranked))


def fit_logistic(
    names: Sequence[str], values: Matrix, answerable: npt.NDArray[np.bool_], weights: Matrix
) -> Logistic:
    """A ridge logistic regression over standardised signals."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = values.mean(axis=0), values.std(axis=0)
    scale = np.where(scale < FLAT, 1.0, scale)
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit((values - mean) / scale, answerable, sample_weight=weights)
    return Logistic(
        signals=tuple(names),
        mean=tuple(round(float(v), 6) for v in mean),
        scale=tuple(round(float(v), 6) for v in scale),
        weights=tuple(round(float(v), 6) for v in model.coef_[0]),
        bias=round(float(model.intercept_[0]), 6),
    )


def _folds(searched: Sequence[Searched]) -> npt.NDArray[np.int64]:
    """A fold for each question; questions of one unanswered topic share it.

    The types of question files are no topics, nor is a lone one: all in one fold, they would leave
    no unanswerable question to fit on when that is held out.
    """
    random = np.random.default_rng(0)
    topics = sorted({s.topic for s in searched if not s.answerable})
    of_topic = dict(zip(topics, random.integers(0, FOLDS, len(topics)), strict=True))
    own = random.integers(0, FOLDS, len(searched))
    for no_topic in ("", UNANSWERABLE_NEAR, UNANSWERABLE_FAR):
        of_topic.pop(no_topic, None)
    if len(set(of_topic.values())) < 2:
        return np.asarray(own)
    return np.array(
        [own[n] if s.answerable else of_topic.get(s.topic, own[n]) for n, s in enumerate(searched)]
    )


def _rows(
    generation: Generation,
    settings: Settings,
    searched: Sequence[Searched],
    known: Sequence[tuple[str, str]],
    weights: dict[str, Matrix],
) -> Iterator[tuple[int, str, dict[str, float], float]]:
    """Number of the question, variant, signals and weight, for every question and variant."""
    beside = Known(generation, known)
    for number, item in enumerate(searched):
        for mode, example in _modes(item).items():
            hits = hits_of(generation, settings, example, weights[mode])
            if not hits:
                continue
            pools = [example.pool]
            if (
                variant(example.pool) == "full"
                and not item.answerable
                and beside.holds_topic(item.topic)
            ):
                pools = [beside.pool_without(item, topic=topic) for topic in (True, False)]
            for pool in pools:
                values = evidence_signals(generation, example.question, pool, hits)
                for name, signals in VARIANTS.items():
                    if all(signal in values for signal in signals) and (
                        (name == "bare") == (pool.answered is None)
                    ):
                        yield number, name, values, 1 / len(pools)


def fit(
    generation: Generation,
    settings: Settings,
    searched: Sequence[Searched],
    known: Sequence[tuple[str, str]],
    *,
    data: dict[str, Any],
    progress: Progress | None = None,
) -> Calibration:
    """Fit everything, and measure it by cross-validation.

    Args:
        searched: Answerable and unanswerable questions.
        known: Text and topic of the unanswered questions that the index holds, in its order.
        data: Names, sizes and hashes of the question sets, to be kept.
    """
    say = progress or (lambda what, done, total: None)
    folds = _folds(searched)
    answerable = [n for n, item in enumerate(searched) if item.answerable]
    say("Fitting the ranking", 0, FOLDS + 1)
    held_out: dict[str, list[tuple[Example, list[Hit]]]] = {"expanded": [], "bare": []}
    for fold in range(FOLDS):
        train = [searched[n] for n in answerable if folds[n] != fold]
        parts = _fit_modes(train)
        for n in answerable:
            if folds[n] == fold:
                for name, example in _modes(searched[n]).items():
                    hits = hits_of(generation, settings, example, parts[name])
                    held_out[name].append((example, hits))
        say("Fitting the ranking", fold + 1, FOLDS + 1)
    weights = _fit_modes([searched[n] for n in answerable])
    say("Fitting the confidence", 0, 1)
    rows = list(_rows(generation, settings, searched, known, weights))
    confidence: dict[str, Logistic] = {}
    measured: dict[str, Any] = {
        name: {
            "first_right": round(first_right(ranked), 3),
            "recall_5": round(_recall(ranked, float("inf"), 5), 3),
        }
        for name, ranked in held_out.items()
    }
    for name, signals in VARIANTS.items():
        own = [row for row in rows if row[1] == name]
        if not own:
            continue
        numbers = np.array([row[0] for row in own])
        values = np.array([[row[2][signal] for signal in signals] for row in own])
        cost = np.array([row[3] for row in own])
        right = np.array([searched[n].answerable for n in numbers])
        if right.all() or not right.any():
            continue
        for side in (right, ~right):
            cost[side] *= len(own) / cost[side].sum()
        cost *= np.where(right, 1 - UNANSWERED_SHARE[name], UNANSWERED_SHARE[name])
        confidence[name] = fit_logistic(signals, values, right, cost)
        tested = np.zeros(len(own))
        for fold in range(FOLDS):
            inside = folds[numbers] == fold
            logistic = fit_logistic(signals, values[~inside], right[~inside], cost[~inside])
            tested[inside] = [
                logistic.probability(dict(zip(signals, row, strict=True))) for row in values[inside]
            ]
        measured.setdefault(name, {})["auroc"] = round(_auroc(tested, right, cost), 3)
    return Calibration(
        model=str(generation.manifest.settings["embedding.model"]),
        model_sha256=generation.manifest.model_sha256,
        fitted=datetime.datetime.now(datetime.UTC).date().isoformat(),
        ranking={
            name: {n: round(float(w), 4) for n, w in zip(SIGNALS, fitted, strict=True)}
            for name, fitted in weights.items()
        },
        gap={name: fit_gap(ranked) for name, ranked in held_out.items()},
        confidence=confidence,
        data=data,
        measured=measured,
    )


def _modes(item: Searched) -> dict[str, Example]:
    """A question as it was searched with and without written questions."""
    return {"expanded": item.expanded, "bare": item.bare}


def _fit_modes(train: Sequence[Searched]) -> dict[str, Matrix]:
    """Ranking weights of each mode.

    Those with written questions are fitted on both modes, which keeps them from leaning on the
    written questions alone: recall of five quotes .906 against .897 (November 2026).
    """
    both = [_without_late(example) for item in train for example in _modes(item).values()]
    return {"expanded": fit_ranking(both), "bare": fit_ranking([item.bare for item in train])}


def _without_late(example: Example) -> Example:
    """As if there were no late interaction, which takes no part beside written questions."""
    signals = example.signals.copy()
    signals[:, SIGNALS.index("late")] = 0.0
    return replace(example, signals=signals)


def _auroc(scores: Matrix, right: npt.NDArray[np.bool_], cost: Matrix) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(right, scores, sample_weight=cost))
