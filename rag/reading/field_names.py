"""The names under which tables, records and heads of files give the fields of an article."""

import re
from collections.abc import Mapping

_NAMES: Mapping[str, tuple[str, ...]] = {  # the field, and what others call it
    "title": ("headline",),
    "url": ("link", "canonical_url", "canonical"),
    "date": (
        *("published", "pubdate", "published_at", "publishdate", "publish_date", "date_published"),
        *("publication_date", "created", "created_at", "date_created"),
    ),
    "publisher": ("sitename", "site_name"),
    "credit": ("author", "authors", "byline"),
    "text": ("body", "content", "article_text", "articlebody"),
}
_NAME_CHARS = 40
_WORDS_APART = re.compile(r"[ -]+")
_ASKED = re.compile(r"(?:questions?|q|fragen?|prompt|instruction)(?![\w-])")
_SAID = re.compile(r"(?:answers?|a|antwort(?:en)?|repl(?:y|ies)|responses?|completion|output)(?![\w-])")
_ABOUT = re.compile(r"\b(?:id|no|nr|number|count|type|category|date|by|author|url|link|score)\b")


def named(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields under the names that are used here: in lower case, and those of other names where they are missing."""
    plain = {_WORDS_APART.sub("_", name.strip("\ufeff ").lower()): value for name, value in fields.items()}
    kept = {name.strip("\ufeff ").lower(): value for name, value in fields.items()}
    for name, others in _NAMES.items():
        if not kept.get(name) and (found := next((other for other in others if plain.get(other)), "")):
            kept[name] = plain[found]
    return kept


def asked_and_said(fields: Mapping[str, object]) -> tuple[str, str]:
    """The names of the fields that hold a question and its answer; two empty ones where there are none."""
    asked, said = _first(fields, _ASKED), _first(fields, _SAID)
    return (asked, said) if asked and said else ("", "")


def _first(fields: Mapping[str, object], wanted: "re.Pattern[str]") -> str:
    """The first field whose whole name is such a word, else one that begins or ends with it: "Our answer"."""
    names = {name: name.strip("\ufeff ").lower() for name, value in fields.items() if value}
    whole = next((name for name, plain in names.items() if wanted.fullmatch(plain)), "")
    return whole or next((n for n, plain in names.items() if _is_named_by(plain, wanted)), "")


def _is_named_by(plain: str, wanted: "re.Pattern[str]") -> bool:
    words = [
        match for match in wanted.finditer(plain) if match[0] not in ("q", "a") and _begins(plain, match)
    ]
    return len(plain) <= _NAME_CHARS and bool(words) and not _ABOUT.search(plain)


def _begins(plain: str, match: "re.Match[str]") -> bool:
    return match.start() == 0 or not (plain[match.start() - 1].isalnum() or plain[match.start() - 1] in "_-")
