"""The systems compared, each opened only while it is asked: two language models at once starve each other."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass

from rag.chatbot import Chatbot
from rag.evaluation.run import Answerer
from rag.models.llama.chat_model import Llama
from rag.models.writers import Writer, open_writer
from tests.benchmarks.rivals.chain import Chain, TopChunk
from tests.benchmarks.rivals.llamaindex import Unavailable, opened
from tests.benchmarks.rivals.rankings import Keywords, Vectors
from tests.benchmarks.rivals.shelf import Shelf

Opening = Callable[[Shelf, str], AbstractContextManager[Answerer]]


@dataclass(frozen=True, slots=True)
class System:
    """A name for the command line and the table, what it is, and how it is opened over a shelf and a model's name."""

    name: str
    what: str
    open: Opening


@contextmanager
def _writer(model: str) -> Iterator[Writer]:
    writer = open_writer(model)
    if writer is None:
        raise Unavailable(f"{model!r} is no language model: name one with --model")
    try:
        yield writer
    finally:
        if isinstance(writer.model, Llama):
            writer.model.close()


@contextmanager
def _quotes(shelf: Shelf, _: str) -> Iterator[Answerer]:
    yield Chatbot(shelf.index)


@contextmanager
def _pincite(shelf: Shelf, model: str) -> Iterator[Answerer]:
    with _writer(model) as writer:
        yield Chatbot(shelf.index, writer=writer)


@contextmanager
def _vectors(shelf: Shelf, model: str) -> Iterator[Answerer]:
    with _writer(model) as writer, closing(Vectors(shelf)) as ranking:
        yield Chain("vectors", shelf=shelf, ranking=ranking, writer=writer)


@contextmanager
def _keywords(shelf: Shelf, model: str) -> Iterator[Answerer]:
    with _writer(model) as writer:
        yield Chain("keywords", shelf=shelf, ranking=Keywords(shelf), writer=writer)


@contextmanager
def _hybrid(shelf: Shelf, model: str) -> Iterator[Answerer]:
    with _writer(model) as writer:
        yield Chain("hybrid", shelf=shelf, ranking=shelf.index, writer=writer)


@contextmanager
def _vectors_top(shelf: Shelf, _: str) -> Iterator[Answerer]:
    with closing(Vectors(shelf)) as ranking:
        yield TopChunk("vectors-top", shelf=shelf, ranking=ranking)


@contextmanager
def _keywords_top(shelf: Shelf, _: str) -> Iterator[Answerer]:
    yield TopChunk("keywords-top", shelf=shelf, ranking=Keywords(shelf))


@contextmanager
def _hybrid_top(shelf: Shelf, _: str) -> Iterator[Answerer]:
    yield TopChunk("hybrid-top", shelf=shelf, ranking=shelf.index)


@contextmanager
def _llama_index(shelf: Shelf, model: str) -> Iterator[Answerer]:
    with _writer(model) as writer:
        if not isinstance(writer.model, Llama):
            raise Unavailable(f"its server needs a GGUF file, and {model!r} is none")
        path = writer.model.path  # not loaded here: the server does that
    with opened("llama-index", shelf=shelf, path=path, model=writer.name) as bot:
        yield bot


SYSTEMS = (
    System("pincite", "Pincite, quotes alone", _quotes),
    System("vectors-top", "the nearest chunk in Chroma, quoted whole", _vectors_top),
    System("keywords-top", "the best chunk by BM25, quoted whole", _keywords_top),
    System("hybrid-top", "the best chunk of Pincite's search, quoted whole", _hybrid_top),
    System("pincite-model", "Pincite with the language model", _pincite),
    System("vectors", "LangChain and Chroma: the model writes from the four nearest chunks", _vectors),
    System("keywords", "BM25: the model writes from the four best chunks", _keywords),
    System("hybrid", "Pincite's search: the model writes from the four best chunks", _hybrid),
    System("llama-index", "LlamaIndex's CitationQueryEngine over the four nearest chunks", _llama_index),
)
