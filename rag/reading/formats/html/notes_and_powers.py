"""Raised figures of a page: powers become raised digits, marks of notes are cut out."""

import re
from typing import TYPE_CHECKING

from rag.reading.formats.html.flow import holds_block, text_after, text_before, words
from rag.reading.formats.raised import is_note_mark, power, raised_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*(?:super|text-top)", re.I)

_RAISED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sup|super|superscript|noteref|footnote-ref|fnref)(?:$|[\s_-])", re.I
)

_NOTE_TARGET = re.compile(r"#.*(?:fn|ftn|edn|note|cite|ref|_bib|bib)", re.I)
_NOTE_KIND = re.compile(r"noteref|backlink|footnote|endnote", re.I)
_MARK_CHARS = 40


def resolve_raised(root: "HtmlElement") -> None:
    """Put in place of each raised element, and of each link to a note, what stands for it in plain text."""
    for equation in list(root.iter("math")):
        _write_out(equation)
    for element in list(root.iter("sup", "span", "a", "small", "font")):
        if element.getparent() is None or not (_is_raised(element) or _is_note_link(element)):
            continue
        if holds_block(element):
            continue
        text = words(element)
        if not text or len(text) > _MARK_CHARS:
            continue
        linked = is_note_mark(text) and _is_linked(element)
        kept = raised_text(text_before(element), text, text_after(element), linked=linked)
        element.tail = kept + (element.tail or "")
        element.drop_tree()


def _write_out(equation: "HtmlElement") -> None:
    """An equation of MathML as text on one line: its powers raised, its fractions with a stroke."""
    for part in reversed(equation.xpath(".//msup[*] | .//mfrac[*]")):
        if part.tag == "msup":
            exponent = power(words(part[-1]))
            part[-1].drop_tree()
            part.tail = exponent + (part.tail or "")
        else:
            part[0].tail = "/"
    equation.tag = "span"


def _is_raised(element: "HtmlElement") -> bool:
    if element.tag == "sup":
        return True
    if element.tag in ("span", "font", "small"):
        style, names = element.get("style") or "", element.get("class") or ""
        return bool((style and _RAISED_STYLE.search(style)) or (names and _RAISED_CLASS.search(names)))
    return False


def _is_note_link(element: "HtmlElement") -> bool:
    """Whether it is a link that by its own attributes leads to a note, or back from one."""
    if element.tag != "a":
        return False
    if not len(element) and not is_note_mark(element.text or ""):  # most links, at once
        return False
    kind = " ".join(element.get(name) or "" for name in ("class", "role", "epub:type", "rel", "data-type"))
    if not (_NOTE_KIND.search(kind) or _NOTE_TARGET.search(element.get("href") or "")):
        return False
    text = words(element)
    return is_note_mark(text) and not _opens_a_note(element)


def _opens_a_note(element: "HtmlElement") -> bool:
    """Whether nothing stands before it in its block: there the number names the note and is no part of a word."""
    return not text_before(element).strip() and element.tag == "a" and not words(element).startswith("↩")


def _is_linked(element: "HtmlElement") -> bool:
    links = [*element.iterdescendants("a"), *element.iterancestors("a")]
    if element.tag == "a":
        links.append(element)
    return any("#" in (link.get("href") or "") for link in links)
