"""The retrieval tutorial of LangChain as a program: the opponent that `tutorial.py` measures.

Chunks of 1,000 characters with 200 of overlap, all-MiniLM-L6-v2, Chroma, the four nearest chunks.
The tutorial hands those to a language model; here they are the answer, as careerqa's quotes are.

    python tutorial_pipeline.py build CORPUS STORE MODEL
    python tutorial_pipeline.py ask STORE MODEL QUESTION
    python tutorial_pipeline.py serve STORE MODEL PORT

STORE is a folder to keep the vectors in, MODEL the folder of the embedding model.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHUNK_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200
CHUNKS = 4


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file: `text` begins at character `start` of it."""

    document: str
    start: int
    text: str


class Embeddings:
    """What `HuggingFaceEmbeddings` does.

    The package langchain-huggingface does not install beside sentence-transformers 6: it asks for
    an older huggingface-hub.
    """

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(model, device="cpu")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text."""
        vectors: list[list[float]] = self._model.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return self.embed_documents([text])[0]


def build(corpus: Path, store: Path, model: str) -> int:
    """Read, split, embed and store the .txt files of a folder; the number of chunks."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    documents = [
        Document(page_content=path.read_text(encoding="utf-8"), metadata={"source": path.name})
        for path in sorted(corpus.glob("*.txt"))
    ]
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARACTERS, chunk_overlap=OVERLAP_CHARACTERS, add_start_index=True
    )
    splits = splitter.split_documents(documents)
    Chroma.from_documents(
        documents=splits, embedding=Embeddings(model), persist_directory=str(store)
    )
    return len(splits)


class Pipeline:
    """A stored corpus, opened for asking."""

    def __init__(self, store: Path, model: str) -> None:
        from langchain_chroma import Chroma

        self._store: Any = Chroma(
            persist_directory=str(store), embedding_function=Embeddings(model)
        )

    def ask(self, question: str) -> list[Chunk]:
        """The chunks nearest to a question, best first."""
        found: Iterable[Any] = self._store.similarity_search(question, k=CHUNKS)
        return [
            Chunk(d.metadata["source"], d.metadata["start_index"], d.page_content) for d in found
        ]


def lines(chunks: Iterable[Chunk]) -> Iterator[str]:
    """The chunks as they are printed."""
    for number, chunk in enumerate(chunks, 1):
        yield f"[{number}] {chunk.document}, character {chunk.start}\n{chunk.text}\n"


def serve(store: Path, model: str, port: int) -> None:
    """Answer GET /ask?q= over HTTP until stopped."""
    import uvicorn
    from fastapi import FastAPI

    pipeline = Pipeline(store, model)
    app = FastAPI()

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    @app.get("/ask")
    def ask(q: str) -> list[Chunk]:
        return pipeline.ask(q)

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def main(arguments: list[str]) -> int:
    """Run one command; 2 where there is none such."""
    match arguments:
        case ["build", corpus, store, model]:
            sys.stdout.write(f"{build(Path(corpus), Path(store), model)} chunks\n")
        case ["ask", store, model, question]:
            sys.stdout.write("\n".join(lines(Pipeline(Path(store), model).ask(question))))
        case ["serve", store, model, port]:
            serve(Path(store), model, int(port))
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
