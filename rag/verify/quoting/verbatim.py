"""Whether the article's own words, quoted whole, may stand without what was cut away around them."""

from collections.abc import Sequence

import regex

from rag.schema import Span, Support
from rag.text.lexicon import NEGATORS
from rag.text.words import Word, words
from rag.verify.analysed_text import AnalysedText, analyse, words_within
from rag.verify.quantity_match import missing
from rag.verify.quoting.quotations import QUOTE_WORDS
from rag.verify.syntax.arguments import is_predicate
from rag.verify.syntax.modality.context import context
from rag.verify.syntax.modality.differs import mood_reason
from rag.verify.syntax.modality.mood import Mood
from rag.verify.syntax.parsed_sentence import ParsedSentence, parsed_sentences

# Where a clause begins, and where one ends.
_OPENS = regex.compile(
    r"(?:^|[.!?,;:()—–\n]|\b(?:and|but|that|while|because|so|when|although|if))\W*$", regex.IGNORECASE
)

_CLOSES = regex.compile(
    r"\W*(?:$|[.!?,;:()—–\n]|(?:and|but|while|because|so|when|although|who|which|if)\b)", regex.IGNORECASE
)


def judge_verbatim(text: str, span: Span) -> tuple[Support, str]:
    """Judge the words of a passage at ``span``: unsupported where what denies, hedges or bounds them was cut away."""
    quote = analyse(span.of(text))
    passage = analyse(text)
    if not quote.keys and not quote.quantities:
        return "unchecked", "it holds nothing that can be checked"
    quoted = words_within(passage.words, span)
    reason = ""
    if len(quoted) >= QUOTE_WORDS:
        if not passage.parsed:
            reason = _denial_cut(passage, quote, quoted)
        else:
            reason = next((found for s in parsed_sentences(text) if (found := _mood_cut(s, span, text))), "")
    reason = reason or _bound_cut(passage, quote)
    return ("unsupported", reason) if reason else ("supported", "")


def states_clause(text: str, span: Span) -> bool:
    """Whether the words at ``span`` are a clause that nothing was cut from: they begin and end where one may."""
    return bool(_OPENS.search(text[: span.start]) and _CLOSES.match(text[span.end :])) and any(
        is_predicate(s, i) and span.holds(s.tokens[i].span.shift(s.offset))
        for s in parsed_sentences(text)
        for i in range(len(s.tokens))
    )


def _denial_cut(passage: AnalysedText, quote: AnalysedText, quoted: Sequence[int]) -> str:
    for i, denied in zip(quoted, quote.denied, strict=False):
        if passage.denied[i] != denied:
            return "what denies the quoted words is left out"
    return ""


def _mood_cut(s: ParsedSentence, span: Span, text: str) -> str:
    """Why the quoted words of one sentence are not simply so: what makes them a report or a plan is cut away."""
    if span.holds(Span(s.offset, s.offset + len(s.text))):
        return ""
    for i, token in enumerate(s.tokens):
        if not is_predicate(s, i) or not span.holds(token.span.shift(s.offset)):
            continue
        if context(s, i).denied and not any(_negates(word) for word in words(span.of(text))):
            return "what denies the quoted words is left out"
        for mood in context(s, i).moods:
            if not _is_inside(mood, span.of(text)):
                return mood_reason(mood)
    return ""


def _negates(word: Word) -> bool:
    return (
        word.norm in NEGATORS
        or word.norm.endswith("n't")
        or word.norm in ("few", "little", "rarely", "seldom")
    )


def _is_inside(mood: Mood, quote: str) -> bool:
    sign = mood.condition or mood.word
    if mood.word in ("wo", "ca") or "'" in mood.word:  # the parser's halves of "won't" and "we'll"
        return True
    return regex.search(rf"(?<!\p{{L}}){regex.escape(sign)}(?!\p{{L}})", quote, regex.IGNORECASE) is not None


def _bound_cut(passage: AnalysedText, quote: AnalysedText) -> str:
    for quantity in quote.quantities:
        if reason := missing(quantity, passage.quantities):
            return reason
    return ""
