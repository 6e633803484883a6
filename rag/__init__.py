"""Pincite answers questions about a set of articles and cites the exact words for every statement.

>>> from rag import ask
>>> print(ask("How long did Colossus take to build?"))  # doctest: +SKIP

Names are loaded when first used, so that ``import rag`` takes milliseconds.

- ``chatbot``: the flow: question, evidence, answer, verified citations
- ``async_chatbot``: the chatbot for code that awaits
- ``one_call``: ``ask``, ``check`` and ``aask``, which open a chatbot themselves
- ``checking``: any text checked against the articles, statement by statement
- ``question/``: what is asked
- ``index/``: the articles that are searched
- ``evidence/``: which sentences may answer, or that none does
- ``answer/``: what is written
- ``verify/``: whether the cited words support each statement
- ``citing/``: the cited articles for other programs
- ``receipts/``: an answer kept in a file, and verified again later
- ``reading/``: files and web pages become articles
- ``models/``: language models and embedders; `default_model.py` chooses the default, the catalogue has its checksum
- ``storage/``: where an index is kept and searched: SQLite or servers, BM25, vectors
- ``text/``: the language of a text
- ``system/``: files, processes, time
- ``evaluation/``: how good the answers are
- ``events``: what an answer's stream is made of
- ``schema``: the nouns: Article, Evidence, Citation, Answer
- ``filters``: which articles a question is limited to
- ``settings``: one frozen settings object
- ``errors``: the tree of errors
- ``serialization``: the nouns as plain JSON types, and back
- ``langchain``: the chatbot as a Runnable, the index as a retriever, its embedder as Embeddings
- ``doctor``: checks of the installation, the index and the models
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.chatbot import Chatbot as Chatbot
    from rag.checking import Checked as Checked
    from rag.checking import CheckedStatement as CheckedStatement
    from rag.errors import ArticleError as ArticleError
    from rag.errors import CheckError as CheckError
    from rag.errors import IndexAway as IndexAway
    from rag.errors import IndexBroken as IndexBroken
    from rag.errors import IndexBusy as IndexBusy
    from rag.errors import IndexFault as IndexFault
    from rag.errors import IndexStale as IndexStale
    from rag.errors import ModelError as ModelError
    from rag.errors import PinciteError as PinciteError
    from rag.errors import QuestionError as QuestionError
    from rag.errors import ReceiptError as ReceiptError
    from rag.errors import ReportError as ReportError
    from rag.errors import SettingsError as SettingsError
    from rag.events import AnswerSoFar as AnswerSoFar
    from rag.events import Cited as Cited
    from rag.events import Delta as Delta
    from rag.events import Finished as Finished
    from rag.events import Retrieved as Retrieved
    from rag.events import Waiting as Waiting
    from rag.filters import Filter as Filter
    from rag.one_call import aask as aask
    from rag.one_call import ask as ask
    from rag.one_call import check as check
    from rag.reading.articles import article_from_text as article_from_text
    from rag.reading.articles import read_articles as read_articles
    from rag.reading.web.article import fetch_article as fetch_article
    from rag.reading.web.feeds.articles import fetch_articles as fetch_articles
    from rag.schema import Answer as Answer
    from rag.schema import Article as Article
    from rag.schema import Chunk as Chunk
    from rag.schema import Citation as Citation
    from rag.schema import Evidence as Evidence
    from rag.schema import Hit as Hit
    from rag.schema import Span as Span
    from rag.schema import Turn as Turn
    from rag.schema import Withheld as Withheld
    from rag.settings import Settings as Settings


__version__ = "0.1.0"

_ERRORS = (
    "ArticleError CheckError IndexAway IndexBroken IndexBusy IndexFault IndexStale ModelError PinciteError "
    "QuestionError ReceiptError ReportError SettingsError"
)

_EVENTS = "AnswerSoFar Cited Delta Finished Retrieved Waiting"
_TYPES = "Answer Article Chunk Citation Evidence Hit Span Turn Withheld"

_HOME = {
    **dict.fromkeys(_ERRORS.split(), "rag.errors"),
    **dict.fromkeys(_EVENTS.split(), "rag.events"),
    **dict.fromkeys(_TYPES.split(), "rag.schema"),
    "Chatbot": "rag.chatbot",
    "Checked": "rag.checking",
    "CheckedStatement": "rag.checking",
    "Filter": "rag.filters",
    "Settings": "rag.settings",
    "aask": "rag.one_call",
    "article_from_text": "rag.reading.articles",
    "ask": "rag.one_call",
    "check": "rag.one_call",
    "fetch_article": "rag.reading.web.article",
    "fetch_articles": "rag.reading.web.feeds.articles",
    "read_articles": "rag.reading.articles",
}

__all__ = tuple(sorted(_HOME))


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted((*globals(), *_HOME))
