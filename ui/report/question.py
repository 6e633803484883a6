"""One question of an evaluation as an HTML element: all that is needed to see why it went as it did. Pure."""

from typing import TYPE_CHECKING

from rag.evaluation.gold import contains_gold
from rag.schema import Answer, Citation, Evidence
from ui.elements import Html, el, listed
from ui.wording import credit_lines, differing, note, tally, unmentioned, verdict, withheld_lines

if TYPE_CHECKING:
    from rag.evaluation.results import QuestionResult

_STAGES = ("retrieve", "evidence", "write", "total")


def outcome(row: "QuestionResult", *, anchor: str, well: bool) -> Html:
    """The question, what was wanted and said, and why. ``well``: it came out as wanted."""
    question, answer = row.question, row.answer
    searched = answer.standalone_question
    facts = [
        ("Wanted", " | ".join(question.answers) or "that it is declined"),
        ("Searched for", searched if searched != answer.question else ""),
        ("Outcome", reason(row)),
        ("Noted", " ".join(filter(None, (note(answer), *differing(answer), unmentioned(answer))))),
        ("Withheld", " ".join(withheld_lines(answer))),
        ("Checked", tally(answer)[0]),
        ("Ranks", _ranks(row)),
        ("Confidence", f"{answer.confidence:.3f}"),
        ("Seconds", _seconds(answer)),
    ]
    return el(
        "article",
        el("h3", f"{'✓' if well else '✗'} {question.question}"),
        el("p", f"{question.id}, {question.kind}", class_="quiet"),
        el("blockquote", answer.text),
        el("dl", *(el("div", el("dt", name), el("dd", value)) for name, value in facts if value)),
        _verdicts(answer),
        _passages(row, folded=well),
        id=anchor,
        class_="" if well else "bad",
    )


def reason(row: "QuestionResult") -> str:
    """In a sentence, what became of the question, and at which step it was lost if it was."""
    answer = row.answer
    if not row.answerable:
        return "Declined, as wanted." if answer.abstained else "Answered, though the articles do not say."
    if answer.abstained:
        where = f" and passage {row.passage_rank} holds a gold string" if row.passage_rank else ""
        return f"Declined, though the articles answer{where}."
    if row.contains_gold:
        return "Answered with a gold string."
    if row.passage_rank:
        return f"Answered without a gold string, though passage {row.passage_rank} holds one."
    if row.string_rank:
        return f"Answered without a gold string: no passage holds one, though chunk {row.string_rank} found does."
    return "Answered without a gold string: none of the passages holds one."


def _ranks(row: "QuestionResult") -> str:
    if not row.answerable:
        return ""
    chunks = ", ".join(map(str, row.chunk_ranks)) or "none"
    named = [
        f"relevant chunks at {chunks}, of {row.relevant_chunks}" if row.relevant_chunks else "",
        f"string {row.string_rank}" if row.string_rank else "",
        f"article {row.article_rank}" if row.article_rank else "",
        f"passage {row.passage_rank or 'none'}",
    ]
    return "; ".join(name for name in named if name)


def _seconds(answer: Answer) -> str:
    stages = [*(s for s in _STAGES if s in answer.timings), *sorted(answer.timings.keys() - set(_STAGES))]
    return ", ".join(f"{stage} {answer.timings[stage]:.3f}" for stage in stages)


def _verdicts(answer: Answer) -> Html:
    found = [
        el("span", f"[{citation.label}] {verdict(citation)}, in: {_claim(answer, citation)}")
        for citation in answer.citations
    ]
    return Html(el("h4", "Verdicts") + listed(found, class_="quiet")) if found else Html()


def _claim(answer: Answer, citation: Citation) -> str:
    return answer.text[citation.claim.start : citation.claim.end]


def _passages(row: "QuestionResult", *, folded: bool) -> Html:
    """Every passage considered, in order, and whether it was cited and holds a gold string."""
    cited = {citation.label for citation in row.answer.citations}
    passages = row.answer.evidence
    if not passages:
        return Html()
    shown = [_passage(item, cited=item.label in cited, gold=row.question.answers) for item in passages]
    credits = [el("p", line, class_="quiet") for line in credit_lines(passages)]
    inner = Html("".join((listed(shown, class_="passages"), *credits)))
    if folded:
        return el("details", el("summary", f"Passages: {len(shown)}"), inner)
    return Html(el("h4", f"Passages: {len(shown)}") + inner)


def _passage(item: Evidence, *, cited: bool, gold: tuple[str, ...]) -> Html:
    marks = [f"score {item.score:.3f}", *["cited"] * cited, *["holds gold"] * contains_gold(item.text, gold)]
    head = el("span", f"[{item.label}] {', '.join(marks)}", class_="quiet")
    return Html(head + el("p", f"“{item.text}”") + el("span", item.title or item.article_id, class_="quiet"))
