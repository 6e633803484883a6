"""An answer to be pasted elsewhere, with its citations: as Markdown, plain text and HTML. Pure.

Nothing that comes from an article or a model can make markup: see ``escaping``. Only addresses that are
``safe_url`` become links. A finding that something is wrong with is written out, never left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from rag.citing.links import safe_url
from rag.citing.markdown import in_markdown, link
from rag.schema import Answer, Citation, Evidence
from rag.serialization import Json, to_json
from ui.web.display.pieces import Break, Item, answer_pieces
from ui.wording import (
    credit_lines,
    differing,
    finding,
    labels_shown,
    limited,
    note,
    one_line,
    safe,
    unmentioned,
    verdict,
    withheld_lines,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of an answer's text, on its own or an item of a list."""

    text: str
    item: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """A source: each tuple is lines, ``address`` is empty where there is none."""

    mark: str
    quotes: tuple[str, ...] = ()
    origin: str = ""
    address: str = ""
    accessed: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Copy:
    """What every form of a copy holds."""

    lines: tuple[_Line, ...]
    remarks: tuple[str, ...]  # what a reader must know besides: which articles were asked, what is not shown
    head: str
    notes: tuple[_Note, ...]
    credits: tuple[str, ...]


def markdown(answer: Answer, *, accessed: date) -> str:
    """CommonMark: paragraphs and lists, then a paragraph for each source."""
    copy = _copy(answer, accessed)
    blocks: list[str] = []
    for at, line in enumerate(copy.lines):
        written = ("- " if line.item else "") + in_markdown(line.text)
        if line.item and at and copy.lines[at - 1].item:
            blocks[-1] += f"\n{written}"
        else:
            blocks.append(written)
    blocks += [*map(in_markdown, copy.remarks), f"**{copy.head}**" if copy.notes else ""]
    blocks += ["\\\n".join(_set(note, in_markdown, _markdown_link)) for note in copy.notes]
    blocks += [in_markdown(credit) for credit in copy.credits]
    return "\n\n".join(block for block in blocks if block) + "\n"


def plain(answer: Answer, *, accessed: date) -> str:
    """Text alone, its lines as they are."""
    copy = _copy(answer, accessed)
    blocks = [safe(answer.text), *copy.remarks, *([copy.head] if copy.notes else [])]
    blocks += ["\n".join(_set(note, one_line, one_line)) for note in copy.notes]
    return "\n\n".join([*blocks, *copy.credits]) + "\n"


def html(answer: Answer, *, accessed: date) -> str:
    """A fragment of HTML: ``p``, ``ul``, ``li``, ``br``, ``strong`` and ``a``, no attribute but a link's."""
    copy = _copy(answer, accessed)
    blocks: list[str] = []
    for at, line in enumerate(copy.lines):
        words = in_html(one_line(line.text))
        listed = line.item and at > 0 and copy.lines[at - 1].item
        if listed:
            blocks[-1] = blocks[-1].removesuffix("</ul>") + f"<li>{words}</li></ul>"
        else:
            blocks.append(f"<ul><li>{words}</li></ul>" if line.item else f"<p>{words}</p>")
    blocks += [f"<p>{in_html(remark)}</p>" for remark in copy.remarks]
    blocks += [f"<p><strong>{copy.head}</strong></p>"] if copy.notes else []
    blocks += [f"<p>{'<br>'.join(_set(note, in_html, _html_link))}</p>" for note in copy.notes]
    blocks += [f"<p>{in_html(credit)}</p>" for credit in copy.credits]
    return "\n".join(blocks) + "\n"


def source_markdown(label: int, evidence: Evidence, *, accessed: date) -> str:
    """Where a passage is from, as one line of Markdown behind its number."""
    return " ".join(_set(_note(f"[{label}]", [], evidence, [], accessed), in_markdown, _markdown_link))


def conversation_markdown(title: str, turns: Sequence[tuple[str, Answer]], *, accessed: date) -> str:
    """A conversation: its title, then each question over its answer."""
    blocks = [f"# {in_markdown(title)}"]
    for question, answer in turns:
        blocks += [f"## {in_markdown(question)}", markdown(answer, accessed=accessed).rstrip("\n")]
    return "\n\n".join(blocks) + "\n"


def conversation_json(title: str, turns: Sequence[tuple[str, Answer]], *, accessed: date) -> dict[str, Json]:
    """A conversation as data; ``answer_from_json`` reads each answer back."""
    kept: list[Json] = [{"question": question, "answer": to_json(answer)} for question, answer in turns]
    return {"title": title, "accessed": accessed.isoformat(), "turns": kept}


def _copy(answer: Answer, accessed: date) -> _Copy:
    known = {item.label: item for item in answer.evidence}
    first = (answer.sources or answer.evidence) if answer.abstained else answer.sources
    labels = labels_shown(answer, first)
    notes = [_source(answer, label, known.get(label), accessed) for label in labels]
    head = "Nearest passages" if answer.abstained else "Sources"
    said = (limited(answer), note(answer), *withheld_lines(answer), *differing(answer), unmentioned(answer))
    shown = [known[label] for label in labels if label in known]
    return _Copy(_lines(answer), tuple(filter(None, said)), head, tuple(notes), credit_lines(shown))


def _lines(answer: Answer) -> tuple[_Line, ...]:
    """The text's lines."""
    found = [_Line("")]
    for piece in answer_pieces(answer, answer.text):
        if isinstance(piece, Item):
            found.append(_Line("", item=True))
        elif isinstance(piece, Break):
            found.append(_Line(piece.text))
        else:
            found[-1] = _Line(found[-1].text + piece.text, found[-1].item)
    return tuple(line for line in found if line.text.strip())


def _source(answer: Answer, label: int, passage: Evidence | None, accessed: date) -> _Note:
    found = [citation for citation in answer.citations if citation.label == label]
    quotes = [citation.quote for citation in found if citation.quote]
    if passage and not found:
        quotes = [passage.text]
    told = [one for one in found if finding(one) != "quoted" and verdict(one) != "✓ verified"]
    findings = [_finding(answer, citation) for citation in told]
    # A claim that no passage speaks of is cited under 0.
    return _note(f"[{label or '–'}]", quotes, passage, findings, accessed)


def _finding(answer: Answer, citation: Citation) -> str:
    said = one_line(answer.text[citation.claim.start : citation.claim.end])
    return verdict(citation) if citation.verified or citation.verbatim else f"{verdict(citation)}, in: {said}"


def _note(
    mark: str, quotes: Sequence[str], passage: Evidence | None, findings: Sequence[str], accessed: date
) -> _Note:
    once = tuple(dict.fromkeys(one_line(quote) for quote in quotes))
    if passage is None:
        return _Note(mark=mark, quotes=once, findings=tuple(dict.fromkeys(findings)))
    day = passage.date.isoformat() if passage.date else ""
    page = f"p. {passage.page}" if passage.page else ""
    named = (one_line(passage.title or passage.article_id), one_line(passage.publisher), day, page)
    return _Note(
        mark=mark,
        quotes=once,
        origin=", ".join(part for part in named if part),
        address=one_line(passage.url),
        accessed=f"accessed {accessed.isoformat()}",
        findings=tuple(dict.fromkeys(findings)),
    )


def _set(note: _Note, words: Callable[[str], str], link: Callable[[str], str]) -> list[str]:
    """A source line by line, each text written by ``words`` and the address by ``link``."""
    lines = [words(f"“{quote}”") for quote in note.quotes]
    origin = [words(note.origin)] if note.origin else []
    origin += [link(note.address)] if note.address else []
    origin += [words(note.accessed)] if note.accessed else []
    lines += [f"— {', '.join(origin)}"] if origin else []
    lines += [words(finding) for finding in note.findings]
    mark = words(note.mark)
    return [f"{mark} {lines[0]}" if mark else lines[0], *lines[1:]] if lines else [mark]


def _markdown_link(address: str) -> str:
    target = safe_url(address)
    return link(in_markdown(address), target) if target else in_markdown(address)


def _html_link(address: str) -> str:
    target = safe_url(address)
    shown = in_html(address)
    return f'<a href="{in_html(target)}" rel="noopener noreferrer">{shown}</a>' if target else shown


def in_html(text: str) -> str:
    """``text`` as HTML, for between tags and for an attribute in double quotes."""
    return escape(safe(text), quote=True)
