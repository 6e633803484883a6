"""The source panel: a cited passage with its verdict, in its whole article. Pure.

Like a message of the chat it is one block of HTML in which every text is escaped.
"""

import re
from collections.abc import Sequence

from rag.citing.links import safe_url, text_fragment
from rag.schema import Answer, Article, Citation, Evidence, Span
from ui.elements import Html, el
from ui.web.display.chat_messages import Standing, block
from ui.wording import Finding, finding, finding_words, one_line, verdict

_LONGEST = (
    400_000  # characters of an article that are shown around the passage; a browser gets slow with more
)
_NEWS: dict[Standing, str] = {
    "unchanged": "Source unchanged since it was cited.",
    "edited": "Edited since it was cited.",
    "removed": "Removed since it was cited: only the quoted words are kept.",
    "": "",
}


def source_panel(
    answer: Answer, label: int, index: int | None, article: Article | None, standing: Standing, *, turn: str
) -> str:
    """The passage with this label; ``index`` is the citation that was pointed at, ``article`` as it is now."""
    passage = next((item for item in answer.evidence if item.label == label), None)
    cited = [at for at, one in enumerate(answer.citations) if one.label == label]
    citation = answer.citations[index if index in cited else cited[0]] if cited else None
    if passage is None:
        said = finding_words(citation) if citation else "the answer has no passage with this number"
        return block(_heading("No such passage"), el("p", said, class_="verdict unsupported"))
    body = _article(answer, passage, citation, article, turn) if article else _kept(passage)
    return block(
        _head(passage, _verdict(citation)),
        _details(passage, standing),
        _differing(answer, citation),
        _others(answer, passage, turn),
        body,
        class_="source",
    )


def article_panel(article: Article) -> str:
    """An article without a passage: to be read."""
    about = Evidence(
        label=1, article_id=article.id, span=Span(0, 0), text="", score=0.0, title=article.title, url=article.url,
        publisher=article.publisher, date=article.date, credit=article.credit,
    )  # fmt: skip
    return block(
        _head(about),
        _details(about, ""),
        el("div", _spaced(article.text[:_LONGEST]), class_="article", dir="auto"),
        class_="source",
    )


def _heading(text: str) -> Html:
    return el("h2", text, dir="auto")


def _head(passage: Evidence, *verdict: Html) -> Html:
    """What stays in view while the article is scrolled: title, verdict, whence it is."""
    page = f"p. {passage.page}" if passage.page else ""
    day = passage.date.isoformat() if passage.date else ""
    about = " · ".join(filter(None, (one_line(passage.publisher), day, page)))
    address = text_fragment(passage.url, passage.text) if passage.text else safe_url(passage.url)
    words = "Open the original at this sentence" if passage.text else "Open the original"
    link = el("a", f"{words} ↗", href=address, target="_blank", rel="noopener noreferrer", class_="original")
    return el(
        "header",
        _heading(one_line(passage.title or passage.article_id)),
        *verdict,
        el(
            "p",
            *([el("span", about, dir="auto"), " "] if about else []),
            *([link] if address else []),
            class_="about",
        ),
    )


def _details(passage: Evidence, standing: Standing) -> Html:
    return el(
        "div",
        el("p", _NEWS[standing], class_=f"standing {standing}") if standing else Html(),
        el("p", one_line(passage.credit), class_="credit", dir="auto") if passage.credit else Html(),
    )


def _verdict(citation: Citation | None) -> Html:
    if citation is None:
        return Html()
    found: Finding = finding(citation)
    said = "Quoted: these are the article's words" if found == "quoted" else verdict(citation)
    return el("p", said, class_=f"verdict {found}")


def _differing(answer: Answer, citation: Citation | None) -> Html:
    """Who says it, and the two sides where one thing differs."""
    if citation is None:
        return Html()
    badge = citation.speaker or citation.mood or citation.condition
    parts: list[Html] = []
    if badge and finding(citation) == "verified":
        says = f"{badge} says so" if citation.speaker else f"given as: “{badge}”"
        parts.append(el("p", one_line(says), class_="says-who", dir="auto"))
    differs = citation.contrary
    if differs and citation.claim.holds(differs.claim) and citation.span.holds(differs.words):
        claim = answer.text[citation.claim.start : citation.claim.end]
        sides = (
            ("The answer", claim, differs.claim.shift(-citation.claim.start)),
            ("The article", citation.quote, differs.words.shift(-citation.span.start)),
        )
        parts.append(el("dl", *(_side(*side) for side in sides), class_="sides"))
    return el("div", *parts)


def _side(name: str, text: str, at: Span) -> Html:
    words = (text[: at.start], el("mark", text[at.start : at.end], class_="contrary"), text[at.end :])
    return el("div", el("dt", name), el("dd", *words, dir="auto"))


def _others(answer: Answer, passage: Evidence, turn: str) -> Html:
    """Links to the passages of the same article that the answer cites."""
    same = [item for item in _shown(answer) if item.article_id == passage.article_id]
    if len(same) < 2:
        return Html()
    chips = [
        el("a", str(item.label), href=f"#{turn}.{item.label}.", aria_label=f"Passage {item.label}",
           class_="chip plain here" if item.label == passage.label else "chip plain")
        for item in same
    ]  # fmt: skip
    return el("p", "In this article: ", *chips, class_="others")


def _shown(answer: Answer) -> Sequence[Evidence]:
    return answer.sources or (answer.evidence if answer.abstained else ())


def _kept(passage: Evidence) -> Html:
    return el("blockquote", passage.text, dir="auto")


def _article(
    answer: Answer, passage: Evidence, citation: Citation | None, article: Article, turn: str
) -> Html:
    """The article with its cited passages marked; where the words have moved, at where they are now."""
    now = _now(passage, article, passage.span)
    if now is None:
        gone = el("p", "These words are no longer in the article:", class_="standing edited")
        return el(
            "div",
            gone,
            _kept(passage),
            el("div", _spaced(article.text[:_LONGEST]), class_="article", dir="auto"),
        )
    marks = [(now, passage, True)]
    for item in _shown(answer):
        span = _now(item, article, item.span) if item.article_id == article.id else None
        if span and not any(span.overlaps(taken) for taken, _, _ in marks):
            marks.append((span, item, False))
    start = max(0, now.start - _LONGEST // 2)
    end = min(len(article.text), start + _LONGEST)
    parts: list[str] = ["…" if start else ""]
    at = start
    for span, item, current in sorted(marks, key=lambda mark: mark[0].start):
        if span.start < at or span.end > end:
            continue
        words = _words(article.text, span, citation if current and now == passage.span else None)
        label = el("sup", str(item.label))
        mark = el("mark", label, *words, class_="current" if current else "other", id_=f"mark-{item.label}")
        parts += [_spaced(article.text[at : span.start]), mark]
        at = span.end
    parts += [_spaced(article.text[at:end]), "…" if end < len(article.text) else ""]
    return el("div", *parts, class_="article", dir="auto")


def _spaced(text: str) -> str:
    """The text with a line between its paragraphs, whether it has one or not."""
    return re.sub(r"\n\s*", "\n\n", text)


def _words(text: str, span: Span, citation: Citation | None) -> list[str]:
    """The passage; the words that a refused statement has others for stand out."""
    differs = citation.contrary.words if citation and citation.contrary else None
    if differs is None or not span.holds(differs):
        return [span.of(text)]
    return [text[span.start : differs.start], el("u", differs.of(text)), text[differs.end : span.end]]


def _now(item: Evidence, article: Article, span: Span) -> Span | None:
    """Where the passage stands in the article as it is; ``None`` where its words are gone."""
    if article.text[span.start : span.end] == item.text:
        return span
    at = article.text.find(item.text)
    return Span(at, at + len(item.text)) if item.text and at >= 0 else None
