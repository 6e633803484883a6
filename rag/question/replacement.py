"""Ask the question before of something else: "What about a service?", "and for the Plover?", "I meant the Kestrel"."""

from itertools import pairwise

import regex

from rag.question.noun_phrases import phrase_end
from rag.question.referents import bare, list_names
from rag.text.parse import parse
from rag.text.words import words

_PREPOSITION = r"(?:for|in|at|on|of|from|with|by|under|during|since|before|after|per)"
_ARTICLE = regex.compile(r"(?P<indefinite>an?)\s+|(?P<definite>the|this|that|our)\s+", regex.IGNORECASE)


_DIGITS = r"\d[\d.,]*(?:\p{L}\b)?(?<![.,])"
_NUMBER = regex.compile(rf"(?:(?P<kind>\p{{L}}+)\s+)?(?P<number>{_DIGITS})")
_SUPERLATIVE = regex.compile(
    r"\bthe\s+(?:\p{L}{2,}est|(?:most|least)\s+\p{L}+|best|worst)\b", regex.IGNORECASE
)
_TOPIC = regex.compile(
    r"(?:(?:can|could)\s+you\s+)?(?:please\s+)?(?:tell\s+me(?:\s+more|\s+something)?\s+about|explain"
    r"|describe|summari[sz]e|show\s+me)\s+"
    r"(?P<topic>(?!(?:what|how|why|who|when|where|to)\b)[^?.!]+?)(?P<end>\s*[?.!]*)",
    regex.IGNORECASE,
)
_EXISTENCE = regex.compile(
    r"(?:is|are)\s+there\s+(?P<topic>(?!.*\b(?:in|for|on|at|of|from|with|to|that|which)\b)[^?]+?)\s*\?*",
    regex.IGNORECASE,
)
_ONES = regex.compile(r"(?:the\s+)?(?P<word>\p{Ll}+)\s+ones?", regex.IGNORECASE)
_STEP = regex.compile(
    r"(?:in\s+)?the\s+(?:(?P<back>year\s+before|(?:previous|preceding)\s+year)|year\s+after|(?:next"
    r"|following)\s+year)(?:\s+(?:that|it))?",
    regex.IGNORECASE,
)
_KIND = r"(?:section|clause|chapter|article|paragraph|part|rule|week|day|lesson|step|level|version)"
_NEXT = regex.compile(
    rf"the\s+(?:(?P<back>previous|preceding)|next|following)\s+(?P<kind>one|{_KIND})", regex.IGNORECASE
)
_LABELLED = regex.compile(
    rf"(?<={_KIND}\s)\d{{1,3}}(?![.\d])|(?<=\b[1-9]\d?\.)\d{{1,2}}(?![.\d])", regex.IGNORECASE
)
_YEAR = regex.compile(r"\b(?:1\d|20)\d\d\b")
_GOVERNED = regex.compile(rf"\b{_PREPOSITION}\s+$", regex.IGNORECASE)
_SHORT_PHRASE = 2  # words: an article and a noun


def is_step(phrase: str) -> bool:
    """Whether ``phrase`` is "the year before" or "the year after that"."""
    return _STEP.fullmatch(phrase) is not None


def is_superlative(phrase: str) -> bool:
    """Whether ``phrase`` is "the largest" or "the largest one"."""
    return _SUPERLATIVE.fullmatch(regex.sub(r"\s+ones?$", "", phrase)) is not None


def has_superlative(question: str) -> bool:
    """Whether ``question`` has a superlative."""
    return _SUPERLATIVE.search(question) is not None


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
    for replaced in (_replace_topic, _replace_number, _replace_superlative, _replace_modifier, _replace_next):
        if found := replaced(phrase, last_question):
            return found
    if _named(phrase):
        return _replace_name(phrase, last_question)
    if _ARTICLE.match(phrase):
        return _replace_determined(phrase, last_question)
    return _replace_counted(phrase, last_question) or _replace_bare(phrase, last_question)


def _replace_topic(phrase: str, last_question: str) -> str:
    """Any phrase in place of the whole topic of "tell me about …" and "is there a …"."""
    topic = _TOPIC.fullmatch(last_question) or _EXISTENCE.fullmatch(last_question)
    return (
        f"{last_question[: topic.start('topic')]}{phrase}{last_question[topic.end('topic') :]}"
        if topic
        else ""
    )


def _replace_modifier(phrase: str, last_question: str) -> str:
    """ "The monthly ones" after "the audited accounts": the word before the noun is replaced."""
    ones = _ONES.fullmatch(phrase)
    if ones is None or _SUPERLATIVE.match(phrase):
        return ""
    found = [
        before
        for before, noun in pairwise(words(last_question))
        if noun.norm.endswith("s") and not (before.function or noun.function or before.number)
    ]
    if len(found) != 1:
        return ""
    return last_question[: found[0].span.start] + ones["word"] + last_question[found[0].span.end :]


def _replace_next(phrase: str, last_question: str) -> str:
    """The year or the section before or after the only one of the question."""
    step = _STEP.fullmatch(phrase) or _NEXT.fullmatch(phrase)
    numbered = _LABELLED if step and "kind" in step.groupdict() else _YEAR
    found = [*numbered.finditer(last_question)] if step else []
    if step is None or len(found) != 1:
        return ""
    number = int(found[0].group()) + (-1 if step["back"] else 1)
    return f"{last_question[: found[0].start()]}{number}{last_question[found[0].end() :]}"


def _replace_number(phrase: str, last_question: str) -> str:
    """A number, alone or behind the word for what it numbers, in place of the only one: "and clause 3?", "2020?"."""
    asked = _NUMBER.fullmatch(phrase)
    if asked is None:
        return ""
    kind = rf"{regex.escape(asked['kind'])}\s+" if asked["kind"] else ""
    found = [*regex.finditer(rf"\b(?:{kind})\K{_DIGITS}(?![\w.,]*\d)", last_question, regex.IGNORECASE)]
    if len(found) != 1:
        return ""
    return last_question[: found[0].start()] + asked["number"] + last_question[found[0].end() :]


def _replace_superlative(phrase: str, last_question: str) -> str:
    """ "The largest" in place of "the oldest"."""
    found = [*_SUPERLATIVE.finditer(last_question)]
    phrase = regex.sub(r"\s+ones?$", "", phrase)
    if len(found) != 1 or not _SUPERLATIVE.fullmatch(phrase):
        return ""
    return last_question[: found[0].start()] + phrase + last_question[found[0].end() :]


def _replace_determined(phrase: str, last_question: str) -> str:
    """A phrase with an article in place of the only one with such an article, else of what a preposition governs."""
    article = _ARTICLE.match(phrase)
    if article is None:
        return ""
    role = "indefinite" if article["indefinite"] else "definite"
    every = [
        (match, end)
        for match in _ARTICLE.finditer(last_question)
        if (match.start() == 0 or not last_question[match.start() - 1].isalnum())
        and (end := phrase_end(last_question, match.end())) > match.end()
    ]
    nouns = [] if every else _bare_nouns(last_question)
    if len(nouns) == 1:
        return last_question[: nouns[0][0]] + phrase + last_question[nouns[0][1] :]
    alike = [(match, end) for match, end in every if match[role]]
    governed = [(match, end) for match, end in every if _GOVERNED.search(last_question[: match.start()])]
    short = len(words(phrase)) <= _SHORT_PHRASE
    found = alike if len(alike) == 1 else governed if short else []
    if len(found) != 1:
        return ""
    match, end = found[0]
    if role == "indefinite" and match["indefinite"]:
        phrase = _with_names_of(last_question[match.start() : end], phrase, article.end())
    return last_question[: match.start()] + phrase + last_question[end:]


def _replace_counted(phrase: str, last_question: str) -> str:
    """A bare noun in place of what was counted: "employees" in "How many GPUs does it have?"."""
    counted = regex.search(r"\bhow (?:many|much)\s+(?=\p{L})", last_question, regex.IGNORECASE)
    end = phrase_end(last_question, counted.end()) if counted else 0
    if counted is None or end <= counted.end() or len(words(phrase)) > _SHORT_PHRASE + 1:
        return ""
    return last_question[: counted.end()] + phrase + last_question[end:]


def _replace_bare(phrase: str, last_question: str) -> str:
    """A noun without an article in place of its like: "children" for "adults", "dog" for "cat" in "for a cat"."""
    nouns = _bare_nouns(last_question)
    if len(_bare_nouns(f"Where are {phrase}?")) != 1 and len(words(phrase)) > 1:
        return ""
    if len(nouns) > 1:
        nouns = [(start, end) for start, end in nouns if last_question[end:].lstrip("?!. ")][:1]
    if not nouns:
        nouns = [
            (match.end(), end)
            for match in _ARTICLE.finditer(last_question)
            if match["indefinite"]
            and (end := phrase_end(last_question, match.end())) > match.end()
            and _GOVERNED.search(last_question[: match.start()])
            and len(words(phrase)) == 1
        ]
    if len(nouns) != 1:
        return ""
    start, end = nouns[0]
    return last_question[:start] + phrase + last_question[end:]


def _bare_nouns(question: str) -> list[tuple[int, int]]:
    """Where the noun phrases of a question stand that have no article, number or owner, with their adjectives."""
    parsed = parse(question)
    found = []
    for t, token in enumerate(parsed.tokens):
        before = [parsed.tokens[c] for c in parsed.children[t] if c < t]
        is_bare = token.pos == "NOUN" and token.dep in ("nsubj", "nsubjpass", "dobj", "pobj", "attr", "ROOT")
        if is_bare and all(child.dep in ("amod", "compound") for child in before):
            found.append((min([token.span.start, *(child.span.start for child in before)]), token.span.end))
    return found


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
