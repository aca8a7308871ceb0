"""What the HTTP door takes and gives beside the reply itself, for FastAPI and its OpenAPI page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from careerqa.api.problems import MEDIA_TYPE
from careerqa.api.rebuilding import Rebuild
from careerqa.conversation.standalone import MAX_ANSWER_CHARACTERS, MAX_TURNS, Turn
from careerqa.datatypes import Document
from careerqa.indexing.generations import Manifest
from careerqa.reply import Disagreement, Quote

MAX_TOP = 50


class HistoryTurn(BaseModel):
    """An earlier question of the conversation and, where known, its answer."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    question: str = Field(description="as it was asked", examples=["What do AI engineers earn?"])
    answer: str = Field(
        "",
        max_length=MAX_ANSWER_CHARACTERS,
        description="`answer` of its reply; only a language model reads it",
    )

    def turn(self) -> Turn:
        """It as the service takes it."""
        return Turn(self.question, self.answer)


class AskRequest(BaseModel):
    """A question. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, title="Question")

    question: str = Field(
        description="the question, in words",
        examples=["How much do AI engineers earn compared to software engineers?"],
    )
    top: int | None = Field(
        None, ge=1, le=MAX_TOP, description="most statements to quote; the setting's number without"
    )
    history: list[HistoryTurn] = Field(
        default_factory=list,
        max_length=MAX_TURNS,
        description="turns before this question, oldest first; a follow-up question takes from "
        "them what it leaves out, and `standalone_question` shows it as it was understood",
    )
    llm: str | None = Field(
        None,
        description='language model to word the answer: "none", or one that this server offers; '
        "what the server is set to without",
        examples=["none"],
    )
    stream: bool = Field(
        False,
        description="answer as server-sent events: `quotes`, then a checked `sentence` each, then "
        "the whole `reply`, which alone holds in the end; or an `error` with a problem",
    )


class AskParameters(BaseModel):
    """A question in the query string. Unknown parameters are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: str = Field(description="the question, in words")
    top: int | None = Field(None, ge=1, le=MAX_TOP, description="most statements to quote")


class QuotesEvent(BaseModel):
    """The first event of a streamed reply: what the answer is made of."""

    model_config = ConfigDict(frozen=True)

    status: Literal["answered", "abstained"]
    quotes: list[Quote]
    disagreements: list[Disagreement]
    nearest: list[Quote]


class PartParameters(BaseModel):
    """Which characters of a document, half-open; all of them without."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int | None = Field(None, ge=0, description="first character, from 0")
    end: int | None = Field(None, ge=0, description="character after the last")


class DocumentSummary(BaseModel):
    """A document of the index. What it does not say of itself is null."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="path relative to the corpus folder")
    title: str
    kind: str | None
    publisher: str | None
    author: str | None
    published: str | None
    revised: str | None
    url: str | None
    sha256: str = Field(description="of the file's bytes when it was indexed")
    characters: int = Field(description="length of its text in Unicode code points")


class DocumentText(DocumentSummary):
    """A document with its text, or the part of it that was asked for."""

    start: int = Field(description="offset of `text` in the document, in Unicode code points")
    end: int
    text: str = Field(description="verbatim, from start to end")


class DocumentList(BaseModel):
    """The documents of the index, by id."""

    documents: list[DocumentSummary]


class IndexSummary(BaseModel):
    """What the index was built from."""

    generation: str
    built_at: str
    documents: int
    passages: int
    statements: int
    texts: int = Field(description="embedded texts; several lead to one statement")
    embedding_model: str
    model_sha256: str | None
    dimension: int
    question_encoder: str
    chunker_version: str
    chroma_version: str
    left_out: list[str] = Field(description="files that could not be read, and why")
    flagged: list[str] = Field(
        description="where hidden text or words to a language model stand; nothing there is quoted"
    )


class IndexStatus(BaseModel):
    """The index that answers, and the rebuild that runs or ran last in this process."""

    index: IndexSummary | None
    problem: str | None = Field(description="why there is no usable index, where there is none")
    rebuild: Rebuild | None


class Health(BaseModel):
    """The process is alive."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Questions can be answered."""

    status: Literal["ready"] = "ready"
    generation: str


def summary_of(document: Document) -> dict[str, Any]:
    """The fields of a `DocumentSummary`."""
    source = document.source
    return {
        "id": document.id,
        "title": source.title,
        "kind": source.kind,
        "publisher": source.publisher,
        "author": source.author,
        "published": source.published,
        "revised": source.revised,
        "url": source.url,
        "sha256": document.sha256,
        "characters": len(document.text),
    }


def index_summary_of(manifest: Manifest) -> IndexSummary:
    """A manifest in the words of the HTTP door."""
    return IndexSummary(
        generation=manifest.generation,
        built_at=manifest.built_at,
        documents=manifest.counts["documents"],
        passages=manifest.counts["passages"],
        statements=manifest.counts["units"],
        texts=manifest.counts["texts"],
        embedding_model=manifest.settings["embedding.model"],
        model_sha256=manifest.model_sha256,
        dimension=manifest.dimension,
        question_encoder=manifest.question_encoder,
        chunker_version=manifest.chunker_version,
        chroma_version=manifest.chroma_version,
        left_out=list(manifest.left_out),
        flagged=list(manifest.flagged),
    )


def reply_examples() -> dict[str, Any]:
    """An answered and an abstained reply, for the OpenAPI page."""
    file = resources.files("careerqa") / "data" / "replies.json"
    examples: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return examples


def problems(descriptions: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for problem details, by status."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": description, "content": content}
        for status, description in descriptions.items()
    }
