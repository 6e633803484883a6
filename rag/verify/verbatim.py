"""Whether the article's own words, quoted whole, may stand without what was cut away around them."""

from collections.abc import Sequence

from rag.schema import Span, Support
from rag.text.negation import clauses, is_hedged
from rag.verify.analysed_text import AnalysedText, analyse, words_within
from rag.verify.quantity_match import missing
from rag.verify.quotations import QUOTE_WORDS


def judge_verbatim(text: str, span: Span) -> tuple[Support, str]:
    """Judge the words of a passage at ``span``: unsupported where what denies, hedges or bounds them was cut away."""
    quote = analyse(span.of(text))
    passage = analyse(text)
    if not quote.keys and not quote.quantities:
        return "unchecked", "it holds nothing that can be checked"
    quoted = words_within(passage.words, span)
    reason = ""
    if len(quoted) >= QUOTE_WORDS:
        reason = _denial_cut(passage, quote, quoted) or _hedge_cut(passage, quote, quoted)
    reason = reason or _bound_cut(passage, quote)
    return ("unsupported", reason) if reason else ("supported", "")


def _denial_cut(passage: AnalysedText, quote: AnalysedText, quoted: Sequence[int]) -> str:
    for i, denied in zip(quoted, quote.denied, strict=False):
        if passage.denied[i] != denied:
            return "what denies the quoted words is left out"
    return ""


def _hedge_cut(passage: AnalysedText, quote: AnalysedText, quoted: Sequence[int]) -> str:
    if is_hedged(quote.text):
        return ""
    for clause in clauses(passage.text):
        hedge = next((i for i in clause.words if passage.words[i].text in clause.hedges), None)
        if hedge is None or hedge in quoted:
            continue
        if any(i > hedge and i in quoted for i in clause.words):
            return f"‘{passage.words[hedge].text}’ is left out of the quoted words"
    return ""


def _bound_cut(passage: AnalysedText, quote: AnalysedText) -> str:
    for quantity in quote.quantities:
        if reason := missing(quantity, passage.quantities):
            return reason
    return ""
