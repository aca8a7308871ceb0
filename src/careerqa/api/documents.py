"""The part of the HTTP door that shows documents: listed, and each as JSON or as a page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from careerqa.api import pages
from careerqa.api.models import (
    DocumentList,
    DocumentSummary,
    DocumentText,
    PartParameters,
    problems,
    summary_of,
)
from careerqa.api.problems import FieldProblem, HTTPProblem
from careerqa.datatypes import Document, Span
from careerqa.service import CareerQA


def document_routes(service: CareerQA) -> APIRouter:
    """The routes, for `service`."""
    router = APIRouter(tags=["documents"])

    @router.get(
        "/documents",
        summary="List the documents",
        responses=problems({503: "There is no usable index"}),
    )
    async def list_documents() -> DocumentList:
        found = await run_in_threadpool(service.documents)
        return DocumentList(documents=[DocumentSummary(**summary_of(d)) for d in found])

    @router.get(
        "/documents/{identifier:path}",
        summary="Read a document, or a part of it",
        description="A browser (`Accept: text/html`) gets a page to read, with the characters from "
        "`start` to `end` marked.",
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

    return router


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
