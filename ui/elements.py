"""HTML elements: whatever was not made here is escaped. Pure."""

import html

from ui.wording import safe


class Html(str):
    """Text that is HTML already. To be made of what this program wrote itself, never of what it read."""

    __slots__ = ()


def el(tag: str, *parts: str, **attributes: str) -> Html:
    """An element around ``parts``, each escaped unless it is ``Html``; attributes that are empty are left out.

    An attribute may end in ``_``, as ``class_`` must.
    """
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value}
    opened = " ".join([tag, *(f'{name}="{html.escape(safe(value))}"' for name, value in named.items())])
    inner = "".join(part if isinstance(part, Html) else html.escape(safe(part)) for part in parts)
    return Html(f"<{opened}>{inner}</{tag}>")


def listed(items: list[Html], *, tag: str = "ul", class_: str = "") -> Html:
    """A list of these items; nothing where there are none."""
    return el(tag, *(el("li", item) for item in items), class_=class_) if items else Html()


def link(to: str, *parts: str) -> Html:
    """A link to the element of this page that has the id ``to``."""
    return el("a", *parts, href=f"#{to}")
