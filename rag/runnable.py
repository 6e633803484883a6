"""The chatbot as a link of a LangChain chain."""

from collections.abc import Mapping

from langchain_core.runnables import Runnable, RunnableLambda

from rag.chatbot import Chatbot
from rag.errors import QuestionError
from rag.filtering import EVERYTHING
from rag.schema import Answer


def as_runnable(bot: Chatbot) -> Runnable[object, Answer]:
    """A LangChain ``Runnable`` from a question, or a mapping of it, to an ``Answer``.

    The mapping has a ``question`` and may have a ``history`` and ``within``, a ``Filter``.

    >>> chain = as_runnable(bot) | (lambda answer: answer.text)  # doctest: +SKIP
    """

    def answer(given: object) -> Answer:
        if isinstance(given, Mapping):
            if "question" not in given:
                raise QuestionError(f"the input has the keys {sorted(map(str, given))}: it needs 'question'")
            within = given.get("within") or EVERYTHING
            return bot.ask(given["question"], history=given.get("history") or (), within=within)
        return bot.ask(given)  # type: ignore[arg-type]  # ask() itself refuses what is no string

    return RunnableLambda(answer, name="pincite")
