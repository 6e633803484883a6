"""The contenders, each opened only while it is asked: two language models at once slow each other down."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass

from rag.chatbot import Chatbot
from rag.evaluation.run import Answerer
from rag.models.llama.chat_model import Llama
from rag.models.writers import Writer, open_writer
from tests.benchmarks.rivals.chain import Chain, TopChunk
from tests.benchmarks.rivals.common_index import CommonIndex
from tests.benchmarks.rivals.llamaindex import Unavailable, open_llama_index
from tests.benchmarks.rivals.rankings import Keywords, Vectors

Opening = Callable[[CommonIndex, str], AbstractContextManager[Answerer]]


@dataclass(frozen=True, slots=True)
class Contender:
    """A system that is compared: its name on the command line and in the table, what it is, and how it is opened.

    ``open`` takes the common index and the name of a language model.
    """

    name: str
    description: str
    open: Opening


@contextmanager
def _open_language_model(model: str) -> Iterator[Writer]:
    writer = open_writer(model)
    if writer is None:
        raise Unavailable(f"{model!r} is no language model: name one with --model")
    try:
        yield writer
    finally:
        if isinstance(writer.model, Llama):
            writer.model.close()


@contextmanager
def _quotes(common_index: CommonIndex, _: str) -> Iterator[Answerer]:
    yield Chatbot(common_index.index)


@contextmanager
def _pincite(common_index: CommonIndex, model: str) -> Iterator[Answerer]:
    with _open_language_model(model) as writer:
        yield Chatbot(common_index.index, writer=writer)


@contextmanager
def _vectors(common_index: CommonIndex, model: str) -> Iterator[Answerer]:
    with _open_language_model(model) as writer, closing(Vectors(common_index)) as ranking:
        yield Chain("vectors", common_index=common_index, ranking=ranking, writer=writer)


@contextmanager
def _keywords(common_index: CommonIndex, model: str) -> Iterator[Answerer]:
    with _open_language_model(model) as writer:
        yield Chain("keywords", common_index=common_index, ranking=Keywords(common_index), writer=writer)


@contextmanager
def _hybrid(common_index: CommonIndex, model: str) -> Iterator[Answerer]:
    with _open_language_model(model) as writer:
        yield Chain("hybrid", common_index=common_index, ranking=common_index.index, writer=writer)


@contextmanager
def _vectors_top(common_index: CommonIndex, _: str) -> Iterator[Answerer]:
    with closing(Vectors(common_index)) as ranking:
        yield TopChunk("vectors-top", common_index=common_index, ranking=ranking)


@contextmanager
def _keywords_top(common_index: CommonIndex, _: str) -> Iterator[Answerer]:
    yield TopChunk("keywords-top", common_index=common_index, ranking=Keywords(common_index))


@contextmanager
def _hybrid_top(common_index: CommonIndex, _: str) -> Iterator[Answerer]:
    yield TopChunk("hybrid-top", common_index=common_index, ranking=common_index.index)


@contextmanager
def _llama_index(common_index: CommonIndex, model: str) -> Iterator[Answerer]:
    with _open_language_model(model) as writer:
        if not isinstance(writer.model, Llama):
            raise Unavailable(f"its server needs a GGUF file, and {model!r} is none")
        path = writer.model.path  # not loaded here: the server does that
    with open_llama_index("llama-index", common_index=common_index, path=path, model=writer.name) as bot:
        yield bot


CONTENDERS = (
    Contender("pincite", "Pincite, quotes alone", _quotes),
    Contender("vectors-top", "the nearest chunk in Chroma, quoted whole", _vectors_top),
    Contender("keywords-top", "the best chunk by BM25, quoted whole", _keywords_top),
    Contender("hybrid-top", "the best chunk of Pincite's search, quoted whole", _hybrid_top),
    Contender("pincite-model", "Pincite with the language model", _pincite),
    Contender("vectors", "LangChain and Chroma: the model writes from the four nearest chunks", _vectors),
    Contender("keywords", "BM25: the model writes from the four best chunks", _keywords),
    Contender("hybrid", "Pincite's search: the model writes from the four best chunks", _hybrid),
    Contender("llama-index", "LlamaIndex's CitationQueryEngine over the four nearest chunks", _llama_index),
)
