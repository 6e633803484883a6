"""The front matter of a Markdown file: fields in YAML between two lines of ``---``, in TOML or in JSON."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from rag.reading.field_names import named

FRONT_MATTER_CHARS = 65_536  # a thousand lines: far more than titles and dates need, and parsed in a second
_FIELD = re.compile(r"([A-Za-z_][\w .-]{0,40}?)[ \t]*:(?:[ \t]+(.*))?")

_PART_OF_FIELD = re.compile(
    r"[ \t]+\S|-[ \t]|[#\]}{%]|\t"
)  # a line of a list or mapping, a comment, a template

_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?\n)?\+\+\+[ \t]*(?=\n|\Z)", re.S)
_KNOWN = frozenset(("id", "title", "url", "date", "publisher", "credit"))
_PLACEHOLDER = re.compile(r"\{\{.*\}\}|\{%.*%\}|<%.*%>")


class _Unusable(ValueError):
    """Why front matter is not read as YAML."""


def front_matter(text: str) -> tuple[Mapping[str, object], str, str]:
    """The fields between a first line ``---`` and the next, the text after it, and a note on what could not be read.

    Likewise between two lines ``+++`` those of TOML, and those of an object of JSON at the head.

    A value is a string as written, a list or a mapping; empty ones are left out. Where the lines are no YAML, those
    with a name and a value are read by themselves. A first ``---`` that is never closed, or has no fields behind it,
    is a horizontal rule of Markdown, and part of the text.
    """
    begun = text.lstrip("\n")
    if begun.startswith(("+++", "{")):
        return _other_front_matter(begun) or ({}, text, "")
    parts = _split(begun)
    if parts is None:
        return {}, text, ""
    head, rest = parts
    if not head.strip():
        return {}, rest, ""
    note = ""
    try:
        fields = _parse(head)
    except _Unusable as fault:
        lines = _fields_by_line(head)
        if lines is None:
            return {}, text, ""
        fields, note = lines, f"front matter is not read as YAML ({fault}): its 'name: value' lines alone are"
    kept = {key: value for key, value in fields.items() if not _is_empty(value)}
    return kept, rest, note


def _split(text: str) -> tuple[str, str] | None:
    """The head and the rest; ``None`` where there is no head."""
    if not text.startswith("---"):
        return None
    # Loaded here because it costs 0.1 s. The handler alone, not ``parse``: that strips the text's first
    # indentation and drops in silence what is not a mapping.
    from frontmatter.default_handlers import YAMLHandler

    handler = YAMLHandler(fm_boundary=re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE))
    if not handler.detect(text):
        return None
    try:
        head, rest = handler.split(text)
    except ValueError:
        return None
    return str(head), str(rest)


def _other_front_matter(text: str) -> tuple[Mapping[str, object], str, str] | None:
    """Front matter in TOML or JSON, as Hugo reads it; ``None`` where the text begins with neither."""
    import json
    import tomllib

    try:
        if text.startswith("{"):
            fields, end = json.JSONDecoder().raw_decode(text[:FRONT_MATTER_CHARS])
            head, rest = "", text[end:]
        else:
            match = _TOML.match(text)
            if match is None:
                return None
            head, rest = match[1][:FRONT_MATTER_CHARS], text[match.end() :]
            fields = tomllib.loads(head)
    except (ValueError, RecursionError):
        return ({}, rest, "front matter is no TOML: it is left out") if text[0] == "+" and match else None
    if (
        not isinstance(fields, dict)
        or not (rest == "" or rest.startswith("\n"))
        or not named(fields).keys() & _KNOWN
    ):
        return None
    kept = {key: str(value) if isinstance(value, date) else value for key, value in fields.items()}
    return {key: value for key, value in kept.items() if not _is_empty(value)}, rest, ""


def _parse(head: str) -> Mapping[str, object]:
    """The YAML mapping. Raises ``_Unusable`` where it is none, too long or a trap."""
    import yaml

    if len(head) > FRONT_MATTER_CHARS:
        raise _Unusable(f"over {FRONT_MATTER_CHARS} characters")
    try:
        _refuse_bombs(yaml.parse(head, Loader=yaml.BaseLoader))
        # BaseLoader keeps every scalar as written: `title: No` is "No", and `1:30` is not 90.
        fields: object = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506  # it makes strings alone
    except yaml.YAMLError as fault:
        mark, problem = getattr(fault, "problem_mark", None), getattr(fault, "problem", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise _Unusable(f"{problem or 'bad character'}{where}") from fault
    if fields is None or fields == "":  # comments alone
        return {}
    if not isinstance(fields, dict):
        raise _Unusable("no mapping")
    return fields


def _refuse_bombs(events: Iterator[object]) -> None:
    """Raises ``_Unusable`` for aliases, which can make a page of YAML a billion values, and for deep nesting.

    Deep nesting overflows the stack.
    """
    depth = 0
    for event in events:
        name = type(event).__name__
        if getattr(event, "anchor", None) is not None:  # of an alias as well
            raise _Unusable("anchors or aliases")
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        if depth > 16:
            raise _Unusable("nested over 16 deep")


def _fields_by_line(head: str) -> Mapping[str, object] | None:
    """The fields on lines of their own; ``None`` where there is none, or lines of text stand among them."""
    fields: dict[str, object] = {}
    for line in head[:FRONT_MATTER_CHARS].split("\n"):
        if match := _FIELD.fullmatch(line.rstrip()):
            value = (match[2] or "").strip()
            is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            is_text = value[:1] not in ("[", "{", "&", "*", "|", ">", "!")
            if is_text or _PLACEHOLDER.fullmatch(value):
                fields.setdefault(match[1].strip(), value[1:-1] if is_quoted else value)
            else:
                fields.setdefault(match[1].strip(), "")
        elif line.strip() and not _PART_OF_FIELD.match(line):
            return None
    return fields or None


def _is_empty(value: object) -> bool:
    return value in ("", "~", "null") or (isinstance(value, str) and bool(_PLACEHOLDER.search(value)))
