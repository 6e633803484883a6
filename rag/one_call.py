"""``ask``, ``check`` and ``aask``: a chatbot opened, and asked or given a text to check, in one call.

The chatbots stay open until the process ends, so that a second call about the same corpus is answered at once. Changes
to the corpus's files after the first call are not seen here; a new ``Chatbot`` sees them.
"""

import asyncio
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from rag.chatbot import QUOTES, Chatbot
from rag.checking import Checked, check_length
from rag.filters import EVERYTHING, Filter
from rag.index.corpus import Corpus
from rag.index.embedder_choice import AUTO
from rag.question.input import History, check_question
from rag.schema import Answer
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel


# The chatbots opened so far, by the arguments they were opened with.
_shared: dict[tuple[object, ...], Chatbot] = {}
_shared_lock = Lock()


def ask(
    question: str,
    *,
    history: History = (),
    corpus: Corpus = None,
    model: "str | BaseChatModel | None" = None,
    embedder: "str | Embeddings" = AUTO,
    index: str | Path | None = None,
    within: Filter = EVERYTHING,
) -> Answer:
    """Answer ``question``: ``Chatbot.open`` and ``Chatbot.ask`` in one call.

    Raises ``QuestionError``, ``SettingsError``, ``ArticleError``, ``IndexFault`` and ``ModelError``.
    """
    check_question(question, limit=Settings().question_chars)
    bot = _opened(corpus=corpus, model=model, embedder=embedder, index=index)
    return bot.ask(question, history=history, within=within)


async def aask(
    question: str,
    *,
    history: History = (),
    corpus: Corpus = None,
    model: "str | BaseChatModel | None" = None,
    embedder: "str | Embeddings" = AUTO,
    index: str | Path | None = None,
    within: Filter = EVERYTHING,
) -> Answer:
    """Answer ``question`` as ``ask`` does, for code that awaits; cancelling the task stops the model.

    What the first call opens is opened to its end even so, for the next one.
    """
    check_question(question, limit=Settings().question_chars)
    opening = partial(_opened, corpus=corpus, model=model, embedder=embedder, index=index)
    bot = await asyncio.to_thread(opening)
    return await bot.aask(question, history=history, within=within)


def check(
    text: str,
    *,
    corpus: Corpus = None,
    embedder: "str | Embeddings" = AUTO,
    index: str | Path | None = None,
    within: Filter = EVERYTHING,
) -> Checked:
    """Check each statement of ``text`` against the articles: ``Chatbot.open`` and ``Chatbot.check`` in one call.

    No language model is used. Raises ``CheckError``, ``SettingsError``, ``ArticleError``, ``IndexFault`` and
    ``ModelError``.
    """
    check_length(text)
    bot = _opened(corpus=corpus, model=QUOTES, embedder=embedder, index=index)
    return bot.check(text, within=within)


def _opened(
    *,
    corpus: Corpus,
    model: "str | BaseChatModel | None",
    embedder: "str | Embeddings",
    index: str | Path | None,
) -> Chatbot:
    paths = (corpus,) if corpus is None or isinstance(corpus, str | Path) else tuple(corpus)
    models = (item if item is None or isinstance(item, str) else id(item) for item in (model, embedder))
    key = (*map(str, paths), str(index), *models)
    with _shared_lock:
        bot = _shared.get(key)
        if bot is None:
            bot = _shared[key] = Chatbot.open(corpus=corpus, model=model, embedder=embedder, index=index)
    return bot
