"""Reads the reply of a chat model from any provider: from the chunks of its stream to the text that may be shown.

What is read, and in which forms, is in the modules below: ``reasoning`` takes the reasoning out, ``statements``
cuts the rest into statements, ``ending`` reads how the stream ended.
"""

from collections.abc import Collection
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from rag.answer.reply.ending import Ending, StreamEnding
from rag.answer.reply.reasoning import ReasoningFilter
from rag.answer.reply.statements import ReplyText

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

# A reply is read word by word, so that the same comes out however it is cut into pieces.
_WORD = regex.compile(r"[^\s。！？]*[\s。！？]")


class ReplyReader:
    """Takes the chunks of a stream; gives out the text to show, as whole statements, and nothing is taken back.

    The first statement that ends in a mark opens the reply: until then all is held, as it may turn out to be reasoning
    that no tag opens, a refusal or JSON. A reply without marks is held until ``finish``.

    ``labels`` are those of the passages: only with them is ``(1)`` a mark.

    >>> reader = ReplyReader(labels=(1,))
    >>> reader.feed("<think>Passage 1 has it.</think>Colossus took 122 days (1). It")
    ()
    >>> reader.feed(" is in Memphis"), reader.finish()
    (('Colossus took 122 days [1].',), (' It is in Memphis',))
    """

    def __init__(self, labels: Collection[int] = ()) -> None:
        self._labels = frozenset(labels)
        self._ending = StreamEnding()
        self._reasoning = ReasoningFilter()
        self._reply = ReplyText(self._labels)
        self._word = ""  # the last word, which may go on
        self._given = 0  # characters of the text given out so far

    def feed(self, chunk: "BaseMessage | str") -> tuple[str, ...]:
        """Take the next chunk; return the statements that are now certain, each with the space before it."""
        if isinstance(chunk, str):
            piece = chunk
        else:
            self._ending.note(chunk)
            piece = chunk.text  # of content blocks, those of type "text" alone
        if not any(char.isspace() or char in "。！？" for char in piece):
            self._word += piece
            return ()
        text = self._word + piece
        end = 0
        for match in _WORD.finditer(text):
            self._read(match.group())
            end = match.end()
        self._word = text[end:]
        return self._give() if self._reply.released else ()

    def finish(self) -> tuple[str, ...]:
        """The stream has ended: return the rest of the statements."""
        self._read(self._word)
        self._word = ""
        self._reply.feed(self._reasoning.finish())
        self._reply.finish()
        return self._give()

    @property
    def text(self) -> str:
        """All text given out so far."""
        return self._reply.text[: self._given]

    @property
    def ending(self) -> Ending:
        """How the reply ended: a provider's refusal is ``filtered``. Call after ``finish``.

        A reply that may be stopped is complete, whether its stream was closed before it gave a reason or not.
        """
        ending = self._ending.ending
        return "complete" if self.stopped and ending == "cut off" else ending

    @property
    def refused(self) -> bool:
        """Whether the model says that the passages do not answer; then there is no text."""
        return self._reply.refused

    @property
    def empty(self) -> bool:
        """Whether the model said nothing: neither text nor a refusal. Call after ``finish``."""
        return not self.text and not self.refused

    @property
    def stopped(self) -> bool:
        """Whether no later chunk can change anything, so that the stream may be closed.

        The model repeats itself, its turn is over, or it began with the refusal that the prompt asks for.
        """
        if self._reply.released:
            return self._reply.stopped or self._reasoning.ended
        return self._reply.refused_outright

    def _read(self, word: str) -> None:
        began_inside, text = self._reasoning.feed(word)
        if began_inside and self._reply.released:
            self._reply.forget_pending()
        elif began_inside:
            self._reply = ReplyText(self._labels)
        self._reply.feed(text)

    def _give(self) -> tuple[str, ...]:
        ends = [end for end in self._reply.ends if end > self._given]
        statements = tuple(self._reply.text[start:end] for start, end in pairwise((self._given, *ends)))
        self._given = len(self._reply.text)
        return statements
