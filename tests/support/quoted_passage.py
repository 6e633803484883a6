"""One quoted passage, its citation and the answer they make; tests change of it what they are about."""

from datetime import date

from rag.schema import Answer, Citation, Disagreement, Evidence, ReportedValue, Span
from ui.terminal.answer_text import sources
from ui.wording import safe, searched

QUOTE = "The lighthouse was built in 1871."
PASSAGE = Evidence(
    label=1,
    article_id="orrin",
    span=Span(0, 33),
    text=QUOTE,
    score=0.9,
    title="Orrin",
    url="https://example.org/orrin",
    publisher="Coast News",
    date=date(2026, 5, 1),
    credit="Credit: Coast News",
)
CITED = Citation(
    label=1,
    claim=Span(1, 34),
    article_id="orrin",
    span=Span(0, 33),
    quote=QUOTE,
    located="exact",
    support="supported",
    verbatim=True,
)
DIFFERING = Disagreement(
    said=(
        ReportedValue(label=1, text="12", title="Orrin", publisher="Coast\u202e News", date=date(2026, 5, 1)),
        ReportedValue(label=2, text="19", title="Pell", publisher="Bay Post", date=date(2026, 5, 2)),
    )
)
ANSWER = Answer(
    question="When was it built?",
    standalone_question="When was it built?",
    text=f"“{QUOTE}” [1]",
    citations=(CITED,),
    evidence=(PASSAGE,),
    model="quotes",
)


def whole_text(answer: Answer) -> str:
    """All that a terminal shows of an answer: the question searched if it differs, the text, sources and credits."""
    return f"{searched(answer.question, answer.standalone_question)}{safe(answer.text)}\n{sources(answer)}"
