"""The HTTP door: parses, calls the service in a thread, renders."""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any

import anyio
from fastapi import Depends, FastAPI, Header, Query, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.security.utils import get_authorization_scheme_param
from starlette.concurrency import run_in_threadpool

from careerqa import __version__, pages
from careerqa.api_models import (
    AskParameters,
    AskRequest,
    DocumentList,
    DocumentSummary,
    DocumentText,
    Health,
    IndexStatus,
    PartParameters,
    Readiness,
    index_summary_of,
    problems,
    reply_examples,
    summary_of,
)
from careerqa.api_titles import title_routes
from careerqa.datatypes import Document, Span
from careerqa.errors import CareerQAError, ModelUnavailableError, SettingsError
from careerqa.guarding import Guard
from careerqa.problems import FieldProblem, HTTPProblem, Problem, install
from careerqa.rebuilding import Rebuild, Rebuilder
from careerqa.reply import Reply
from careerqa.service import NO_LLM, CareerQA
from careerqa.settings import ADMIN_TOKEN_VARIABLE
from careerqa.streaming import Asking

MAX_BODY_BYTES = 1_000_000

DESCRIPTION = f"""
Answers questions from a folder of documents, in verbatim quotes that can be checked: a quote's
`text` is exactly `GET /documents/{{document}}`'s `text[start:end]`, in Unicode code points.
Where the documents do not say, the reply has the status `abstained`: HTTP status 200, no quotes.

With `"stream": true` `POST /ask` sends server-sent events: `quotes` (status, quotes, disagreements,
nearest), a `sentence` each as soon as it is checked, then `reply`, which is what an unstreamed
request gets. Only `reply` is final: if a language model's answer breaks off, it holds the answer in
quotes, and the sentences before it are withdrawn. What goes wrong before the first event has its
HTTP status; afterwards an `error` event holds the problem.

Errors are problem details (RFC 9457). `POST /index` needs the bearer token that the environment
variable `{ADMIN_TOKEN_VARIABLE}` holds. This description is all the documentation that is served:
the usual pages load scripts from another host, and careerqa contacts none.
"""

_LOGGER = logging.getLogger(__name__)

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


class _Application(FastAPI):
    """FastAPI with our problem details in its schema."""

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            template = "#/components/schemas/{model}"
            schema = Problem.model_json_schema(ref_template=template)
            parts = schema.pop("$defs", {})
            components = super().openapi().setdefault("components", {})
            components.setdefault("schemas", {}).update({"Problem": schema, **parts})
            for operation in super().openapi()["paths"]["/ask"].values():
                # FastAPI leaves out what is null, but a reply has all its keys.
                content = operation["responses"]["200"]["content"]["application/json"]
                content["examples"] = reply_examples()
        return super().openapi()


def create_app(service: CareerQA) -> FastAPI:
    """The HTTP door to `service`. Reads the admin token from the environment once, here."""
    rebuilder = Rebuilder(service)
    asking = Asking(service)
    token = os.environ.get(ADMIN_TOKEN_VARIABLE, "")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(_warn_of_llm, service)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_warm_up, service)
            yield
        await run_in_threadpool(rebuilder.stop)

    app = _Application(
        title="careerqa",
        version=__version__,
        summary="Answers career questions from documents, in verbatim, cited quotes",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # Questions are private: none reaches a collector that the environment may name.
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    app.add_middleware(Guard, max_body_bytes=MAX_BODY_BYTES)
    install(app)

    @app.post(
        "/ask",
        summary="Ask a question",
        tags=["questions"],
        dependencies=[Depends(_json_only)],
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

    @app.get(
        "/ask",
        summary="Ask a question",
        tags=["questions"],
        response_model=Reply,
        responses=_ASKING,
    )
    async def ask_by_url(
        request: Request, parameters: Annotated[AskParameters, Query()]
    ) -> Response:
        run = asking.begin(parameters.q, top=parameters.top)
        return _as_json(await asking.whole(request, run))

    app.include_router(title_routes(service, _json_only))

    @app.get(
        "/documents",
        summary="List the documents",
        tags=["documents"],
        responses=problems({503: "There is no usable index"}),
    )
    async def list_documents() -> DocumentList:
        found = await run_in_threadpool(service.documents)
        return DocumentList(documents=[DocumentSummary(**summary_of(d)) for d in found])

    @app.get(
        "/documents/{identifier:path}",
        summary="Read a document, or a part of it",
        description="A browser (`Accept: text/html`) gets a page to read, with the characters from "
        "`start` to `end` marked.",
        tags=["documents"],
        response_model=DocumentText,
        responses={
            304: {"description": "Unchanged since the ETag in If-None-Match"},
            **problems(
                {
                    404: "There is no such document",
                    422: "start and end do not lie in the document",
                    503: "There is no usable index",
                }
            ),
        },
    )
    async def read_document(
        request: Request,
        identifier: str,
        part: Annotated[PartParameters, Query()],
        if_none_match: Annotated[str, Header()] = "",
    ) -> Response:
        document = await run_in_threadpool(_find, service, identifier)
        span = _span(document, part)
        as_page = prefers_html(request.headers.get("accept", ""))
        etag = f'"{document.sha256}{"-page" if as_page else ""}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept"}
        tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        if etag in tags or tags == ["*"]:
            return Response(status_code=304, headers=headers)
        if as_page:
            home = f"{request.scope.get('root_path', '')}/"
            marked = None if part.start is part.end is None else span
            page = pages.document_page(document, home=home, highlight=marked)
            policy = {"Content-Security-Policy": page.policy}
            return HTMLResponse(page.html, headers=headers | policy)
        text = DocumentText(
            **summary_of(document),
            start=span.start,
            end=span.end,
            text=span.of(document.text),
        )
        return Response(text.model_dump_json(), headers=headers, media_type="application/json")

    @app.get("/index", summary="The index and its rebuild", tags=["index"])
    async def index() -> IndexStatus:
        return await run_in_threadpool(_index_status, service, rebuilder.last())

    @app.post(
        "/index",
        summary="Start a rebuild",
        description="Returns at once; `GET /index` shows how far it is. Questions are answered "
        "from the index before until the new one is complete, then from the new one.",
        tags=["index"],
        status_code=202,
        dependencies=[Depends(partial(_administrator, token))],
        responses=problems(
            {
                401: "The token is missing or wrong",
                403: "The server was started without a token",
                409: "A rebuild is running",
            }
        ),
    )
    async def rebuild(
        request: Request,
        response: Response,
        full: Annotated[bool, Query(description="embed everything anew")] = False,
    ) -> IndexStatus:
        started = await run_in_threadpool(partial(rebuilder.start, full=full))
        response.headers["Location"] = f"{request.scope.get('root_path', '')}/index"
        return await run_in_threadpool(_index_status, service, started)

    @app.get("/healthz", summary="Is the process alive?", tags=["operation"])
    async def healthz() -> Health:
        return Health()

    @app.get(
        "/readyz",
        summary="Can questions be answered?",
        tags=["operation"],
        responses=problems({503: "There is no usable index, or the model is unavailable"}),
    )
    async def readyz() -> Readiness:
        return Readiness(generation=await run_in_threadpool(_ready, service))

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def home() -> HTMLResponse:
        page = pages.question_page()
        headers = {"Content-Security-Policy": page.policy, "Cache-Control": "no-cache"}
        return HTMLResponse(page.html, headers=headers)

    return app


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


def prefers_html(accept: str) -> bool:
    """Whether an Accept header asks for HTML rather than JSON; without a wish it is JSON."""
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            weights[kind] = float(quality)
        except ValueError:
            weights[kind] = 0.0
    others = weights.get("application/*", weights.get("*/*", 0.0))
    return weights.get("text/html", 0.0) > weights.get("application/json", others)


def _json_only(request: Request) -> None:
    """Refuse a body that is not declared as JSON: a form of another site cannot send that."""
    declared = request.headers.get("content-type", "")
    kind = declared.split(";")[0].strip().lower()
    empty = not declared and request.headers.get("content-length", "0") == "0"
    chunked = "transfer-encoding" in request.headers
    if kind != "application/json" and (chunked or not empty):
        raise HTTPProblem(
            415,
            f"The body is declared as {kind or 'nothing'}. "
            "Send JSON with the header Content-Type: application/json.",
            name="not-json",
            title="The body is not declared as JSON",
            headers={"Accept": "application/json"},
        )


def _administrator(
    token: str, authorization: Annotated[str, Header(include_in_schema=False)] = ""
) -> None:
    if not token:
        raise HTTPProblem(
            403,
            f"Rebuilding over HTTP is off. Set the environment variable {ADMIN_TOKEN_VARIABLE} to "
            "a long random text, restart the server, and send it as Authorization: Bearer <token>.",
            name="admin-off",
            title="Rebuilding over HTTP is off",
        )
    scheme, given = get_authorization_scheme_param(authorization)
    matches = hmac.compare_digest(given.encode("latin-1", "replace"), token.encode())
    if scheme.lower() != "bearer" or not matches:
        raise HTTPProblem(
            401,
            f"Send the token that {ADMIN_TOKEN_VARIABLE} holds as Authorization: Bearer <token>.",
            name="admin-token",
            title="The token is missing or wrong",
            headers={"WWW-Authenticate": 'Bearer realm="careerqa"'},
        )


def _find(service: CareerQA, identifier: str) -> Document:
    document = service.generation().documents.get(identifier)
    if document is None:
        raise HTTPProblem(
            404,
            f"The index holds no document {identifier!r}. GET /documents lists them.",
            name="document-unknown",
            title="There is no such document",
        )
    return document


def _span(document: Document, part: PartParameters) -> Span:
    length = len(document.text)
    first, last = part.start or 0, length if part.end is None else part.end
    wrong = None
    if last > length:
        wrong = FieldProblem(parameter="end", detail=f"{last} is beyond the end, {length}.")
    elif first > last:
        wrong = FieldProblem(parameter="start", detail=f"{first} is after the end, {last}.")
    if wrong:
        raise HTTPProblem(
            422,
            f"{wrong.parameter}: {wrong.detail}",
            name="invalid-request",
            title="The request cannot be used",
            errors=[wrong],
        )
    return Span(first, last)


def _index_status(service: CareerQA, rebuild: Rebuild | None) -> IndexStatus:
    try:
        manifest = service.generation().manifest
    except CareerQAError as error:
        return IndexStatus(index=None, problem=str(error), rebuild=rebuild)
    return IndexStatus(index=index_summary_of(manifest), problem=None, rebuild=rebuild)


def _ready(service: CareerQA) -> str:
    """The generation that answers, its encoder loaded.

    Raises:
        CareerQAError: If there is none or it cannot be loaded.
    """
    try:
        generation = service.generation()
        _ = generation.encoder
    except CareerQAError:
        raise
    except Exception as error:
        raise ModelUnavailableError(
            f"The index or its question encoder cannot be loaded ({error}). "
            "Run careerqa index --full."
        ) from error
    return generation.manifest.generation


def _warn_of_llm(service: CareerQA) -> None:
    """Say in the log what is to be known of the language model's settings, rather than in a reply.

    So a reply is the same whether or not it is the first.
    """
    if service.settings.llm.provider or service.settings.llm.base_url:
        for warning in service.llm_warnings():
            _LOGGER.warning("%s", warning)


async def _warm_up(service: CareerQA) -> None:
    """Load index and model before the first question, which else would wait for them."""
    try:
        await run_in_threadpool(_ready, service)
    except CareerQAError as error:
        _LOGGER.warning("Not ready yet: %s", error)
