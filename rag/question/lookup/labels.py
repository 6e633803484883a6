"""Labelled values: a row of a table by its first cell, and "Takings: 951 crowns", where a question names the label.

Such a line has few of a question's words, and sentences around it more: "What were the takings in week 3?".
"""

import regex

from rag.text.forms.families import related
from rag.text.lines.marks import is_row
from rag.text.words import Word, content, terms, words

_LONGEST_LABEL = 5  # content words
# Words of a value behind a colon. What is longer is a sentence, and what stands before it no label but a topic, as in
# the links of a news page: "Walmart: the recall of ...".
_LONGEST_VALUE = 8
_LABEL = regex.compile(r"\s*(?P<label>[^:：|.?!\n]{2,60})[:：]\s*\S")


def is_labelled_as_asked(line: str, question: str) -> bool:
    """Whether ``line`` has a label all of whose words ``question`` has, and a value that is not in the question.

    >>> is_labelled_as_asked("Takings: 951 crowns", "What were the takings in week 3?")
    True
    >>> is_labelled_as_asked("| Seniors | 30 crowns |", "What do families pay?")
    False
    """
    label, value = _label(line)
    named = content(label)
    if not 0 < len(named) <= _LONGEST_LABEL:
        return False
    asked = set(terms(question))
    told = any(word.term not in asked for word in content(value))
    return told and any(not word.number for word in named) and all(_is_asked(word, asked) for word in named)


def _is_asked(word: Word, asked: set[str]) -> bool:
    return word.term in asked or any(related(word.term, term) for term in asked)


def _label(line: str) -> tuple[str, str]:
    """The first cell of a row and the others, or what stands before the first colon and behind it."""
    if is_row(line):
        first, *others = line.strip().strip("|").replace("\t", "|").split("|")
        return first, " ".join(others)
    found = _LABEL.match(line)
    if found is None or len(words(line[found.end("label") :])) > _LONGEST_VALUE:
        return "", ""
    return found["label"], line[found.end("label") :]
