"""The normal form of a page: every text in a block, items and cells on one line, no two words run together.

What comes after, the search for the article above all, loses text that stands right behind a heading or between
paragraphs, and lists in the cells of a table.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.reading.formats.html.flow import (
    HEADINGS,
    holds_block,
    is_block,
    make_one_line,
    words,
)
from rag.reading.formats.html.kept_words import keep_words
from rag.reading.formats.html.linked_lists import keep_own_lists
from rag.reading.formats.html.notes_and_powers import resolve_raised
from rag.reading.formats.html.source import remove_unseen
from rag.reading.formats.html.tables import normalise_table

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_INLINE = (
    "span",
    "font",
    "b",
    "strong",
    "em",
    "i",
    "u",
    "big",
    "small",
    "label",
    "center",
    "ins",
    "mark",
    "a",
)

_PIECES = frozenset("span a label button time data b strong em i u small mark font abbr".split())
_WORD_PIECES = frozenset("span a label button time data".split())

_CONTAINERS = (
    "body div section article main blockquote header footer aside nav form fieldset details figure address"
).split()

_LAYOUT = (*HEADINGS[:4], "article", "section", "main", "form")
_LINES_OF_TEXT = frozenset(("p", "li", "td", "th", "dt", "dd", "caption", *HEADINGS, *_INLINE))
_LABEL_CHARS = 60
_LISTING_BREAKS = 2
_LISTING_CHARS = 70  # of a line
_INITIAL = re.compile(r"drop|initial|first-?letter", re.I)


def normalise(root: "HtmlElement") -> None:
    """Bring the tree of a page into its normal form, in place."""
    keep_words(root)
    remove_unseen(root)
    resolve_raised(root)
    _separate_pieces(root)
    for element in reversed(list(root.iter(*_INLINE))):
        if element.tag != "a" and any(
            is_block(child) or (child.tag == "a" and holds_block(child)) for child in element
        ):
            element.tag = "div"
    for table in reversed(list(root.iter("table"))):
        normalise_table(table)
    for items in list(root.iter("ul", "ol", "menu")):
        _normalise_list(items)
    keep_own_lists(root)
    for label in list(root.iter("dt")):
        _join_value(label)
    for element in [*root.iter("dt", "dd", "td", "th", "caption", *HEADINGS)]:
        if not (element.tag == "dd" and next(element.iterdescendants("table", "ul", "ol"), None) is not None):
            make_one_line(element)
    for element in list(root.iter("pre")):
        _split_lines(element)
    for element in list(root.iter("p", "dd", *_CONTAINERS)):
        _wrap_text(element)
    for element in list(root.iter("code")):  # taken for a block by the search for the article
        if element.getparent().tag in _LINES_OF_TEXT:
            element.drop_tag()


# --- words that run together -------------------------------------------------------------------------------


def _separate_pieces(root: "HtmlElement") -> None:
    """A space between two elements that a page sets apart by style alone: step "1" and "4 eggs" are not "14 eggs"."""
    for element in root.iter(*_PIECES):
        if element.tail:
            if element.tail[0].isdigit() and _is_number_of_line(element):
                element.tail = " " + element.tail
            continue
        following = element.getnext()
        if following is None or following.tag not in _PIECES or _in_code(element):
            continue
        left, right = "".join(element.itertext())[-1:], "".join(following.itertext())[:1]
        kinds = {element.tag, following.tag} <= _WORD_PIECES
        if _would_glue(left, right, are_words=kinds):
            element.tail = " "


def _would_glue(left: str, right: str, *, are_words: bool) -> bool:
    if left.isdigit() and right.isdigit():
        return True
    return are_words and (
        (left.isdigit() and right.isalpha())
        or (left.isalpha() and right.isdigit())
        or (left.islower() and right.isupper())
    )


def _is_number_of_line(element: "HtmlElement") -> bool:
    """Whether it holds one or two digits and is the first thing in its block, as the number of a step is."""
    parent = element.getparent()
    is_first = element.getprevious() is None and not (parent.text or "").strip() and is_block(parent)
    text = words(element) if is_first else ""
    return text.isdigit() and len(text) <= 2 and not _INITIAL.search(element.get("class") or "")


def _in_code(element: "HtmlElement") -> bool:
    return next(element.iterancestors("pre", "code"), None) is not None


# --- lists -------------------------------------------------------------------------------------------------


def _normalise_list(items: "HtmlElement") -> None:
    """One line for each item, items of inner lists behind the one they stand in; a list of cards is no list."""
    parent = items.getparent()
    if parent is None or items.tag == "div":
        return
    if next(items.iterdescendants(*_LAYOUT, "table"), None) is not None:
        for item in items.iterchildren("li"):
            item.tag = "div"
        items.tag = "div"
        return
    if next(items.iterdescendants("ul", "ol", "menu"), None) is not None:
        _move_inner_lists(items, items)
        item = next(items.iterchildren("li"), None)
        while item is not None:
            _move_inner_lists(item, items)
            item = item.getnext()
    for number, item in enumerate(items.iterchildren("li"), start=1):
        _mark_number(item, str(number))
        make_one_line(item)


def _join_value(label: "HtmlElement") -> None:
    """A term or label and the one thing said of it as one item; a question stays the heading of its answer."""
    value, before = label.getnext(), label.getprevious()
    if value is None or value.tag != "dd" or (before is not None and before.tag == "dt"):
        return
    following, text = value.getnext(), words(label)
    is_one = following is None or following.tag == "dt"
    is_one = is_one and not (label.tail or "").strip()
    if not is_one or not text or len(text) > _LABEL_CHARS or text[-1] in "?？.!" or not words(value):
        return
    if any(child.tag != "p" for child in value if is_block(child)):
        return
    make_one_line(value)
    value.text = f"{text.rstrip(' :')}: {(value.text or '').lstrip()}"
    label.drop_tree()


def _mark_number(item: "HtmlElement", number: str) -> None:
    """A full stop behind the item's own number, where the page writes it as a part of the item."""
    first = next(item.iterchildren(), None)
    if first is not None and not (item.text or "").strip() and first.text_content().strip() == number:
        last = next(reversed(list(first.iter())))
        last.text, first.tail = f"{number}.", " " + (first.tail or "").lstrip(" .")


def _move_inner_lists(element: "HtmlElement", items: "HtmlElement") -> None:
    """Move the items of the lists right in ``element``, an item or the list ``items`` itself, behind it."""
    place = element
    inside = element.iterchildren if element is items else element.iterdescendants
    lists = inside("ul", "ol", "menu")
    for inner in [inner for inner in lists if next(inner.iterancestors("ul", "ol", "menu"), None) is items]:
        if element is items:
            place = inner
        for inner_item in list(inner.iterchildren()):
            inner_item.tail, tail = None, inner_item.tail
            place.addnext(inner_item)
            inner_item.tail = tail
            place = inner_item
        inner.tag = "div"
        if element is items:
            inner.drop_tag()


# --- text outside of blocks --------------------------------------------------------------------------------


def _wrap_text(element: "HtmlElement") -> None:
    """Put each run of text that stands beside blocks, or between two line breaks, into a paragraph."""
    if not len(element) and element.tag != "body":
        return
    breaks = any(_is_double(child) for child in element.iterchildren("br")) or _is_listing(element)
    if not breaks and not any(is_block(child) for child in element):
        if element.tag != "body":
            return
    elif element.tag == "p":
        element.tag = "div"
    for lead, run, anchor in list(_runs(element)):
        if not (lead.strip() or any(words(node) or (node.tail or "").strip() for node in run)):
            continue
        paragraph = element.makeelement("p")
        paragraph.text = lead
        if anchor is None:
            element.text = None
            element.insert(0, paragraph)
        else:
            anchor.tail = None
            anchor.addnext(paragraph)
        for node in run:
            tail = node.tail
            paragraph.append(node)
            node.tail = tail


def _split_lines(element: "HtmlElement") -> None:
    """Make each line of text that is set out as it is typed a paragraph."""
    lines = [line for line in element.text_content().split("\n") if line.strip()]
    if len(lines) < 2 or element.getparent() is None:
        return
    for child in list(element):
        element.remove(child)
    element.text, element.tag = None, "div"
    for line in lines:
        paragraph = element.makeelement("p")
        paragraph.text = " ".join(line.split())
        element.append(paragraph)


def _is_listing(element: "HtmlElement") -> bool:
    """Whether line breaks part it into at least three short lines, as they do a timetable or verses."""
    if sum(child.tag == "br" for child in element) < _LISTING_BREAKS:
        return False
    lengths = [len((element.text or "").strip())]
    for child in element:
        if child.tag == "br":
            lengths.append(0)
        elif not is_block(child):
            lengths[-1] += len(words(child))
        lengths[-1] += len((child.tail or "").strip())
    return max(lengths) <= _LISTING_CHARS


def _is_double(line_break: "HtmlElement") -> bool:
    following = line_break.getnext()
    return following is not None and following.tag == "br" and not (line_break.tail or "").strip()


def _runs(element: "HtmlElement") -> Iterator[tuple[str, list["HtmlElement"], "HtmlElement | None"]]:
    """Each run of inline content: its first text, its elements, and the block before it."""
    lead, run, anchor = element.text or "", list["HtmlElement"](), None
    listing = _is_listing(element)
    for child in element:
        is_break = child.tag == "br" and (
            listing
            or _is_double(child)
            or ((before := child.getprevious()) is not None and before.tag == "br" and _is_double(before))
        )
        if is_block(child) or is_break or (child.tag == "a" and holds_block(child)):
            yield lead, run, anchor
            lead, run, anchor = child.tail or "", [], child
        else:
            run.append(child)
    yield lead, run, anchor
