"""The part of the HTTP door that answers questions: `/ask`, and the page to ask on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from careerqa.api import pages
from careerqa.api.guarding import json_only
from careerqa.api.models import AskParameters, AskRequest, problems, reply_examples
from careerqa.api.problems import FieldProblem, HTTPProblem
from careerqa.api.streaming import Asking
from careerqa.errors import SettingsError
from careerqa.llm.protocol import NO_LLM
from careerqa.reply import Reply
from careerqa.service import CareerQA

_ANSWERED: dict[str, Any] = {
    "description": "An answer, or an abstention",
    "content": {"application/json": {"examples": reply_examples()}},
}
_ASKING = {200: _ANSWERED} | problems(
    {
        422: "The question cannot be asked, or a value has the wrong type",
        503: "There is no usable index, the model is unavailable, or too many questions wait",
    }
)

_STREAMED = {"text/event-stream": {"schema": {"type": "string"}}}


def question_routes(service: CareerQA) -> APIRouter:
    """The routes, for `service`."""
    router = APIRouter(tags=["questions"])
    asking = Asking(service)

    @router.post(
        "/ask",
        summary="Ask a question",
        dependencies=[Depends(json_only)],
        response_model=Reply,
        responses=_ASKING
        | {200: _ANSWERED | {"content": _ANSWERED["content"] | _STREAMED}}
        | problems(
            {400: "Not JSON", 413: "The body is too large", 415: "Not declared as JSON"},
        ),
    )
    async def ask(request: Request, body: AskRequest) -> Response:
        if body.llm is not None:
            await run_in_threadpool(_check_llm, service, body.llm)
        history = [turn.turn() for turn in body.history]
        run = asking.begin(body.question, top=body.top, llm=body.llm, history=history)
        if body.stream:
            return await asking.streamed(request, run) or _gone()
        return _as_json(await asking.whole(request, run))

    @router.get(
        "/ask",
        summary="Ask a question",
        response_model=Reply,
        responses=_ASKING,
    )
    async def ask_by_url(
        request: Request, parameters: Annotated[AskParameters, Query()]
    ) -> Response:
        run = asking.begin(parameters.q, top=parameters.top)
        return _as_json(await asking.whole(request, run))

    @router.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def home() -> HTMLResponse:
        page = pages.question_page()
        headers = {"Content-Security-Policy": page.policy, "Cache-Control": "no-cache"}
        return HTMLResponse(page.html, headers=headers)

    return router


def _as_json(reply: Reply | None) -> Response:
    """A reply as it is; validating it once more would only take time."""
    if reply is None:
        return _gone()
    return Response(reply.model_dump_json(), media_type="application/json")


def _gone() -> Response:
    """What nobody reads: the client has closed its request."""
    return Response(status_code=499)


def _check_llm(service: CareerQA, name: str) -> None:
    """Refuse a language model that this server does not offer.

    A request may name what [llm] names, or anything where [llm] names only an address: with
    neither, it could send the server's key to a provider that it is not for.
    """
    settings = service.settings.llm
    offered = name in (NO_LLM, settings.provider) or bool(settings.base_url)
    problem = "This server offers no language model of that name." if not offered else ""
    try:
        if offered:
            service.llm(name)
    except SettingsError as error:
        if name == settings.provider:
            raise
        problem = str(error)
    if problem:
        raise HTTPProblem(
            422,
            f"llm: {problem}",
            name="invalid-request",
            title="The request cannot be used",
            errors=[FieldProblem(detail=problem, pointer="#/llm")],
        )
