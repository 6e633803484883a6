"""Lists of links that are a page's own text, as its programme is: there the links are taken out of the words.

The search for the article drops a list of links as a menu, or as news of other pages.
"""

import re
from typing import TYPE_CHECKING

from rag.reading.formats.html.flow import HEADINGS, is_block, words
from rag.reading.formats.html.own_part import OTHERS

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_ITEM_CHARS = 40  # at least, on average: a menu and the contents of a page have shorter ones
_PROSE_CHARS = 80  # a shorter paragraph is as often a menu or a caption
_MENUS = frozenset("nav header footer aside form menu".split())
_OTHERS_HEADING = re.compile(
    r"\b(?:related|more|also|popular|latest|trending|recommend\w*|recent|news|articles?|posts?|stories|read|links|"
    r"share|follow|categories|tags|archives?|comments?|references|sources|navigation|menu|contents)\b",
    re.I,
)


def keep_own_lists(root: "HtmlElement") -> None:
    """Take the links out of the lists whose items, nothing but links, are what the page itself tells."""
    for items in root.iter("ul", "ol"):
        if _is_of_links(items) and _is_own(items):
            for link in list(items.iter("a")):
                link.drop_tag()


def _is_of_links(items: "HtmlElement") -> bool:
    """Whether the items are long, and little else than links."""
    links = [len(words(link)) for link in items.iter("a")]
    count = sum(1 for _ in items.iterchildren("li"))
    if not links or count < 2 or sum(links) < _ITEM_CHARS * count:
        return False
    return sum(links) * 2 > len(words(items))


def _is_own(items: "HtmlElement") -> bool:
    """Whether its links lead within the page, or it stands below a heading of its own and above prose."""
    for ancestor in items.iterancestors():
        names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if ancestor.tag in _MENUS or (ancestor.tag != "body" and OTHERS.search(names)):
            return False
    names = f"{items.get('class') or ''} {items.get('id') or ''}"
    heading = _block_beside(items, forwards=False)
    if OTHERS.search(names) or (heading is not None and _OTHERS_HEADING.search(words(heading))):
        return False
    if all((link.get("href") or "").startswith("#") for link in items.iter("a")):
        return True
    following = _block_beside(items, forwards=True)
    return (
        heading is not None
        and heading.tag in HEADINGS
        and following is not None
        and following.tag == "p"
        and len(words(following)) >= _PROSE_CHARS
        and next(following.iter("a"), None) is None
    )


def _block_beside(items: "HtmlElement", *, forwards: bool) -> "HtmlElement | None":
    """The next block with words beside the list in its parent."""
    siblings = items.itersiblings(preceding=not forwards)
    return next((one for one in siblings if is_block(one) and words(one)), None)
