from __future__ import annotations

import json

import pytest
from starlette.requests import Request

from careerqa import errors
from careerqa.api.problems import FieldProblem, name_of, problem_response
from careerqa.errors import CareerQAError

OURS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, CareerQAError) and kind is not CareerQAError
]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (errors.IndexMissingError, "index-missing"),
        (errors.LLMError, "llm"),
        (errors.BuildInProgressError, "build-in-progress"),
        (errors.QuestionError, "question"),
    ],
)
def test_the_name_of_a_problem_is_that_of_its_error(kind: type[CareerQAError], name: str) -> None:
    assert name_of(kind) == name


def test_every_kind_has_its_own_name_and_title_and_a_status_of_an_error() -> None:
    assert len({name_of(kind) for kind in OURS}) == len(OURS)
    assert len({kind.title for kind in OURS}) == len(OURS)
    assert all(400 <= kind.http_status <= 599 for kind in OURS)


def test_half_a_character_in_a_detail_is_written_as_an_escape() -> None:
    request = Request({"type": "http", "method": "GET", "path": "/a é", "headers": []})
    wrong = FieldProblem(detail="\udfff", parameter="q")
    got = problem_response(request, 400, "Not \ud800.", errors=[wrong])
    assert json.loads(bytes(got.body)) == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": r"Not \ud800.",
        "instance": "/a%20%C3%A9",
        "errors": [{"detail": r"\udfff", "parameter": "q"}],
    }
