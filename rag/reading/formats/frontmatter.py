"""The front matter of a Markdown file: ``name: value`` lines of YAML between two lines of ``---``."""

import re
from collections.abc import Iterator, Mapping

from rag.errors import ArticleError

FRONT_MATTER_CHARS = 65_536  # a thousand lines: far more than titles and dates need, and parsed in a second


def front_matter(text: str, source: str) -> tuple[Mapping[str, object], str]:
    """The fields between a first line ``---`` and the next, and the text after it.

    A value is a string as written, a list or a mapping; empty ones are left out. A first ``---`` that is
    never closed is a horizontal rule of Markdown, and part of the text. Raises ``ArticleError`` where the fields
    are no YAML mapping, too long or a trap.
    """
    if not text.startswith("---"):
        return {}, text
    # Loaded here because it costs 0.1 s. The handler alone, not ``parse``: that strips the text's first
    # indentation and drops in silence what is not a mapping.
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler(fm_boundary=re.compile(r"^---[ \t]*$", re.MULTILINE))
    if not handler.detect(text):
        return {}, text
    try:
        head, rest = handler.split(text)
    except ValueError:
        return {}, text
    if len(head) > FRONT_MATTER_CHARS:
        raise ArticleError(source, f"front matter over {FRONT_MATTER_CHARS} characters: shorten it")
    try:
        _refuse_bombs(yaml.parse(head, Loader=yaml.BaseLoader), source)
        # BaseLoader keeps every scalar as written: `title: No` is "No", and `1:30` is not 90.
        fields: object = handler.load(head, Loader=yaml.BaseLoader)
    except yaml.YAMLError as fault:
        mark, problem = getattr(fault, "problem_mark", None), getattr(fault, "problem", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise ArticleError(
            source, f"front matter is not YAML ({problem or 'bad character'}{where}): mend it"
        ) from fault
    if fields is None or fields == "":
        return {}, rest
    if not isinstance(fields, dict):
        kind = "a list" if isinstance(fields, list) else "a text"
        raise ArticleError(source, f"front matter is no 'name: value' lines but {kind}: mend or remove it")
    return {key: value for key, value in fields.items() if value not in ("", "~", "null")}, rest


def _refuse_bombs(events: Iterator[object], source: str) -> None:
    """Raises ``ArticleError`` for aliases, which can make a page of YAML a billion values, and for deep nesting.

    Deep nesting overflows the stack.
    """
    depth = 0
    for event in events:
        name = type(event).__name__
        if getattr(event, "anchor", None) is not None:  # of an alias as well
            raise ArticleError(source, "front matter uses YAML anchors or aliases: write the value out")
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        if depth > 16:
            raise ArticleError(source, "front matter is nested over 16 deep: flatten it")
