"""The part of the HTTP door for whoever runs it: the index, its rebuild, health checks."""

from __future__ import annotations

import hmac
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.security.utils import get_authorization_scheme_param
from starlette.concurrency import run_in_threadpool

from careerqa.api.models import Health, IndexStatus, Readiness, index_summary_of, problems
from careerqa.api.problems import HTTPProblem
from careerqa.api.rebuilding import Rebuild, Rebuilder
from careerqa.errors import CareerQAError, ModelUnavailableError
from careerqa.service import CareerQA
from careerqa.settings import ADMIN_TOKEN_VARIABLE


def operation_routes(service: CareerQA, rebuilder: Rebuilder, *, token: str) -> APIRouter:
    """The routes, for `service`.

    Args:
        rebuilder: Of this service's index.
        token: What a request for a rebuild must bear; empty where none is taken.
    """
    router = APIRouter()

    @router.get("/index", summary="The index and its rebuild", tags=["index"])
    async def index() -> IndexStatus:
        return await run_in_threadpool(_index_status, service, rebuilder.last())

    @router.post(
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

    @router.get("/healthz", summary="Is the process alive?", tags=["operation"])
    async def healthz() -> Health:
        return Health()

    @router.get(
        "/readyz",
        summary="Can questions be answered?",
        tags=["operation"],
        responses=problems({503: "There is no usable index, or the model is unavailable"}),
    )
    async def readyz() -> Readiness:
        return Readiness(generation=await run_in_threadpool(ready, service))

    return router


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


def _index_status(service: CareerQA, rebuild: Rebuild | None) -> IndexStatus:
    try:
        manifest = service.generation().manifest
    except CareerQAError as error:
        return IndexStatus(index=None, problem=str(error), rebuild=rebuild)
    return IndexStatus(index=index_summary_of(manifest), problem=None, rebuild=rebuild)


def ready(service: CareerQA) -> str:
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
