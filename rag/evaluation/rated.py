"""A question of a set from an answer that a reader rated: a good answer is the gold, another is to be labelled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.citing.sources import carries
from rag.evaluation.questions import UNLABELLED, Kind
from rag.receipts.found_again import find_again
from rag.schema import Answer, Article, Span
from rag.serialization import Json, to_json

NOT_FOUND = "no quote of the answer is in the articles as they are now"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    """``Question``'s fields of these names, or ``why`` there can be none yet."""

    kind: Kind | None = None
    answers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    why: str = ""


def rated_question(
    id: str,
    question: str,
    answer: Answer,
    *,
    liked: bool,
    before: Sequence[Answer],
    article: Callable[[str], Article | None],
) -> dict[str, Json]:
    """The question as a line of a question set. ``before`` are the answers of the conversation that came before it.

    - A good answer's gold is its statements and quotes; ``spans`` are where the quotes stand now, by ``article``.
    - A refusal that was found good makes the question a near miss or a foreign one.
    - The kind of any other is ``"unlabelled"``, and ``why`` says the reason.

    ``given`` and ``cited`` keep what was answered. A conversation comes back as ``history``, as it was understood.
    """
    label = _label(answer, article) if liked else _Label(why="the answer was found bad")
    said: dict[str, Json] = {"why": label.why} if label.why else {}
    return {
        "id": id,
        "question": question,
        "kind": label.kind or UNLABELLED,
        **said,
        "answers": to_json(label.answers),
        "articles": to_json(label.articles),
        "spans": to_json(label.spans),
        "history": [message for turn in before for message in _messages(turn)],
        "given": answer.text,
        "cited": [
            {"article": one.article_id, "span": to_json(one.span), "quote": one.quote}
            for one in answer.citations
        ],
        "within": to_json(answer.within),
    }


def _messages(turn: Answer) -> tuple[dict[str, Json], dict[str, Json]]:
    return (
        {"role": "user", "content": turn.standalone_question},
        {"role": "assistant", "content": turn.text},
    )


def _label(answer: Answer, article: Callable[[str], Article | None]) -> _Label:
    """The label that a good answer gives its question."""
    if answer.outcome == "conversation":
        return _Label(why="nothing was asked of the articles")
    if answer.abstained and answer.within:
        # All articles are asked when it is measured, and one of the others may answer.
        return _Label(why="the answer was declined, and only some of the articles were asked")
    if answer.abstained:
        return _Label(kind="adversarial" if answer.outcome == "nearest" else "out_of_corpus")
    statements: list[str] = []
    quotes: list[str] = []
    places: dict[str, list[Span]] = {}
    for one in filter(carries, answer.citations):
        known = article(one.article_id)
        found = find_again(one.quote, one.span, known.text) if known else None
        if found is None or found.span is None or found.state not in ("same", "moved"):
            continue
        statements += [one.claim.of(answer.text)]
        quotes.append(one.quote)
        places.setdefault(one.article_id, []).append(found.span)
    if not places:
        return _Label(why=NOT_FOUND)
    return _Label(
        kind="answerable",
        answers=tuple(dict.fromkeys([*statements, *quotes])),
        articles=tuple(places),
        spans=tuple(dict.fromkeys(next(iter(places.values())))),
    )
