"""The chatbot as a link of a LangChain chain."""

from collections.abc import Mapping

from langchain_core.runnables import Runnable, RunnableLambda

from rag.chatbot import Chatbot
from rag.errors import QuestionError
from rag.schema import Answer


def as_runnable(bot: Chatbot) -> Runnable[object, Answer]:
    """A LangChain ``Runnable`` from a question, or a mapping of ``question`` and ``history``, to an ``Answer``.

    >>> chain = as_runnable(bot) | (lambda answer: answer.text)  # doctest: +SKIP
    """

    def answer(given: object) -> Answer:
        if isinstance(given, Mapping):
            if "question" not in given:
                raise QuestionError(f"the input has the keys {sorted(map(str, given))}: it needs 'question'")
            return bot.ask(given["question"], history=given.get("history") or ())
        return bot.ask(given)  # type: ignore[arg-type]  # ask() itself refuses what is no string

    return RunnableLambda(answer, name="pincite")
