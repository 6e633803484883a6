"""Elements that the search for the article drops with their words, made such as it keeps; struck-out words go.

It takes each time, label, caption of a figure and address for furniture, and each button, also the one that shows a
question and opens its answer.
"""

import re
from typing import TYPE_CHECKING

from rag.reading.formats.html.flow import HEADINGS, holds_block, words

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_STRUCK = frozenset(("del", "s", "strike"))
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through", re.I)
_IN_TEXT = ("time", "label", "output", "progress", "meter", "marquee", "blink")
_TEXT = frozenset(
    ("p", "li", "td", "th", "dt", "dd", "blockquote", "figcaption", "caption", "summary", *HEADINGS)
)
_NOTICE = re.compile(
    r"(?:^|[\s_-])(?:note|tip|hint|warning|caution|important|info|danger|admonition|callout|alert|topic)(?:$|[\s_-])",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_PANEL = re.compile(r"tab-?(?:pane|panel|content)|accordion|collaps|answer|faq", re.I)
_CAPTION_SPACES = 3
_CREDIT = re.compile(
    r"\W*(?:(?:image|photo(?:graph)?|picture|foto)s?(?: (?:credits?|by|via|copyright|courtesy)\b|\s*:)"
    r"|(?:credits?|source)\s*:)",
    re.I,
)
_MENUS = frozenset(("nav", "header", "footer", "aside", "menu"))
_OPENS = re.compile(r"accordion|collaps|expand|toggle|faq|question", re.I)
_SHOWN = (
    "img",
    "button",
    "input",
    "select",
    "svg",
    "picture",
    "video",
    "audio",
    "iframe",
    "object",
    "canvas",
)


def keep_words(root: "HtmlElement") -> None:
    """Rename those elements in place; comes before what is unseen is taken out."""
    for element in root.iter(*_SHOWN):
        if (element.tail or "")[:1].isalnum():  # what it shows parts the words before and behind it
            element.tail = f" {element.tail}"
    for element in list(root.iter("del", "s", "strike", "span", "font")):
        if element.getparent() is not None and _is_struck(element):
            element.drop_tree()
    for element in list(root.iter(*_IN_TEXT)):
        if any(above.tag in _TEXT for above in element.iterancestors()):
            element.tag = "span"
    for element in root.iter("q"):
        _quote(element)
    for element in list(root.iter("button")):
        _show_button(element)
    _keep_blocks(root)


def _keep_blocks(root: "HtmlElement") -> None:
    for element in list(root.iter("figure", "figcaption", "address", "hgroup")):
        is_line = element.tag in ("figcaption", "address") and not holds_block(element)
        if element.tag == "figcaption" and not _tells_something(element):
            element.drop_tree()
            continue
        element.tag = "p" if is_line else "div"
    for element in root.iter("aside"):
        if _NOTICE.search(_names(element)) and not _is_of_links(element):
            element.tag = "div"
    for element in root.iter("div", "p", "dd", "section", "ul", "ol"):
        if _HIDDEN.search(element.get("style") or "") and _is_opened(element):
            del element.attrib["style"]
    for element in root.iter("menu"):
        if not _is_in_menu(element):
            element.tag = "ul"


def _is_struck(element: "HtmlElement") -> bool:
    return element.tag in _STRUCK or bool(_STRUCK_STYLE.search(element.get("style") or ""))


def _tells_something(caption: "HtmlElement") -> bool:
    """Whether a caption is more than the name of who made the picture."""
    text = words(caption)
    return text.count(" ") >= _CAPTION_SPACES and not _CREDIT.match(text)


def _quote(element: "HtmlElement") -> None:
    """The quotation marks that a browser draws around it, as text."""
    element.tag, element.text = "span", f"“{element.text or ''}"
    if len(element):
        element[-1].tail = f"{element[-1].tail or ''}”"
    else:
        element.text += "”"


def _show_button(button: "HtmlElement") -> None:
    """A button in a heading is its words; one that opens what stands behind it is a heading."""
    text = words(button)
    if any(above.tag in HEADINGS for above in button.iterancestors()):
        button.tag = "span"
    elif " " in text and not _is_in_menu(button) and (text.endswith("?") or _opens_text(button)):
        button.tag = "h3"


def _opens_text(button: "HtmlElement") -> bool:
    names = " ".join(str(button.get(name) or "") for name in ("class", "id", "data-toggle", "data-bs-toggle"))
    return button.get("aria-expanded") is not None and bool(
        _OPENS.search(names) or button.get("aria-controls")
    )


def _is_opened(element: "HtmlElement") -> bool:
    """Whether something hidden is shown by what stands before it, as an answer is by its question, or by a tab."""
    before = element.getprevious()
    is_headed = before is not None and (before.tag in (*HEADINGS, "dt") or words(before).endswith("?"))
    return (is_headed or bool(_PANEL.search(_names(element)))) and not _is_in_menu(element)


def _is_of_links(element: "HtmlElement") -> bool:
    return sum(len(words(link)) for link in element.iter("a")) * 2 > len(words(element))


def _names(element: "HtmlElement") -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_in_menu(element: "HtmlElement") -> bool:
    return any(above.tag in _MENUS for above in element.iterancestors())
