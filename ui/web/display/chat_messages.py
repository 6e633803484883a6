"""A conversation as the messages of Gradio's Chatbot. Pure.

A message is one block of HTML without a line end, which Markdown leaves as it is; every text in it is escaped. So
nothing that a visitor, an article or a model says becomes markup, and Gradio's sanitizer has nothing to do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rag.chatbot import QUOTES
from rag.schema import Answer, Citation, Evidence
from ui.elements import Html, el, listed
from ui.web.display.pieces import Break, Chip, Item, Words, answer_pieces
from ui.wording import (
    Finding,
    differing,
    finding,
    finding_words,
    limited,
    note,
    one_line,
    outcome_text,
    safe,
    tally,
    unmentioned,
    verdict,
    withheld,
)

Message = dict[str, Any]
# What has become of an article since it was cited; empty where that is not known.
Standing = Literal["unchanged", "edited", "removed", ""]

_STANDING = {"unchanged": "source unchanged", "edited": "edited since", "removed": "removed since", "": ""}
_SIGNS: dict[Finding, str] = {"verified": "✓", "quoted": "", "unsupported": "✗", "unchecked": "?"}
_WORST: tuple[Finding, ...] = ("unsupported", "unchecked", "quoted", "verified")
_MARKS = re.compile(r"\[[0-9]{1,3}\]")
_ANOTHER = re.compile(r"[.!?\n]\W*\w")
_HALF_MARK = re.compile(r"\s*\[[0-9]{0,3}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A turn to be shown. ``standing`` is by article id. ``doing`` says what goes on; empty once nothing does."""

    id: str
    question: str
    answer: Answer
    stopped: bool = False
    doing: str = ""
    fresh: bool = False
    follow_ups: tuple[str, ...] = ()
    standing: Mapping[str, Standing] = field(default_factory=dict)


def standing(evidence: Evidence, current: str | None) -> Standing:
    """What has become of the article, whose fingerprint now is ``current``; ``None``: it is not there."""
    if current is None:
        return "removed"
    if not evidence.fingerprint:
        return ""
    return "unchanged" if current == evidence.fingerprint else "edited"


def chat_messages(turns: Sequence[Shown]) -> list[Message]:
    """Two or three messages for each turn: the question, the answer, and the passages where there are any."""
    return [message for turn in turns for message in _messages(turn)]


def turn_at(turns: Sequence[Shown], index: int) -> Shown | None:
    """The turn that the message with this index belongs to."""
    owners = [turn for turn in turns for _ in _messages(turn)]
    return owners[index] if 0 <= index < len(owners) else None


def feedback(turns: Sequence[Shown], said: Mapping[str, str]) -> list[str | None]:
    """What was said of each answer, whose messages Gradio counts as one; ``said`` is by turn."""
    return [said.get(turn.id) for turn in turns]


def block(*parts: Html, class_: str = "", id_: str = "") -> str:
    """One block of HTML that Markdown passes on."""
    return el("div", *parts, class_=class_, id_=id_).replace("\n", "&#10;")


def _messages(turn: Shown) -> list[Message]:
    asked = {"role": "user", "content": block(el("div", turn.question, class_="asked", dir="auto"))}
    answered: Message = {"role": "assistant", "content": _answer(turn)}
    passages = _passages(turn)
    last = passages or answered
    if turn.follow_ups:
        last["options"] = [{"value": question} for question in turn.follow_ups]
    return [asked, answered, *([passages] if passages else [])]


def _answer(turn: Shown) -> str:
    answer = turn.answer
    text = outcome_text(answer)
    said = [
        _line("searched", f"Searched for: {one_line(answer.standalone_question)}")
        if _searched(answer)
        else Html(),
        _text(turn, _HALF_MARK.sub("", text) if turn.doing else text) if text else Html(),
        _line("doing", turn.doing) if turn.doing and not (text or _passages(turn)) else Html(),
        _line("stopped", "Stopped.") if turn.stopped else Html(),
        _line("caveat", f"? {unmentioned(answer)}") if unmentioned(answer) else Html(),
        *_unmarked(turn, text),
        *(_line("caveat differing", f"? {line}") for line in differing(answer)),
        _line("limited", limited(answer)) if limited(answer) else Html(),
        _line("note", note(answer)) if note(answer) else Html(),
        _withheld(answer),
    ]
    return block(*said, class_=f"answer {answer.outcome}", id_=f"a-{turn.id}" if turn.id else "")


def _text(turn: Shown, text: str) -> Html:
    """The answer's text, a paragraph or an item of a list a line."""
    answer = turn.answer
    at = 0
    lines: list[tuple[bool, list[Html]]] = [(False, [])]
    for part in answer_pieces(answer, text):
        match part:
            case Words():
                lines[-1][1].append(el("span", part.text, class_="quoted" if part.quoted else ""))
            case Chip():
                cited = _stands_for(answer.citations, part.label, at, answer.text)
                if cited:
                    lines[-1][1].append(_chip(turn, part.label, cited))
                elif not turn.doing:  # what only looks like a mark leads nowhere
                    lines[-1][1].append(el("span", part.text))
            case Break() | Item():
                lines.append((isinstance(part, Item), []))
        at += len(part.text)
    blocks: list[Html] = []
    items: list[Html] = []
    for item, parts in [*lines, (False, [])]:
        if item:
            items.append(Html("".join(parts)))
            continue
        blocks += [listed(items)] if items else []
        items = []
        blocks += [el("p", *parts)] if parts else []
    return el("div", *blocks, class_="text", dir="auto")


def _unmarked(turn: Shown, text: str) -> list[Html]:
    """A line for each finding that no chip shows: none is kept from the reader."""
    answer = turn.answer
    at, seen = 0, set[int]()
    for part in answer_pieces(answer, text):
        if isinstance(part, Chip):
            seen.update(_stands_for(answer.citations, part.label, at, answer.text))
        at += len(part.text)
    left = [one for index, one in enumerate(answer.citations) if index not in seen]
    return [
        _line(f"unmarked {finding(one)}", f"{verdict(one)}, in: {one_line(one.claim.of(answer.text))}")
        for one in left
        if not turn.doing
    ]


def _chip(turn: Shown, label: int, indexes: Sequence[int] = ()) -> Html:
    """A link to the passage with this label; it says the worst of the findings it stands for."""
    found = [turn.answer.citations[index] for index in indexes]
    passage = next((item for item in turn.answer.evidence if item.label == label), None)
    worst: Finding = min(map(finding, found), key=_WORST.index, default="unchecked")
    words = next((finding_words(one) for one in found if finding(one) == worst), "not checked yet")
    sign, name = (_SIGNS[worst], worst) if found else ("", "pending" if turn.doing else "plain")
    origin = _origin(passage) if passage else "no passage has this number"
    quote = one_line(found[0].quote if found else passage.text if passage else "")
    tip = f"Source {label}, {words}: {origin}" if found else f"Source {label}: {origin}"
    return el(
        "a",
        f"{label}{sign}",
        el("span", f" {tip}", class_="unseen"),
        href=f"#{turn.id}.{label}.{indexes[0] if indexes else ''}",
        class_=f"chip {name}",
        title=f"{tip} — “{quote}”",
    )


def _passages(turn: Shown) -> Message | None:
    """The passages beneath an answer, in the component's own foldable part."""
    answer = turn.answer
    first = _in_order(answer.sources or (answer.evidence if answer.abstained else ()), answer.quotes)
    if not first:
        return None
    wrote = answer.model != QUOTES and not answer.abstained
    if turn.doing and not wrote:
        return None  # the quotes are the answer, and here in a moment
    metadata: dict[str, Any] = {"title": turn.doing or _heading(answer, len(first))}
    if turn.doing:
        metadata["status"] = "pending"
    elif not (answer.abstained or (turn.fresh and wrote)):
        metadata["status"] = (
            "done"  # folded; what was watched as it came is not folded under the reader's eyes
        )
    rows = [_passage(turn, item) for item in first]
    how = Html() if turn.doing else _how(answer)
    return {"role": "assistant", "content": block(*rows, how, class_="passages"), "metadata": metadata}


def _heading(answer: Answer, count: int) -> str:
    passages = f"{count} passage{'s' if count != 1 else ''}"
    if answer.abstained:
        return "The closest they come" if answer.outcome == "nearest" else "Nearest passages"
    words, overall = tally(answer)
    if overall == "quoted":
        return f"{words or passages} with {'their sources' if count != 1 else 'its source'}"
    return f"{words} · {passages}"


def _passage(turn: Shown, item: Evidence) -> Html:
    indexes = [at for at, one in enumerate(turn.answer.citations) if one.label == item.label]
    indexes.sort(key=lambda at: _WORST.index(finding(turn.answer.citations[at])))
    return el(
        "div",
        _chip(turn, item.label, indexes[:1]),
        el("blockquote", item.text, dir="auto"),
        el("p", " · ".join(filter(None, (_origin(item), _STANDING[turn.standing.get(item.article_id, "")])))),
        class_="passage",
    )


def _origin(item: Evidence) -> str:
    page = f"p. {item.page}" if item.page else ""
    day = item.date.isoformat() if item.date else ""
    return " · ".join(
        filter(None, (one_line(item.title or item.article_id), one_line(item.publisher), day, page))
    )


def _line(class_: str, text: str) -> Html:
    return el("p", text, class_=f"{class_} aside", dir="auto")


def _withheld(answer: Answer) -> Html:
    """What the model wrote and no passage carries, folded, with the reasons."""
    rows = [
        Html(el("span", said, dir="auto") + el("span", reason, class_="reason"))
        for said, reason in withheld(answer)
    ]
    if not rows:
        return Html()
    summary = el("summary", "Not shown: the model's own answer")
    return el("details", summary, listed(rows), class_="withheld")


def _how(answer: Answer) -> Html:
    """Which model wrote, and how long it all took; nothing where no model wrote."""
    if answer.model in ("", QUOTES) or answer.outcome == "conversation":
        return Html()
    took = [f"{name} {seconds:.2f} s" for name, seconds in answer.timings.items()]
    return el("details", el("summary", "How"), el("p", " · ".join([safe(answer.model), *took])), class_="how")


def _in_order(sources: Sequence[Evidence], quotes: Sequence[int]) -> list[Evidence]:
    """The quotes in their order, then the rest, so that none moves when the answer comes."""
    places = {label: place for place, label in enumerate(quotes)}
    return sorted(sources, key=lambda item: places.get(item.label, len(places)))


def _searched(answer: Answer) -> bool:
    """Whether another question was searched than the one asked, white space apart."""
    return answer.question.split() != answer.standalone_question.split()


def _stands_for(citations: Sequence[Citation], label: int, at: int, text: str) -> tuple[int, ...]:
    """The citations of the statement that a mark at ``at`` stands in, closes or, at the head of a line, opens."""
    claims = {citation.claim for citation in citations}
    before = max((claim for claim in claims if claim.start <= at), key=lambda c: c.start, default=None)
    after = min((claim for claim in claims if claim.start > at), key=lambda c: c.start, default=None)
    behind = text[min(before.end, at) : at] if before else ""
    ahead = text[at : after.start] if after else ""
    order = (before, after) if "\n" not in behind or "\n" in ahead else (after, before)
    for claim, between in zip(order, (behind, ahead) if order[0] is before else (ahead, behind), strict=True):
        same = [i for i, c in enumerate(citations) if c.claim == claim and c.label == label]
        # What a statement is told with, as ", reportedly", may stand behind its claim; another statement may not.
        if same and not _ANOTHER.search(_MARKS.sub("", between)):
            return tuple(same)
    return ()
