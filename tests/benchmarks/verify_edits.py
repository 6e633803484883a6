"""Measures how often the verifier accepts a falsified sentence or refuses a true one.

For articles in files or folders it prints ``rag.evaluation.verifier.agreement``: claims made from them by mechanical
edits, and how many of each kind got a wrong verdict. ``--half`` takes half of the articles, even or odd by the CRC-32
of their id, or first or last. Without files it takes the shipped article, then also edits written by hand for that
article: every sentence is evidence, and claims are made from them by fixed edits. ``-v`` shows the mistakes. Nothing is
asserted here.
"""

import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

from rag.evaluation.verifier.agreement import agreement
from rag.reading.articles import read_articles
from rag.schema import Article, Evidence
from rag.text.sentences import blocks, sentences
from rag.text.words import words
from rag.verify.citations import verify
from tests.benchmarks.options import options_of

ARTICLE = Path(__file__).parents[2] / "corpus/articles/anthropic-partners-with-xai-for-compute-power.md"
NAMES = "Anthropic OpenAI Google Microsoft Amazon Nvidia Netflix Meta".split()
OPPOSITES = {
    "more": "fewer", "over": "under", "outstrip": "trail", "faster": "slower", "growing": "shrinking",
    "largest": "smallest", "exceed": "undercut", "raised": "lost", "loudest": "quietest", "benefit": "suffer",
    "cautious": "reckless", "idle": "busy", "direct": "indirect", "surplus": "scarce", "expensive": "cheap",
    "last": "first", "before": "after", "competitor": "ally", "increase": "decrease", "reduce": "increase",
    "intensified": "weakened", "always": "never", "wider": "narrower", "slow": "fast", "ahead": "behind",
}  # fmt: skip
UNITS = {"million": "billion", "billion": "million", "months": "weeks", "days": "months"}
SYNONYMS = {
    "companies": "firms", "company": "business", "costs": "expenses", "deal": "agreement", "massive": "huge",
    "built": "constructed", "rent": "lease", "takes": "needs", "raised": "secured", "need": "require",
    "uses": "employs", "also": "", "roughly": "about", "rivals": "competitors",
    "Despite": "Although", "is": "is, however,", "has": "has now", "data centers": "data centres", "billion": "bn",
    "like": "such as", "using": "with", "growing": "rising", "customers": "clients",
}  # fmt: skip
BE = re.compile(r"\b(is|are|was|were|has|have|will|can|could|would|may|should)\b(?! not|not)")
NUMBER = re.compile(r"(?<![A-Za-z\d.,])\d[\d,.]*(?<![.,])")
AMOUNT = re.compile(r"\$?\d[\d,]*(?:\.\d+)?(?: billion)?")
Edit = tuple[str, str, tuple[int, ...]]  # what was done, the claim, the labels it cites


def evidence(article: str) -> list[Evidence]:
    """Every sentence but headings as a passage, numbered from 1."""
    headings = {block.span for block in blocks(article) if block.kind == "heading"}
    spans = [s for s in sentences(article) if s not in headings and len(words(s.of(article))) > 3]
    return [
        Evidence(label=n, article_id="a", span=span, text=span.of(article), score=1.0)
        for n, span in enumerate(spans, 1)
    ]


def false_claims(passages: list[Evidence]) -> Iterator[Edit]:
    """Claims that their evidence does not carry."""
    for number, passage in enumerate(passages):
        text, labels = passage.text, (passage.label,)
        yield from _numbers(text, labels)
        yield from _names(text, labels, number)
        yield from _polarity(text, labels)
        other = passages[(number + 7) % len(passages)]
        yield "another sentence cited", text, (other.label,)
        half, rest = text.split(), other.text.split()
        spliced = " ".join(half[: len(half) // 2] + rest[len(rest) // 2 :])
        yield "two halves, one cited", spliced, labels
        yield "two halves, both cited", spliced, (passage.label, other.label)
        yield "a made-up ending", text.rstrip(".") + " and will be sold to Oracle next year.", labels


def _numbers(text: str, labels: tuple[int, ...]) -> Iterator[Edit]:
    for match in NUMBER.finditer(text):
        other = str(int(match.group()[0]) % 9 + 1) + match.group()[1:]
        yield "a changed digit", text[: match.start()] + other + text[match.end() :], labels
    for unit, other in UNITS.items():
        if re.search(rf"\b{unit}s?\b", text):
            yield "a changed scale or unit", re.sub(rf"\b{unit}", other, text), labels
    amounts = list(AMOUNT.finditer(text))
    if len(amounts) == 2 and amounts[0].group() != amounts[1].group():
        a, b = amounts
        swapped = text[: a.start()] + b.group() + text[a.end() : b.start()] + a.group() + text[b.end() :]
        yield "two numbers exchanged", swapped, labels


def _names(text: str, labels: tuple[int, ...], number: int) -> Iterator[Edit]:
    for name in NAMES:
        if not re.search(rf"\b{name}\b", text):
            continue
        absent = [n for n in NAMES if n not in text]
        yield "another name", re.sub(rf"\b{name}\b", absent[number % len(absent)], text), labels
        present = [n for n in [*NAMES, "xAI", "Musk"] if n != name and re.search(rf"\b{n}\b", text)]
        for other in present:
            yield "another name of the sentence", re.sub(rf"\b{name}\b", other, text, count=1), labels


def _polarity(text: str, labels: tuple[int, ...]) -> Iterator[Edit]:
    if match := BE.search(text):
        yield "not put in", text[: match.end()] + " not" + text[match.end() :], labels
    for denial, plain in ((" not ", " "), (" never ", " "), ("cannot ", "can ")):
        if denial in text and "not only" not in text:
            yield "not taken out", text.replace(denial, plain, 1), labels
    for word, other in OPPOSITES.items():
        if re.search(rf"\b{word}\b", text):
            yield "a direction turned", re.sub(rf"\b{word}\b", other, text, count=1), labels
    if re.search(r"\b(?:reportedly|plans to)\b", text):
        yield (
            "hearsay or a plan made fact",
            text.replace("reportedly ", "").replace("plans to", "will"),
            labels,
        )
    if re.search(r"\b(may|could|might)\b(?! hardly)", text):
        yield "may taken out", re.sub(r"\b(may|could|might) ", "will ", text), labels


def true_claims(passages: list[Evidence]) -> Iterator[Edit]:
    """Claims that their evidence carries: its own words and light rewordings of them."""
    for passage in passages:
        text, labels = passage.text, (passage.label,)
        yield "the same words", text, labels
        yield "in small letters", text.lower(), labels
        yield "with a lead", "According to the article, " + text.rstrip("."), labels
        for word, other in SYNONYMS.items():
            if re.search(rf"\b{word}\b", text):
                yield "a synonym", "So " + re.sub(rf"\b{word}\b", other, text, count=1), labels
        first = text.split(", ", 1)[0]
        if first != text and len(words(first)) > 4 and not re.search(r"\b(may|could|might|[Ii]f)\b", first):
            yield "the first clause", "Here " + first + ".", labels
        yield "with another lead", f"In short, {text}", labels
        if (flat := text.replace("—", ",").replace("'", "’")) != text:
            yield "other dashes and quotes", "Moreover, " + flat, labels


Counts = dict[str, tuple[int, int]]


def count_mistakes(article: str, *, verbose: bool = False) -> tuple[Counts, Counts]:
    """Return for each edit the numbers of claims and of wrong verdicts, for false and for true claims."""
    passages = evidence(article)
    counts: tuple[Counts, Counts] = ({}, {})
    for supported, claims in ((False, false_claims(passages)), (True, true_claims(passages))):
        for kind, text, labels in claims:
            claim = " ".join(text.split()) + " " + "".join(f"[{label}]" for label in labels)
            citations = verify(claim, passages)
            accepted = bool(citations) and all(citation.verified for citation in citations)
            total, wrong = counts[supported].get(kind, (0, 0))
            counts[supported][kind] = total + 1, wrong + (accepted != supported)
            if accepted != supported and verbose:
                sys.stdout.write(f"   {kind}: {claim} | {[citation.reason for citation in citations]}\n")
    return counts


def take_half(articles: list[Article], half: str | None) -> list[Article]:
    """Return the articles whose id has an even or odd CRC-32, or the first or last half as they come."""
    middle = len(articles) // 2
    if half in ("first", "last"):
        return articles[:middle] if half == "first" else articles[middle:]
    odd = {"even": 0, "odd": 1}.get(half or "")
    return [a for a in articles if odd is None or zlib.crc32(a.id.encode()) % 2 == odd]


def print_agreement(articles: list[Article], *, seed: int, limit: int, verbose: bool) -> None:
    """Print the agreement of the verifier with the labels of claims made from ``articles``."""
    result = agreement(articles, seed=seed, limit=limit)
    for kind in result.kinds:
        title = "refused" if kind.supported else "let pass"
        print(f"  {kind.name:28}{title:>9} {kind.wrong}")
    print(f"false accepts {result.false_accepts}\nfalse rejects {result.false_rejects}")
    print(f"agreement     {result.accuracy}, kappa {result.kappa:.3f}")
    for claim, reason in result.mistakes if verbose else ():
        cited = " | ".join(passage.text for passage in claim.evidence if passage.label in claim.labels)
        print(f"   {claim.kind}: {claim.claim}\n      cites: {cited}\n      {reason or 'passed'}")


def main() -> None:
    """Print the tables."""
    parser = options_of("verify_edits", __doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[])
    parser.add_argument("-v", action="store_true")
    parser.add_argument("--half", choices=("even", "odd", "first", "last"))
    parser.add_argument("--limit", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    articles = [a for path in options.files or [ARTICLE] for a in read_articles(path).articles]
    print_agreement(
        take_half(articles, options.half), seed=options.seed, limit=options.limit, verbose=options.v
    )
    if options.files:
        return
    text = ARTICLE.read_text("utf-8")
    body = text.split("---", 2)[2] if text.startswith("---") else text
    titles = "false claims taken for true", "true claims refused"
    for title, count in zip(titles, count_mistakes(body, verbose=options.v), strict=True):
        total, wrong = (sum(row[i] for row in count.values()) for i in (0, 1))
        sys.stdout.write(f"\n{title}: {wrong} of {total} ({wrong / total:.1%})\n")
        for kind, (made, mistakes) in count.items():
            sys.stdout.write(f"  {kind:32}{mistakes:4} of {made}\n")


if __name__ == "__main__":
    main()
