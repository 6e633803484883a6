"""Makes the text that may be shown of a model's reply, statement by statement: no refusal, wrapping or repetition."""

from collections.abc import Collection

import regex

from rag.answer.reply.marks import LEADING_MARKS, PLAIN_MARK, plain_marks, without_half_mark
from rag.answer.reply.refusal import is_about_the_task, is_courtesy, is_plain_refusal, refusal_in
from rag.answer.reply.wrapping import (
    OPEN_TAG,
    answer_in_json,
    is_fence,
    is_note,
    is_rule,
    is_source_entry,
    is_source_heading,
    without_html,
    without_preface,
)
from rag.text.sentences import sentences

_LONGEST_LINE = 1500  # characters after which a line is cut at a space, lest it be read again with every word
_HALF_BRACKET = 80  # characters that a mark after a full stop may be written over
_TERMINAL = regex.compile(r"[\p{Sentence_Terminal}…]")
_HALF_HEAD = regex.compile(r"(?:\\?[\[【［<(^$]|\\)")
_WORD = regex.compile(r"[\p{L}\p{N}]+")
_REPEATED_WORDS = 4  # in a statement that is not written twice; shorter ones only not three times on end
_ENDS_IN_MARK = regex.compile(rf"(?:{PLAIN_MARK.pattern})[*_]*[.!?…。]?[*_\"'”’)]*\s*\|?$")
# How reasoning that no tag opens begins: nothing of it is to be shown before the tag that closes it.
_THINKING_ALOUD = regex.compile(
    r"\b(?:the user|user's|i (?:should|need|will|must|can|think|have)|we (?:need|should|must|have|are asked)"
    r"|let me|let's|okay|ok|hmm|wait|first,|passages?|question)\b",
    regex.IGNORECASE,
)


class ReplyText:
    """Takes the text of a reply without reasoning; ``text`` is what of it may be shown.

    Nothing is given out before a statement that ends in a mark, as an answer's does and reasoning's does not: until
    then all may yet turn out to be reasoning, a refusal or JSON. A reply without marks is given out at its end.
    """

    def __init__(self, labels: Collection[int]) -> None:
        self.text = ""
        self.ends: list[int] = []  # where each statement ends in ``text``
        self.refused = False
        self.released = False  # whether text is given out before the end
        self.stopped = False  # whether nothing that follows is shown
        self.refused_outright = (
            False  # whether the reply begins with a refusal that no reasoning would begin with
        )
        self._labels = labels
        self._pending = ""  # not cut into statements yet
        self._gap = ""  # space after the last statement shown, which is shown with the next
        self._source_heading: str | None = None  # a line "Sources:", not known yet to be above a list
        self._in_sources = False
        self._about_the_task = True  # whether all statements so far are
        self._seen: list[str] = []

    def feed(self, piece: str) -> None:
        """Take a piece of the reply that ends at the end of a word."""
        self._pending += piece
        if not self.text and self._pending.lstrip().startswith("{"):
            return
        while not self.stopped and (end := self._statement_end()):
            statement, self._pending = self._pending[:end], self._pending[end:]
            self._take(statement)

    def finish(self) -> None:
        """The reply has ended: take the rest."""
        if not self.text and self._pending.lstrip().startswith("{"):
            self._pending = answer_in_json(self._pending)
            self.feed("")
        if not self.stopped:
            self._take(without_half_mark(self._pending.rstrip()), last=True)
        self._pending = ""

    def forget_pending(self) -> None:
        """What is not given out yet was reasoning."""
        self._pending = ""

    def _statement_end(self) -> int:
        """Where the first statement of the pending text ends, with its marks and space; 0 while it may go on."""
        newline = self._pending.find("\n")
        line = self._pending if newline < 0 else self._pending[:newline]
        if _TERMINAL.search(line):
            for span in sentences(line)[1:]:
                marks = LEADING_MARKS.match(line, span.start)
                end = marks.end() if marks else span.start
                if self._may_end(line, end, whole=newline >= 0):
                    return end
        if newline < 0 and len(line) > _LONGEST_LINE:
            return line.rfind(" ") + 1 or len(line)
        return newline + 1

    def _may_end(self, line: str, end: int, *, whole: bool) -> bool:
        """Whether the statement before ``end`` of a line is over; ``whole`` tells that all of the line has come."""
        statement, rest = line[:end], line[end:]
        if (not rest.strip() and not whole) or statement.count("“") > statement.count("”"):
            return False
        if OPEN_TAG.search(statement):
            return False
        return whole or not _HALF_HEAD.match(rest) or len(rest) > _HALF_BRACKET

    def _take(self, raw: str, *, last: bool = False) -> None:
        """Add a statement to the text, unless it is no part of an answer."""
        body = raw.rstrip()
        gap = raw[len(body) :].replace("\r\n", "\n").replace("\r", "\n")
        statement = without_html(plain_marks(body, self._labels)).rstrip()
        if not self.text:
            statement = without_preface(statement.lstrip())
        if is_rule(statement) or not statement:
            self._gap += (statement + gap) if self.text else ""
            return
        if is_fence(statement) or self._is_source(statement) or self._is_refusal(statement):
            return
        if self._is_repetition(statement, last=last):
            self.stopped = True
            return
        self.text += self._gap + statement if self.text else statement
        self.ends.append(len(self.text))
        self._gap = gap
        self._about_the_task &= is_about_the_task(statement)
        if _ENDS_IN_MARK.search(statement) and not _THINKING_ALOUD.search(statement):
            self.released = True

    def _is_source(self, line: str) -> bool:
        """Whether a line is part of a list of sources; one that turned out to be no list is added to the text."""
        if is_note(line):
            self._source_heading = line
            return True
        if is_source_heading(line) and self.text:
            self._source_heading, self._gap = self._gap + line, "\n"
            return True
        if self._source_heading is None:
            return False
        if is_source_entry(line):
            self._in_sources = True
            return True
        if not self._in_sources and not is_note(self._source_heading):
            self.text += self._source_heading
            self.ends.append(len(self.text))
        self._source_heading, self._in_sources = None, False
        return False

    def _is_refusal(self, statement: str) -> bool:
        """Whether a statement refuses, or is a courtesy; a refusal at the beginning ends the reply.

        Below an answer, the words that the prompt asks for are dropped; there, prose says what the answer lacks.
        """
        kind = refusal_in(statement)
        if kind and self._about_the_task and not self.released:
            self.refused_outright = not self.text and is_plain_refusal(statement)
            self.text, self.ends, self._gap, self.refused, self.stopped = "", [], "", True, True
            return True
        return kind == "words" or (not self.text and is_courtesy(statement))

    def _is_repetition(self, statement: str, *, last: bool) -> bool:
        """Whether a statement was written before: whole or, as the ``last``, in its beginning."""
        if statement.lstrip().startswith("|"):
            return False
        words = " ".join(_WORD.findall(PLAIN_MARK.sub("", statement))).casefold()
        long = words.count(" ") + 1 >= _REPEATED_WORDS
        unfinished = last and long and not _TERMINAL.search(statement[-1:])
        known = any(seen.startswith(words) if unfinished else seen == words for seen in self._seen)
        if words and (known if long else self._seen[-2:] == [words, words]):
            return True
        self._seen.append(words)
        return False
