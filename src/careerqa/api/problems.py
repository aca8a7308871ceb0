"""Errors over HTTP as problem details (RFC 9457), all in one shape.

Problems of our own have the type `urn:careerqa:problem:<name>`; those that only repeat an HTTP
status are `about:blank`, as the RFC asks.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from careerqa.errors import CareerQAError

MEDIA_TYPE = "application/problem+json"
_LOGGER = logging.getLogger(__name__)

_MESSAGES = {
    "missing": "This is required.",
    "extra_forbidden": "This key is not known here.",
    "string_type": "This must be a string.",
    "string_unicode": "This holds half of a surrogate pair, which is no character.",
    "model_attributes_type": "The body must be a JSON object.",
}
"""Plainer words for what pydantic says, by its error type."""


class FieldProblem(BaseModel):
    """One unusable value of a request."""

    model_config = ConfigDict(frozen=True)

    detail: str
    pointer: str | None = Field(None, description="JSON pointer into the body, as in #/question")
    parameter: str | None = Field(None, description="name of the query or path parameter")


class Problem(BaseModel):
    """A problem detail (RFC 9457)."""

    model_config = ConfigDict(frozen=True)

    type: str = Field("about:blank", description="URI that names the kind of problem")
    title: str = Field(description="the kind of problem in words")
    status: int = Field(description="HTTP status", ge=400, le=599)
    detail: str = Field(description="what is wrong here, and what to do")
    instance: str = Field(description="path of the request")
    errors: list[FieldProblem] | None = Field(None, description="each unusable value")


class HTTPProblem(HTTPException):
    """A problem of the HTTP door alone; the kinds of `errors.py` bring their own."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        name: str | None = None,
        title: str | None = None,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldProblem] = (),
    ) -> None:
        super().__init__(status, detail, headers)
        self.name = name
        self.title = title
        self.errors = list(errors)


def install(app: FastAPI) -> None:
    """Let `app` answer every error with a problem detail."""
    app.add_exception_handler(CareerQAError, _on_careerqa_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)


def problem_response(
    request: Request,
    status: int,
    detail: str,
    *,
    name: str | None = None,
    title: str | None = None,
    errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem detail as a response."""
    problem = Problem(
        type=f"urn:careerqa:problem:{name}" if name else "about:blank",
        title=title or HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=quote(request.url.path, safe="/:@!$&'()*+,;=~%", errors="replace"),
        errors=list(errors) or None,
    )
    content = _encodable(problem.model_dump(exclude_none=True))
    return JSONResponse(content, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def unexpected(request: Request) -> JSONResponse:
    """What a client sees of an error that nobody foresaw: nothing of its inside."""
    return problem_response(
        request, 500, "Something unforeseen went wrong; the server's log has the details."
    )


def response_to(request: Request, error: Exception) -> Response:
    """The problem detail of any error; one that nobody foresaw is logged."""
    if isinstance(error, CareerQAError):
        return _on_careerqa_error(request, error)
    if isinstance(error, HTTPException):
        return _on_http_exception(request, error)
    _LOGGER.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return unexpected(request)


def _on_careerqa_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CareerQAError)  # noqa: S101  (registered for this class)
    if error.http_status >= 500:
        _LOGGER.warning("%s %s: %s", request.method, request.url.path, error)
    return problem_response(
        request, error.http_status, str(error), name=name_of(type(error)), title=error.title
    )


def name_of(kind: type[CareerQAError]) -> str:
    """The last part of a problem type: `IndexMissingError` is index-missing."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+", kind.__name__.removesuffix("Error"))
    return "-".join(words).lower()


def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  (registered for this class)
    found = error.errors()
    if any(entry["type"] == "json_invalid" for entry in found):
        reason = found[0].get("ctx", {}).get("error", "malformed")
        position = found[0]["loc"][-1]
        return problem_response(
            request,
            400,
            f"The body is not JSON: {reason} at character {position}. "
            'Send an object such as {"question": "..."}.',
            name="not-json",
            title="The body is not JSON",
        )
    problems = [_field_problem(entry) for entry in found]
    first = problems[0]
    where = first.parameter or (first.pointer or "").removeprefix("#").removeprefix("/")
    return problem_response(
        request,
        422,
        f"{where}: {first.detail}" if where else first.detail,
        name="invalid-request",
        title="The request cannot be used",
        errors=problems,
    )


def _field_problem(entry: Mapping[str, Any]) -> FieldProblem:
    place, *path = entry["loc"]
    detail = _MESSAGES.get(entry["type"], str(entry["msg"]).rstrip(".") + ".")
    if place == "body":
        if not path and entry["type"] == "missing":
            detail = 'A body is required: a JSON object such as {"question": "..."}.'
        steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
        return FieldProblem(detail=detail, pointer="#" + "".join(f"/{step}" for step in steps))
    return FieldProblem(detail=detail, parameter=".".join(map(str, path)))


def _on_http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for this class)
    headers = dict(error.headers or {})
    if isinstance(error, HTTPProblem):
        return problem_response(
            request,
            error.status_code,
            error.detail,
            name=error.name,
            title=error.title,
            errors=error.errors,
            headers=headers,
        )
    detail = str(error.detail)
    if error.status_code == 404:
        detail = f"There is nothing at {request.url.path}. GET /openapi.json lists what there is."
    elif error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request)) or headers.get("Allow", "")
        detail = f"{request.url.path} does not take {request.method}; it takes {headers['Allow']}."
    elif error.status_code == 400:  # FastAPI on bytes that no JSON reader gets through
        detail = "The body cannot be read as JSON in UTF-8: wrong encoding, nesting or number."
    return problem_response(request, error.status_code, detail, headers=headers)


def _methods(request: Request) -> list[str]:
    """Every method of the path; Starlette names only those of the first route that fits.

    The routes are asked, for FastAPI does not show those of a router that was included. HEAD goes
    where GET does (see `guarding`).
    """
    found = {
        method
        for method in ("DELETE", "GET", "PATCH", "POST", "PUT")
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    }
    return sorted(found | {"HEAD"} if "GET" in found else found)


def _encodable(value: Any) -> Any:
    """`value` with lone surrogates written as escapes: UTF-8 has no bytes for them."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return value
