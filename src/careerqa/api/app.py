"""The HTTP door: parses, calls the service in a thread, renders.

Here the application is put together; its routes stand in `questions`, `titles`, `documents`
and `operation`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from careerqa import __version__
from careerqa.api.documents import document_routes
from careerqa.api.guarding import Guard
from careerqa.api.models import reply_examples
from careerqa.api.operation import operation_routes, ready
from careerqa.api.problems import Problem, install
from careerqa.api.questions import question_routes
from careerqa.api.rebuilding import Rebuilder
from careerqa.api.titles import title_routes
from careerqa.errors import CareerQAError
from careerqa.service import CareerQA
from careerqa.settings import ADMIN_TOKEN_VARIABLE

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

    app.include_router(question_routes(service))
    app.include_router(title_routes(service))
    app.include_router(document_routes(service))
    app.include_router(operation_routes(service, rebuilder, token=token))
    return app


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
        await run_in_threadpool(ready, service)
    except CareerQAError as error:
        _LOGGER.warning("Not ready yet: %s", error)
