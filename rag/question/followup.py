"""Follow-ups: a question that leans on the conversation, made to stand alone."""

from collections.abc import Sequence
from dataclasses import replace

import regex

from rag.question.expected_answer import expected
from rag.schema import Turn
from rag.text.words import content, words

_POSSESSIVE = regex.compile(r"\b(its|their|his|theirs|her(?=\s+\p{L}))\b", regex.IGNORECASE)


_PERSON = regex.compile(r"\b(he|she|him|her|his)\b", regex.IGNORECASE)


_PRONOUN = regex.compile(
    r"\b(it|they|them|he|she|him|her|that|this|those|these)\b(?=\s*(?:\W*$|\p{L}))", regex.IGNORECASE
)


# "that" and "this" stand for something only by themselves: "why is that?", "what does this mean?".
_DEMONSTRATIVE = regex.compile(
    r"\b(?:that|this|those|these)\b(?=\W*$|\s+(?:is|was|are|were|mean|means|happen|matter|work|affect|cost|take|do|does)\b)",
    regex.IGNORECASE,
)


_OPENING = regex.compile(r"^(?:and|but|so|ok|okay|then|also|or|well)\b[,\s]*", regex.IGNORECASE)


_ABOUT = regex.compile(r"^(?:and |but |so )?(?:what|how) about\s+(?P<rest>.+?)\W*$", regex.IGNORECASE)


_BARE = regex.compile(
    r"^(?:and |but |so )?(?:why|how|when|where|who|which one|how so|how come|why not|since when|how much|how many"
    r"|how long|really|are you sure|go on|tell me more|more|what else|explain|says who)\W*$",
    regex.IGNORECASE,
)


_ASKS_NAME = regex.compile(
    r"(?:which|what)\s+(?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|year\b|kind\b)\p{L}+", regex.IGNORECASE
)


_PLURAL = regex.compile(r"\p{Lu}{2,}s$")  # "GPUs" is capitalised and names nothing


_NAME = regex.compile(
    r"(?:\p{L}[\p{L}\p{N}\-]*\p{Lu}[\p{L}\p{N}]*|\p{Lu}[\p{L}\p{N}\-]*)(?:\s+\p{Lu}[\p{L}\p{N}\-]*)*"
)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """``question`` as it would be asked with no conversation before it; unchanged where it stands alone.

    Turns are oldest first. A pronoun takes the subject that the conversation was about; a bare "why?" takes the
    question before; "what about X?" asks the question before of X.
    """
    resolved: list[Turn] = []
    for turn in history:
        resolved.append(replace(turn, question=_resolve(turn.question.strip(), resolved)))
    return _resolve(question.strip(), resolved)


def leans(question: str) -> bool:
    """Whether ``question`` cannot be understood without what was said before."""
    if _BARE.match(question) or _ABOUT.match(question):
        return True
    pronoun = _find_pronoun(question)
    if pronoun is not None:
        return not _names(question[: pronoun.start()])
    return bool(_OPENING.match(question)) or (len(content(question)) <= 1 and not _names(question))


def _resolve(question: str, history: Sequence[Turn]) -> str:
    if not history or not leans(question):
        return question
    last = history[-1]
    if _BARE.match(question):
        opening = _OPENING.sub("", question).rstrip("?!. ")
        return f"{opening[:1].upper()}{opening[1:]}: {last.question}"
    about = _ABOUT.match(question)
    if about and not _find_pronoun(about["rest"]):
        old = _names(last.question)
        return (
            last.question.replace(old[-1], about["rest"])
            if len(old) == 1
            else f"{last.question} {about['rest']}?"
        )
    subject = _subject(question, history)
    plain = _OPENING.sub("", question)
    if not subject:
        return f"{plain} ({last.question})"
    return _with_subject(plain, subject)


def _with_subject(question: str, subject: str) -> str:
    owned = subject + ("'" if subject.endswith("s") else "'s")
    pronoun = _find_pronoun(question)
    if pronoun is None:
        return f"{question.rstrip('?!. ')} ({subject})?"
    replaced = (
        owned
        if _POSSESSIVE.fullmatch(question, pronoun.start(), pronoun.end()) or _owns(question, pronoun)
        else subject
    )
    return question[: pronoun.start()] + replaced + question[pronoun.end() :]


def _owns(question: str, pronoun: "regex.Match[str]") -> bool:
    return _POSSESSIVE.match(question, pronoun.start()) is not None


def _find_pronoun(question: str) -> "regex.Match[str] | None":
    """The first word that stands for something said before."""
    for match in regex.finditer(r"\b\p{L}+\b", question):
        at = match.start()
        if _POSSESSIVE.match(question, at):
            return match
        if _PRONOUN.match(question, at) and (
            match.group().casefold() not in ("that", "this", "those", "these")
            or _DEMONSTRATIVE.match(question, at)
        ):
            return match
    return None


def _subject(question: str, history: Sequence[Turn]) -> str:
    """What the conversation is about: a name of the last question, or of its answer where it asked for that name.

    Of several names a person's pronoun takes the first, who acts, and another pronoun the last, which is acted on.
    """
    person = bool(_PERSON.search(question))
    for turn in reversed(history):
        asked, answered = _names(turn.question), _names(_first_sentence(turn.answer), opening=True)
        known = {name.casefold() for name in answered}
        # A question typed in small letters: its words are names where the answer writes them as such.
        asked = asked or [word.text for word in content(turn.question) if word.norm in known]
        if (person and expected(turn.question) == "person") or (
            not person and _ASKS_NAME.match(turn.question)
        ):
            asked = answered[:1] or asked
        if asked:
            return asked[0] if person else asked[-1]
        if answered:
            return answered[0]
        nouns = content(turn.question)
        if nouns:
            return " ".join(word.text for word in nouns[-3:])
    return ""


def _names(text: str, *, opening: bool = False) -> list[str]:
    """Capitalised names in order; a capital that only opens the sentence is none, unless ``opening`` says so."""
    found: list[str] = []
    for match in _NAME.finditer(text):
        name = match.group()
        first = words(name)[0] if words(name) else None
        opens = not text[: match.start()].strip(" \"'“‘([-*•")
        plain = opens and not opening and " " not in name and name[1:].islower() and text.find(name, 1) <= 0
        if _PLURAL.match(name):
            continue
        if first is None or (opens and first.function) or plain:
            rest = name.split(" ", 1)[1] if first is not None and first.function and " " in name else ""
            if rest:
                found.append(rest)
            continue
        found.append(regex.sub(r"['’]s$", "", name))
    return found


_MARK = regex.compile(r"\s*\[\d+\]")


def _first_sentence(text: str) -> str:
    return _MARK.sub("", text).split("\n", 1)[0]
