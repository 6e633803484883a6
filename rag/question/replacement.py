"""Ask the question before of something else: "What about a service?", "and for the Plover?", "I meant the Kestrel"."""

import regex

from rag.question.referents import bare, list_names, phrase_end
from rag.text.words import words

_PREPOSITION = r"(?:for|in|at|on|of|from|with|by|under|during|since|before|after)"
_ARTICLE = regex.compile(r"(?P<indefinite>an?)\s+|(?P<definite>the|this|that|our)\s+", regex.IGNORECASE)


def ask_about(phrase: str, last_question: str) -> str:
    """``last_question`` asked of ``phrase``, which replaces the phrase of the same role.

    A preposition replaces what the same preposition has, a name the only name, a phrase with an article the only one
    with such an article, a bare noun what was counted. Where the role is not certain, ``phrase`` is added in brackets.
    """
    phrase = regex.sub(r"(?:'s|’s)$", "", phrase.strip().rstrip("?!.,; "))
    preposition = regex.match(rf"(?P<word>{_PREPOSITION})\s+(?P<rest>\S.*)", phrase, regex.IGNORECASE)
    if preposition is not None:
        return _ask_with_preposition(preposition["word"], preposition["rest"], last_question)
    return _replace_role(phrase, last_question) or f"{last_question.rstrip('?!. ')} ({phrase})?"


def _ask_with_preposition(word: str, rest: str, last_question: str) -> str:
    """``last_question`` with ``rest`` after the preposition ``word``, which is added where it has none."""
    matches = list(regex.finditer(rf"\b{word}\s+", last_question, regex.IGNORECASE))
    if len(matches) == 1:
        start = matches[0].end()
        article = _ARTICLE.match(last_question, start)
        end = phrase_end(last_question, article.end() if article else start)
        if end > start:
            return last_question[:start] + rest + last_question[end:]
    named = _named(rest)
    return (_replace_name(rest, last_question) if named else "") or (
        f"{last_question.rstrip('?!. ')} {word.lower()} {rest}?"
    )


def _replace_role(phrase: str, last_question: str) -> str:
    """``last_question`` with ``phrase`` in place of the phrase of its role; empty where that is not certain."""
    if _named(phrase):
        return _replace_name(phrase, last_question)
    article = _ARTICLE.match(phrase)
    if article is None:
        counted = regex.search(r"\bhow (?:many|much)\s+(?=\p{L})", last_question, regex.IGNORECASE)
        end = phrase_end(last_question, counted.end()) if counted else 0
        if counted is None or end <= counted.end() or len(words(phrase)) > 3:
            return ""
        return last_question[: counted.end()] + phrase + last_question[end:]
    role = "indefinite" if article["indefinite"] else "definite"
    found = [
        (match.start(), end)
        for match in _ARTICLE.finditer(last_question)
        if match[role]
        and (match.start() == 0 or not last_question[match.start() - 1].isalnum())
        and (end := phrase_end(last_question, match.end())) > match.end()
    ]
    if len(found) != 1:
        return ""
    start, end = found[0]
    if role == "indefinite":
        phrase = _with_names_of(last_question[start:end], phrase, article.end())
    return last_question[:start] + phrase + last_question[end:]


def _with_names_of(old: str, phrase: str, after_article: int) -> str:
    """``phrase`` with the names of ``old``, which still are meant: "a Kestrel service" for "a Kestrel tyre"."""
    kept = " ".join(bare(name) for name in list_names(old))
    return f"{phrase[:after_article]}{kept} {phrase[after_article:]}" if kept else phrase


def _named(phrase: str) -> bool:
    """Whether a phrase has a name; a capital at its start is that of a name, as it stands inside a question."""
    return bool(list_names(f"about {phrase}"))


def _replace_name(phrase: str, last_question: str) -> str:
    """``last_question`` with ``phrase`` in place of its only name; empty where it has none or several."""
    replaceable = list_names(last_question)
    if len(replaceable) != 1:
        return ""
    old = replaceable[0]
    start = last_question.find(old)
    if start < 0:
        return ""
    # "a Kestrel tyre change": the name is inside a phrase that has its own article.
    inside = not old.startswith("the ") and regex.match(r"\s+\p{Ll}{3,}", last_question[start + len(old) :])
    determined = regex.search(r"\b(?:a|an|the|this|each)\s+$", last_question[:start], regex.IGNORECASE)
    new = bare(phrase) if determined and inside else phrase
    return last_question[:start] + new + last_question[start + len(old) :]
