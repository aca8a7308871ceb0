"""The reply as both doors give it: the product's public contract, field for field.

`careerqa ask --json` prints it and `POST /ask` returns it. Fields may be added; none may change
its meaning.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from careerqa import datatypes
from careerqa.answering.attribution import cited_by, class_in_words
from careerqa.answering.outcome import Outcome
from careerqa.datatypes import Answer
from careerqa.indexing.generations import Manifest


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Quote(_Model):
    """A verbatim passage with everything needed to check it."""

    id: int = Field(ge=1)
    text: str = Field(description="verbatim: exactly document_text[start:end]")
    document: str = Field(description="path relative to the corpus folder")
    document_sha256: str = Field(description="of the file's bytes when it was indexed")
    title: str
    section: str | None = Field(description="heading trail")
    table_header: str | None = Field(description="verbatim header row of a table row")
    start: int = Field(ge=0, description="offset in Unicode code points")
    end: int = Field(ge=0)
    line: int = Field(ge=1)
    page: int | None = None
    url: str | None
    published: str | None
    provenance: str = Field(description="what kind of statement it is")
    source_class: str | None = Field(None, description='its kind in words: "job-board data"')
    sources: int = Field(1, ge=1, description="how many independent sources carry the statement")
    origin: str | None = Field(None, description="whom the passage says that it comes from")
    score: float


class Sentence(_Model):
    """A sentence of the answer and the quotes that carry it."""

    text: str
    citations: list[int] = Field(min_length=1)


class Claim(_Model):
    """One side of a disagreement."""

    value: str = Field(description="as the source writes it")
    basis: dict[str, str]
    quote: int = Field(ge=1)


class Disagreement(_Model):
    """A matter on which quoted sources differ."""

    topic: str
    claims: list[Claim] = Field(min_length=2)
    note: str = ""


class Index(_Model):
    """The index that the reply comes from."""

    generation: str
    built_at: str
    documents: int
    passages: int
    embedding_model: str


class Reply(_Model):
    """The reply to a question."""

    question: str = Field(description="as asked")
    standalone_question: str | None = Field(
        None, description="a follow-up question as it was understood; null where it stands alone"
    )
    status: Literal["answered", "abstained"]
    mode: Literal["extractive", "llm"] = "extractive"
    answer: str = Field(description="readable, with [n] markers that name quotes by id")
    sentences: list[Sentence]
    quotes: list[Quote]
    disagreements: list[Disagreement]
    nearest: list[Quote]
    confidence: float = Field(ge=0, le=1)
    index: Index
    timings_ms: dict[str, float]
    usage: dict[str, int] | None = Field(
        None,
        description="tokens that a language model took, in and out, the rewriting of a follow-up "
        "question included; null where none was asked or its server does not count",
    )
    warnings: list[str]


def marked(sentence: datatypes.Sentence) -> str:
    """A sentence with the markers of its quotes: behind it, where they do not stand in it."""
    marks = (f"[{number}]" for number in sentence.citations)
    return " ".join([sentence.text, *(mark for mark in marks if mark not in sentence.text)])


def reply_of(outcome: Outcome) -> Reply:
    """An outcome of `CareerQA.ask` as the public reply."""
    result = outcome.result
    index = index_of(outcome.manifest)
    prose = outcome.prose
    usage = asdict(outcome.usage) if outcome.usage else None
    if isinstance(result, Answer):
        return Reply(
            question=result.question,
            standalone_question=outcome.standalone_question,
            status="answered",
            mode="llm" if prose is not None and prose.sentences else "extractive",
            answer=" ".join(marked(sentence) for sentence in result.sentences),
            sentences=[sentence_of(s) for s in result.sentences],
            quotes=[quote_of(q) for q in result.quotes],
            disagreements=[disagreement_of(d) for d in result.disagreements],
            nearest=[],
            confidence=result.confidence,
            index=index,
            timings_ms=outcome.timings_ms,
            usage=usage,
            warnings=list(result.warnings),
        )
    return Reply(
        question=result.question,
        standalone_question=outcome.standalone_question,
        status="abstained",
        answer=result.reason,
        sentences=[],
        quotes=[],
        disagreements=[],
        nearest=[quote_of(q) for q in result.nearest],
        confidence=result.confidence,
        index=index,
        timings_ms=outcome.timings_ms,
        usage=usage,
        warnings=list(result.warnings),
    )


def sentence_of(sentence: datatypes.Sentence) -> Sentence:
    """A sentence of an answer as the reply shows it."""
    return Sentence(text=sentence.text, citations=list(sentence.citations))


def index_of(manifest: Manifest) -> Index:
    """The index that a reply comes from."""
    return Index(
        generation=manifest.generation,
        built_at=manifest.built_at,
        documents=manifest.counts["documents"],
        passages=manifest.counts["passages"],
        embedding_model=manifest.settings["embedding.model"],
    )


def quote_of(quote: datatypes.Quote) -> Quote:
    """A quote as both doors give it."""
    return Quote(
        id=quote.id,
        text=quote.text,
        document=quote.document_id,
        document_sha256=quote.document_sha256,
        title=quote.source.title,
        section=" > ".join(quote.trail) or None,
        table_header=quote.table_header,
        start=quote.span.start,
        end=quote.span.end,
        line=quote.line,
        url=quote.source.url,
        published=quote.source.published,
        provenance=quote.provenance,
        sources=quote.sources,
        source_class=class_in_words(quote.provenance, quote.text),
        origin=cited_by(quote.provenance, quote.text),
        score=round(quote.score, 6),
    )


def disagreement_of(disagreement: datatypes.Disagreement) -> Disagreement:
    """A disagreement as both doors give it."""
    return Disagreement(
        topic=disagreement.topic,
        claims=[
            Claim(value=c.value, basis=dict(c.basis), quote=c.quote_id) for c in disagreement.claims
        ],
        note=disagreement.note or "",
    )
