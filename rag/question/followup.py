"""Rewrite a follow-up question, which needs the conversation to be understood, so that it stands alone."""

from collections.abc import Sequence
from dataclasses import replace

import regex

from rag.question.expected_answer import expected_answer_type
from rag.schema import Turn
from rag.text.names import group_names, names, run_text, with_hyphenated
from rag.text.words import content, words

_POSSESSIVE = regex.compile(r"\b(its|their|his|theirs|her(?=\s+\p{L}))\b", regex.IGNORECASE)


_PERSON = regex.compile(r"\b(he|she|him|her|his)\b", regex.IGNORECASE)


_PRONOUN = regex.compile(
    r"\b(it|they|them|he|she|him|her|that|this|those|these)\b(?=\s*(?:\W*$|\p{L}))", regex.IGNORECASE
)


# "that" and "this" are pronouns only by themselves: "why is that?", "what does this mean?".
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


_PLURAL_ACRONYM = regex.compile(r"\p{Lu}{2,}s$")  # "GPUs" is in capitals but names nothing


_CITATION_MARK = regex.compile(r"\s*\[\d+\]")


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """Rewrite ``question`` as it would be asked without the conversation; unchanged where it stands alone.

    Turns are oldest first. A pronoun is replaced by the subject of the conversation. A bare "why?" is joined with the
    question before. "What about X?" asks the question before of X.
    """
    resolved: list[Turn] = []
    for turn in history:
        resolved.append(replace(turn, question=_resolve(turn.question.strip(), resolved)))
    return _resolve(question.strip(), resolved)


def needs_history(question: str) -> bool:
    """Whether ``question`` cannot be understood without the conversation before it."""
    if _BARE.match(question) or _ABOUT.match(question):
        return True
    pronoun = _find_pronoun(question)
    if pronoun is not None:
        return not _list_names(question[: pronoun.start()])
    return bool(_OPENING.match(question)) or (len(content(question)) <= 1 and not _list_names(question))


def _resolve(question: str, history: Sequence[Turn]) -> str:
    """``question`` rewritten by ``history``, whose own questions are rewritten already."""
    if not history or not needs_history(question):
        return question
    last_question = history[-1].question
    without_opening = _OPENING.sub("", question)
    if _BARE.match(question):
        bare = without_opening.rstrip("?!. ")
        return f"{bare[:1].upper()}{bare[1:]}: {last_question}"
    about = _ABOUT.match(question)
    if about and not _find_pronoun(about["rest"]):
        return _ask_about(about["rest"], last_question)
    subject = _subject(question, history)
    if not subject:
        return f"{without_opening} ({last_question})"
    return _with_subject(without_opening, subject)


def _ask_about(name: str, last_question: str) -> str:
    """``last_question`` asked of ``name``, in place of the one name that it has."""
    replaceable = _list_names(last_question)
    if len(replaceable) == 1:
        return last_question.replace(replaceable[0], name)
    return f"{last_question} {name}?"


def _with_subject(question: str, subject: str) -> str:
    """``question`` with ``subject`` in place of its first pronoun, or after it in brackets where it has none."""
    pronoun = _find_pronoun(question)
    if pronoun is None:
        return f"{question.rstrip('?!. ')} ({subject})?"
    possessive = subject + ("'" if subject.endswith("s") else "'s")
    replacement = possessive if _POSSESSIVE.match(question, pronoun.start()) else subject
    return question[: pronoun.start()] + replacement + question[pronoun.end() :]


def _find_pronoun(question: str) -> "regex.Match[str] | None":
    """The first word that refers to something outside the question."""
    for match in regex.finditer(r"\b\p{L}+\b", question):
        start = match.start()
        if _POSSESSIVE.match(question, start):
            return match
        is_demonstrative = match.group().casefold() in ("that", "this", "those", "these")
        if _PRONOUN.match(question, start) and (
            not is_demonstrative or _DEMONSTRATIVE.match(question, start)
        ):
            return match
    return None


def _subject(question: str, history: Sequence[Turn]) -> str:
    """The subject of the conversation, from the last turn that has one; empty where none has."""
    is_person = bool(_PERSON.search(question))
    return next(
        (subject for turn in reversed(history) if (subject := _turn_subject(turn, is_person=is_person))), ""
    )


def _turn_subject(turn: Turn, *, is_person: bool) -> str:
    """A name of the question, or of its answer where the question asked for that name; else the last nouns.

    Of several names a person's pronoun takes the first, who acts, and another pronoun the last, which is acted on.
    """
    in_question = _list_names(turn.question)
    in_answer = _list_names(_first_line(turn.answer), include_opening=True)
    if not in_question:
        # A question typed in small letters: its words are names where the answer has them as names.
        folded = {name.casefold() for name in in_answer}
        in_question = [word.text for word in content(turn.question) if word.norm in folded]
    asks_name = (
        expected_answer_type(turn.question) == "person"
        if is_person
        else bool(_ASKS_NAME.match(turn.question))
    )
    if asks_name:
        in_question = in_answer[:1] or in_question
    if in_question:
        return in_question[0] if is_person else in_question[-1]
    if in_answer:
        return in_answer[0]
    return " ".join(word.text for word in content(turn.question)[-3:])


def _list_names(text: str, *, include_opening: bool = False) -> list[str]:
    """The names of ``text`` in order, as people say them.

    A capitalised word that begins a sentence counts where ``include_opening`` says so, or where it comes again.
    """
    sequence, detected = words(text), names(text)
    opening = (
        i for i in detected.maybe if include_opening or sequence[i].text in text[sequence[i].span.end :]
    )
    named = (i for i in (*detected.sure, *opening) if not _PLURAL_ACRONYM.fullmatch(sequence[i].text))
    return [run_text(text, run) for run in group_names(text, with_hyphenated(text, named))]


def _first_line(answer: str) -> str:
    """The first line of an answer, without citation marks."""
    return _CITATION_MARK.sub("", answer).split("\n", 1)[0]
