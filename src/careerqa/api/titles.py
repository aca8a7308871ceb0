"""The part of the HTTP door that is about titles: `POST /compare` and `GET /figures`."""

from __future__ import annotations

from typing import Annotated, NoReturn

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from careerqa.api.guarding import json_only
from careerqa.api.models import problems
from careerqa.api.problems import FieldProblem, HTTPProblem
from careerqa.api.streaming import Threads
from careerqa.comparison.comparing import MOST_ROLES, compare
from careerqa.comparison.reply import ComparisonReply, comparison_reply
from careerqa.figures.measure import ABOUT
from careerqa.figures.reading import figures_of_generation
from careerqa.figures.report import FigureRow, chosen, rows_of
from careerqa.roles import load_vocabulary
from careerqa.service import CareerQA

COMPARE_THREADS = 2
"""Comparisons at once: each searches for every title and aspect."""


class CompareRequest(BaseModel):
    """Titles to compare. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, title="Titles")

    roles: list[str] = Field(
        min_length=2,
        max_length=MOST_ROLES,
        description="titles, as a person writes them",
        examples=[["AI engineer", "software engineer"]],
    )
    aspects: list[str] = Field(
        default_factory=list,
        max_length=20,
        description="pay, skills, education, work, outlook, path; all of them without",
        examples=[["pay", "skills"]],
    )


class FigureParameters(BaseModel):
    """Which figures. Unknown parameters are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str | None = Field(None, description=f"one of {', '.join(ABOUT)}")
    role: str | None = Field(None, description='only this title, as "ML engineer"')
    level: str | None = Field(None, description="entry, mid, senior or staff")
    all: bool = Field(
        False, description="also those of sample letters, testimonials and advertising"
    )


class FigureList(BaseModel):
    """Figures with their basis, sorted by matter, title and level, then by place."""

    figures: list[FigureRow]
    near_titles: dict[str, int] = Field(
        description="other titles near the one asked for, with how many figures each has"
    )


def title_routes(service: CareerQA) -> APIRouter:
    """The routes, for `service`."""
    router = APIRouter(tags=["titles"])
    comparing = Threads(COMPARE_THREADS)

    @router.post(
        "/compare",
        summary="Compare titles",
        description="Aspect by aspect, a cell for each title. What the documents do not say of a "
        "title leaves its cell empty; what they say of another title is marked as such.",
        dependencies=[Depends(json_only)],
        responses=problems(
            {
                400: "Not JSON",
                413: "The body is too large",
                415: "Not declared as JSON",
                422: "A title or an aspect is unknown, or a value has the wrong type",
                503: "There is no usable index, the model is unavailable, or too many wait",
            }
        ),
    )
    async def compare_titles(body: CompareRequest) -> ComparisonReply:
        return await comparing.run(
            lambda: comparison_reply(compare(service, body.roles, body.aspects))
        )

    @router.get(
        "/figures",
        summary="List the figures of the documents",
        description="Each with its basis, its quote and its place; what the source does not say is "
        "null. Figures of sample letters, testimonials and advertising only with `all=true`.",
        responses=problems(
            {422: "A filter is unknown", 503: "There is no usable index"},
        ),
    )
    async def list_figures(parameters: Annotated[FigureParameters, Query()]) -> FigureList:
        return await run_in_threadpool(_figures, service, parameters)

    return router


def _figures(service: CareerQA, wanted: FigureParameters) -> FigureList:
    vocabulary = load_vocabulary()
    role = None
    if wanted.role is not None:
        mention = vocabulary.role(wanted.role)
        if mention is None:
            _refuse("role", wanted.role, [title.name for title in vocabulary.titles])
        role = mention.name
    level = None
    if wanted.level is not None:
        level = vocabulary.level(wanted.level)
        if level is None:
            _refuse("level", wanted.level, [level.name for level in vocabulary.levels])
    about = wanted.about.casefold() if wanted.about is not None else None
    if about is not None and about not in ABOUT:
        _refuse("about", about, list(ABOUT))
    generation = service.generation()
    every = figures_of_generation(generation)
    fitting = chosen(every, about=about, role=role, level=level, every_provenance=wanted.all)
    near = [title.name for title in vocabulary.titles if role is not None and title.near == role]
    counts = {name: sum(f.role == name for f in every) for name in near}
    return FigureList(
        figures=rows_of(fitting, generation.documents, generation.units),
        near_titles={name: count for name, count in counts.items() if count},
    )


def _refuse(parameter: str, value: str, known: list[str]) -> NoReturn:
    problem = FieldProblem(
        parameter=parameter, detail=f"{value!r} is not known here. Known are {', '.join(known)}."
    )
    raise HTTPProblem(
        422,
        f"{parameter}: {problem.detail}",
        name="invalid-request",
        title="The request cannot be used",
        errors=[problem],
    )
