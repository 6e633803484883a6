"""The part of a page in which it speaks of itself: without other articles, what visitors wrote, and lists of news.

And its title, uncut.
"""

import copy
import json
import re
from typing import TYPE_CHECKING

from rag.reading.formats.html.flow import HEADINGS, words

if TYPE_CHECKING:
    from lxml.html import HtmlElement


OTHERS = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|sidebar|comments?|teasers?|promo|more-?\w*|most-?read|popular|latest|trending|"
    r"footer|newsletter|widget|advert\w*|ads?)(?:$|[\s_-])",
    re.I,
)

_LINE_CHARS = 80  # a longer paragraph is text, whose dates are of what it tells


def own_part(root: "HtmlElement") -> "HtmlElement":
    """A copy of the page without what may state the date or the name of another page."""
    page = copy.deepcopy(root)
    head = next(page.iter("h1"), None)
    own = next(head.iterancestors("article", "main"), None) if head is not None else None
    for element in list(
        page.iter("aside", "footer", "article", "div", "section", "ul", "ol", "p", "meta", "script")
    ):
        if element.getparent() is None or next(element.iter("h1"), None) is not None:
            continue
        if _is_of_others(element) or (own is not None and _is_beside(element, own)):
            element.drop_tree()
    return page


def _is_of_others(element: "HtmlElement") -> bool:
    if element.tag == "meta":
        return "image" in (element.get("property") or element.get("name") or "")
    if element.tag == "script":
        return _is_list(element.text or "")
    if element.tag == "p":
        return len(words(element)) > _LINE_CHARS
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in ("aside", "footer") or bool(OTHERS.search(names))


def _is_beside(element: "HtmlElement", own: "HtmlElement") -> bool:
    """Whether it stands in the body behind the article, or is another article or list before it."""
    if (
        element.tag in ("meta", "script")
        or any(above is own for above in element.iterancestors())
        or element is own
    ):
        return False
    return not any(inner is own for inner in element.iterdescendants(own.tag))


def _is_list(script: str) -> bool:
    """Whether a script of metadata describes a list of other pages."""
    if "ItemList" not in script and "CollectionPage" not in script:
        return False
    try:
        data: object = json.loads(script)
    except ValueError:
        return False
    return isinstance(data, dict) and data.get("@type") in ("ItemList", "CollectionPage")


def uncut_title(page: "HtmlElement", title: str | None) -> str | None:
    """``title``, or the whole of what the page's head has, where that was cut and one heading has its every word.

    What stands before or behind a dash there is most often the name of the site.
    """
    head = page.find(".//head//title")
    whole = words(head) if head is not None else ""
    if not title or len(title) >= len(whole) or not (whole.startswith(title) or whole.endswith(title)):
        return title
    wanted = _words_of(whole)
    if wanted <= _words_of(title):
        return title
    return whole if any(wanted <= _words_of(words(heading)) for heading in page.iter(*HEADINGS)) else title


def _words_of(text: str) -> set[str]:
    """The words of at least four letters, and the numbers: ``&`` is as good as "and"."""
    return set(re.findall(r"\w{4,}|\d+", text.casefold()))
