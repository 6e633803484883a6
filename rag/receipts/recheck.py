"""Verifies a receipt again: each article, quote and statement as it was, and as the articles are now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from rag.receipts.found_again import State, find_again
from rag.receipts.receipt_file import Receipt
from rag.schema import Answer, Article, Citation, Evidence, Span, Support
from rag.serialization import Json, to_json
from rag.verify import check_claim
from rag.verify.claims import claims

ArticleState = Literal["same", "changed", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckedArticle:
    """An article that the answer cites or quotes: the same text as then, another one, or none of this id."""

    id: str
    title: str
    state: ArticleState


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckedQuote:
    """The words of a citation, or of a passage that is quoted as a whole: where they stood, and what is there now.

    ``now`` is where they stand now, or where the nearest words do if they are *changed*; ``None`` if they are *gone*.
    ``words`` is what stands there.
    """

    label: int
    article_id: str
    quote: str
    span: Span
    state: State
    now: Span | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckedStatement:
    """A statement of the answer, its verdict ``then`` and ``now``; ``reason`` is why it is not supported now."""

    claim: Span
    text: str
    then: Support
    now: Support
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """A receipt, and what has become of all that it stands on."""

    receipt: Receipt
    articles: tuple[RecheckedArticle, ...]
    quotes: tuple[RecheckedQuote, ...]
    statements: tuple[RecheckedStatement, ...]

    @property
    def unchanged(self) -> bool:
        """Whether articles, quotes and verdicts are as they were."""
        return self.changes == 0

    @property
    def changes(self) -> int:
        """The number of articles, quotes and verdicts that are not as they were."""
        articles = sum(item.state != "same" for item in self.articles)
        quotes = sum(item.state != "same" for item in self.quotes)
        return articles + quotes + sum(item.then != item.now for item in self.statements)


def verify_receipt(receipt: Receipt, *, article: Callable[[str], Article | None]) -> Recheck:
    """Verify a receipt against the articles as they are now; ``article`` gives that of an id, or ``None``.

    Each quote is looked for again, and each statement is verified against the passages as they read now.
    """
    answer = receipt.answer
    used = {item.article_id: item for item in answer.sources}
    now = {item.article_id: article(item.article_id) for item in answer.evidence}
    evidence = tuple(_passages_now(answer.evidence, now))
    quotes = tuple(_quotes(answer, now))
    return Recheck(
        receipt=receipt,
        articles=tuple(
            RecheckedArticle(id=id, title=item.title, state=_article_state(item, now[id]))
            for id, item in used.items()
        ),
        quotes=quotes,
        statements=tuple(_statements(answer, evidence, now)),
    )


def recheck_to_json(recheck: Recheck) -> dict[str, Json]:
    """The findings as plain JSON types, with the question and the moment of the receipt."""
    return {
        "question": recheck.receipt.answer.question,
        "written": recheck.receipt.written.isoformat(timespec="seconds"),
        "unchanged": recheck.unchanged,
        "articles": to_json(recheck.articles),
        "quotes": to_json(recheck.quotes),
        "statements": to_json(recheck.statements),
    }


def _article_state(then: Evidence, now: Article | None) -> ArticleState:
    if now is None:
        return "gone"
    return "same" if now.fingerprint == then.fingerprint else "changed"


def _quotes(answer: Answer, now: dict[str, Article | None]) -> Iterable[RecheckedQuote]:
    """The words of each citation, each once, then the passages that are quoted and not cited."""
    cited = {
        (item.label, item.span): (item.article_id, item.quote) for item in answer.citations if item.quote
    }
    labels = {label for label, _ in cited}
    for passage in answer.sources:
        if passage.label not in labels:
            cited[passage.label, passage.span] = passage.article_id, passage.text
    for (label, span), (article_id, quote) in cited.items():
        article = now.get(article_id)
        found = find_again(quote, span, article.text if article else "")
        words = found.span.of(article.text) if article and found.span else ""
        yield RecheckedQuote(
            label=label,
            article_id=article_id,
            quote=quote,
            span=span,
            state=found.state,
            now=found.span,
            words=words,
        )


def _passages_now(evidence: Iterable[Evidence], now: dict[str, Article | None]) -> Iterable[Evidence]:
    """The passages as they read now; those that are gone are left out."""
    for passage in evidence:
        article = now[passage.article_id]
        if article and (span := find_again(passage.text, passage.span, article.text).span):
            yield replace(passage, span=span, text=span.of(article.text))


def _statements(
    answer: Answer, evidence: tuple[Evidence, ...], now: dict[str, Article | None]
) -> Iterable[RecheckedStatement]:
    grouped: dict[Span, list[Citation]] = {}
    for citation in answer.citations:
        grouped.setdefault(citation.claim, []).append(citation)
    for span, citations in grouped.items():
        text = span.of(answer.text)
        then = _verdict(citations)
        support, reason = (
            _quoted_now(citations, now)
            if then == "quoted"
            else _verdict_now(text, citations, evidence, question=answer.standalone_question)
        )
        yield RecheckedStatement(claim=span, text=text, then=then, now=support, reason=reason)


def _verdict(citations: Iterable[Citation]) -> Support:
    """One verdict for all citations of a statement: the worst of them."""
    found = {
        "unsupported" if item.support == "supported" and not item.verified else item.support
        for item in citations
    }
    return next(support for support in _WORST_FIRST if support in found)


_WORST_FIRST: tuple[Support, ...] = ("unsupported", "unchecked", "supported", "quoted")


def _quoted_now(citations: Iterable[Citation], now: dict[str, Article | None]) -> tuple[Support, str]:
    """Words that were cut from an article are still quoted while they stand in it, wherever."""
    for citation in citations:
        article = now.get(citation.article_id)
        if article is None or find_again(citation.quote, citation.span, article.text).state not in (
            "same",
            "moved",
        ):
            return "unsupported", "the words no longer stand in the article"
    return "quoted", ""


def _verdict_now(
    text: str, citations: Iterable[Citation], evidence: tuple[Evidence, ...], *, question: str
) -> tuple[Support, str]:
    """The verifier's verdict on a statement and the passages it cited, as they read now."""
    labels = tuple(dict.fromkeys(citation.label for citation in citations if citation.label))
    there = {passage.label for passage in evidence}
    if missing := [label for label in labels if label not in there]:
        return "unsupported", f"the words of [{missing[0]}] are gone from the article"
    found = [
        citation
        for claim in claims(text)
        for citation in check_claim(replace(claim, labels=labels), evidence, question=question)
    ]
    if not found:
        return "unchecked", "it holds nothing that can be checked"
    reasons = (citation.reason for citation in found if not citation.verified and citation.reason)
    return _verdict(found), next(reasons, "")
