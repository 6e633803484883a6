"""Rewrite a follow-up question, which needs the conversation to be understood, so that it stands alone."""

from collections.abc import Sequence
from dataclasses import replace

import regex

from rag.question.lookup.other_languages import leans_elsewhere
from rag.question.lookup.particulars import asked_particular
from rag.question.lookup.whole import NAMED
from rag.question.noun_phrases import counted_things, first_noun
from rag.question.referents import bare, first_line, is_person, is_refusal, list_names, person, thing
from rag.question.replacement import ask_about, has_superlative, is_step, is_superlative
from rag.question.scope import asks_overview, is_form_of_answer
from rag.schema import Turn
from rag.text.language import is_foreign_question
from rag.text.words import content

__all__ = ["ask_about", "completed", "needs_history", "standalone_question"]
_POSSESSIVE = regex.compile(r"\b(its|their|his|theirs|her(?=\s+\p{L}))\b", regex.IGNORECASE)
_PERSON = regex.compile(r"(?:he|she|him|her|his)", regex.IGNORECASE)
_PLURAL = regex.compile(r"(?:they|them|their|theirs|those|these)", regex.IGNORECASE)


# "It" that stands for what comes later: "How much does it cost to change its tyres?"
_EXPLETIVE = regex.compile(
    r"it\s+(?:(?:cost|costs|take|takes|is|was|possible|likely|true|safe|legal|allowed|better"
    r"|worth)\s+)+(?:\p{L}+\s+)?to\s+\p{L}+\s+\p{L}",
    regex.IGNORECASE,
)


# "Which one is cheaper?", "which is older": one of the last two names.
_COMPARES = regex.compile(
    r"^(?:and |but |so )?which\s+(?:(?:one|of\s+(?:them|these|those|the\s+two))\s+\p{L}+"
    r"|is\s+(?:the\s+)?(?:more|less|\p{L}+(?:er|est))\b)",
    regex.IGNORECASE,
)


# "How big is this battery?": the thing belongs to the subject. "This article" and "this year" do not.
_POINTS_AT = regex.compile(
    r"\b(?:this|these)\s+(?!(?:articles?|documents?|texts?|years?|months?|weeks?|time|way|stor(?:y|ies)"
    r"|cases?)\b)\p{Ll}{3,}"
)

_PRONOUN = regex.compile(
    r"\b(it|they|them|he|she|him|her|that|this|those|these)\b(?=\s*(?:\W*$|\p{L}))", regex.IGNORECASE
)


# "that" and "this" are pronouns only by themselves: "why is that?", "what does this mean?".
_DEMONSTRATIVE = regex.compile(
    r"\b(?:that|this|those|these)\b(?=\W*$|\s+(?:is|was|are|were|mean|means|happen|matter|work|affect|cost|take"
    r"|do|does)\b)",
    regex.IGNORECASE,
)

# "The second one": one of several that the answer names.
_ORDINAL = regex.compile(
    r"\bthe\s+(?P<which>first|second|third|fourth|last|former|latter)(?:\s+one)?\b(?=\W*$|\s+(?:do|does|did|is|was|cost|have|has|live|work)\b)",
    regex.IGNORECASE,
)
_PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1, "former": 0, "latter": 1}
_OPENING = regex.compile(r"^(?:and|but|so|ok|okay|then|also|or|well)\b[,\s]*", regex.IGNORECASE)
_ABOUT = regex.compile(r"^(?:and |but |so )?(?:what|how) about\s+(?P<rest>.+?)\W*$", regex.IGNORECASE)


# "How much is that for a dog?" asks the same as the question before, where that begins so.
_SAME = regex.compile(
    r"^(?:and |but |so )?(?P<asking>how\s+\p{L}+|what|when|where|who)"
    r"(?:['’]s|\s+(?:is|are|was|were|does|do|would|will))\s+(?:it|that|this|they|those)"
    r"(?:\s+(?:be|cost|take|last))?\s+(?P<rest>(?:for|in|with|on|at|from|under|during)\s+[^?]+?)\W*$",
    regex.IGNORECASE,
)


# A phrase without a verb: "and for the Plover?", "a service?", "in 2023?".
_FRAGMENT = regex.compile(
    r"^(?P<opening>(?:and|but|or|so|also|then)\b[,\s]*)?(?P<rest>(?:(?:for|in|at|on|of|from|with|by|under"
    r"|during|since|before|after|per)\s+)?"
    r"(?:the|an?)?\b\s*[^\s?]+(?:\s+[^\s?]+){0,3})\s*\?*\s*$",
    regex.IGNORECASE,
)

_CLAUSE = regex.compile(
    r"\b(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|has|have|had|can|could|will|would"
    r"|should|may|might|tell|list|give|show|explain|describe|compare|summari[sz]e|translate|repeat|say|meant?"
    r"|\p{L}+n['’]t)\b",
    regex.IGNORECASE,
)

_LED = regex.compile(
    r"(?:the|an?|for|in|at|on|of|from|with|by|under|during|since|before|after|per)\s", regex.IGNORECASE
)

_BARE = regex.compile(
    r"^(?:and |but |so )?(?:why|how|when|where|who|which one|how so|how come|why not|since when|how much|how many"
    r"|(?:by|for|to|with|from|against|about|until|till|since|at|in|on|of|under)\s+(?:whom|who|what(?:\s+\p{L}+)?|when|where"
    r"|which(?:\s+\p{L}+)?)|what\s+for"
    r"|how\s+(?:often|far|old|big|fast|high|large|late|early)|how long"
    r"|really|are you sure|go on|tell me more|more|what else|explain|says who)\W*$",
    regex.IGNORECASE,
)

_SHORT = regex.compile(
    r"\p{Ll}{3,}|(?:the\s+)?\p{Ll}+\s+ones?|(?:\p{Ll}+\s+)?\d[\d.]*"
)  # "rabbits?", "2017?"
_OF_NAME = regex.compile(r"\p{Lu}\S*['’]s?\s+\p{L}")
_THAT_NOUN = regex.compile(
    r"\b(?:that|this|those|these)\s+(?!(?:articles?|documents?|texts?|years?|months?|weeks?|time|way|case|is|was|are|were|does|do|did|mean|means"
    r"|happen|matter|work|affect|cost|take)\b)(?P<noun>\p{Ll}{3,})\b"
)
_NAMED = regex.compile(NAMED, regex.IGNORECASE)
_EXISTS = regex.compile(r"\b(?:is|are|was|were) there\b", regex.IGNORECASE)
_MALE = ("he", "him", "his")


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """Rewrite ``question`` as it would be asked without the conversation; unchanged where it stands alone.

    Turns are oldest first. A pronoun is replaced by the person or thing of the conversation that it refers to. A bare
    "why?" is joined with the question before. "What about X?" asks the question before of X.
    """
    resolved: list[Turn] = []
    genders: dict[str, str] = {}
    for turn in history:
        resolved.append(replace(turn, question=completed(turn.question.strip(), resolved, genders)))
    return completed(question.strip(), resolved, genders)


def needs_history(question: str) -> bool:
    """Whether ``question`` cannot be understood without the conversation before it."""
    if refers_back(question):
        return True
    is_thin = len(content(question)) <= 1 and not list_names(question)
    return is_thin and _find_pronoun(question) is None and not _says_enough(question)


def refers_back(question: str) -> bool:
    """Whether a word of ``question`` refers to the conversation: a pronoun, an "and" before it, "what about"."""
    if _BARE.match(question) or _ABOUT.match(question) or _compares(question) or _fragment(question):
        return True
    if _ORDINAL.search(question) and not list_names(question):
        return True
    pronoun = _find_pronoun(question)
    if pronoun is not None:
        return not list_names(question[: pronoun.start()])
    if _OPENING.match(question):
        return True
    return (_POINTS_AT.search(question) or _THAT_NOUN.search(question)) is not None and not list_names(
        question
    )


def _says_enough(question: str) -> bool:
    """Whether a question with one content word asks what there is: "How many mechanics are there?"."""
    return bool(_EXISTS.search(question) and content(question))


def completed(question: str, history: Sequence[Turn], genders: dict[str, str]) -> str:
    """``question`` rewritten by ``history``, whose own questions are rewritten already.

    ``genders`` has, and gets, the pronoun by which each name was called: ``m``, ``f``, or ``n`` for a thing.
    """
    if not history:
        return question
    last_question = history[-1].question
    if is_foreign_question(question):
        leans = leans_elsewhere(question) and not asks_overview(last_question)
        return f"{question.rstrip('?？ ')} ({last_question.strip('?？¿ ')})?" if leans else question
    if not needs_history(question) or _is_of_document(question, last_question):
        return question
    without_opening = _OPENING.sub("", question)
    if _BARE.match(question):
        asked = without_opening.rstrip("?!. ")
        return f"{asked[:1].upper()}{asked[1:]}: {last_question}"
    if (ordinal := _ORDINAL.search(without_opening)) and (meant := _nth(ordinal["which"], history[-1])):
        return _of_one(without_opening, ordinal, meant, last_question)
    if _compares(question):
        return _compare(without_opening, history)
    about = _ABOUT.match(question)
    rest = about["rest"] if about else _fragment(question)
    same = _SAME.match(question)
    if same and last_question.casefold().startswith(same["asking"].casefold()):
        rest = same["rest"]
    if rest and (is_step(rest) or not _find_pronoun(rest)):
        return _asked_of(rest, history, genders)
    if pointed := _pointed_at(without_opening, history):
        return pointed
    pronoun = _find_pronoun(question)
    if pronoun is None and not refers_back(question) and is_refusal(history[-1].answer):
        return question  # what the articles do not speak of is no subject to go on with
    subject = _subject(pronoun.group() if pronoun else "it", history, genders)
    if not subject and (asks_overview(last_question) or is_form_of_answer(last_question)):
        return question  # the question before asked for a summary of everything, and its answer names nothing
    if not subject:
        return f"{without_opening.rstrip('?!. ')} ({last_question.rstrip('?!. ')})?"
    return _with_subject(without_opening, subject)


def _is_of_document(question: str, last_question: str) -> bool:
    """Whether a question is about the document itself, which it names, or which the question before was about."""
    if not (asked_particular(question) or asks_overview(question)):
        return False
    named = _NAMED.search(question) is not None
    return named or asks_overview(last_question) or asked_particular(last_question) is not None


def _fragment(question: str) -> str:
    """The phrase that is the whole question after "and", or with an article or preposition before it; else empty."""
    match = _FRAGMENT.match(question)
    if match is None or _CLAUSE.search(match["rest"]):
        return ""
    if _find_pronoun(match["rest"]) and not is_step(match["rest"]):
        return ""
    # "The Plover's battery?" says of what.
    led = (_LED.match(match["rest"]) or _SHORT.fullmatch(match["rest"])) and not _OF_NAME.search(
        match["rest"]
    )
    says = content(match["rest"]) or regex.search(r"\bothers?$", match["rest"])
    return match["rest"] if says and (match["opening"] or led) else ""


def _compares(question: str) -> bool:
    """Whether a question compares things that it does not name."""
    return _COMPARES.match(question) is not None and not list_names(question)


def _compare(question: str, history: Sequence[Turn]) -> str:
    """``question`` with the last two names that were asked about, or else with the question before."""
    found: dict[str, str] = {}
    for turn in reversed(history):
        for name in reversed(list_names(turn.question)):
            found.setdefault(bare(name), name)
    latest = [*found.values()][:2]
    asked = question.rstrip("?!. ")
    if has_superlative(asked) and (counted := counted_things(history[-1].question)):
        return f"{asked} of {counted}?"
    if len(latest) < 2 and has_superlative(asked) and (noun := first_noun(history[-1].question)):
        return f"{asked} {noun}?"
    if len(latest) < 2:
        return f"{question.rstrip('?!. ')} ({history[-1].question.rstrip('?!. ')})?"
    return f"{question.rstrip('?!. ')}, {latest[1]} or {latest[0]}?"


def _asked_of(phrase: str, history: Sequence[Turn], genders: dict[str, str]) -> str:
    """The question before asked of ``phrase``, or the last that has a superlative, where ``phrase`` is one."""
    questions = [turn.question for turn in history]
    last = questions[-1]
    if is_superlative(phrase):
        last = next((one for one in reversed(questions) if has_superlative(one)), last)
    asked = ask_about(phrase, last)
    before = list_names(last)
    if any(is_person(name, history, genders) for name in before):  # and so is who takes the place of a person
        for name in list_names(asked):
            if name not in before:
                genders.setdefault(name, "p")
    return asked


def _pointed_at(question: str, history: Sequence[Turn]) -> str:
    """``question`` with the whole phrase for "that right", which the last turns have; empty where they have none."""
    for match in _THAT_NOUN.finditer(question):
        noun = regex.escape(match["noun"])
        phrase = regex.compile(
            rf"(?:\b(?:the|an?|our)\s+)?(?P<whole>(?:(?!(?:the|an?|our|is|are|was|about|of|that|this)\b)\p{{L}}[\p{{L}}-]*\s+){{0,3}}{noun}"
            r"(?:\s+of\s+(?!the\b|an?\b)\p{L}+(?:\s+\p{Ll}+(?=\W*$|\s+(?:is|does|may|must)\b))?)?)",
            regex.IGNORECASE,
        )
        texts = (text for turn in reversed(history) for text in (turn.question, first_line(turn.answer)))
        wholes = (found["whole"] for text in texts for found in phrase.finditer(text))
        if whole := next((one for one in wholes if " " in one), ""):
            return f"{question[: match.start()]}the {whole}{question[match.end() :]}"
    return ""


def _nth(which: str, turn: Turn) -> str:
    """The name that "the second" means: of those in the first line of the answer that has several; else empty."""
    asked = turn.question.casefold()
    for line in turn.answer.split("\n"):
        named = [name for name in dict.fromkeys(list_names(first_line(line))) if name.casefold() not in asked]
        place = _PLACES[which.casefold()]
        if len(named) > max(1, place):
            return named[place]
    return ""


def _of_one(question: str, ordinal: "regex.Match[str]", meant: str, last_question: str) -> str:
    """``question`` about ``meant``, or the question before, where it says no more than "the second one"."""
    if not content(question[: ordinal.start()] + question[ordinal.end() :]) and not _CLAUSE.match(question):
        return ask_about(meant, last_question)
    return question[: ordinal.start()] + meant + question[ordinal.end() :]


def _subject(pronoun: str, history: Sequence[Turn], genders: dict[str, str]) -> str:
    """The person or thing that ``pronoun`` refers to, or an empty string; notes how it was called."""
    called = pronoun.casefold()
    if _PERSON.fullmatch(pronoun):
        subject = person(history, called, genders)
        genders[subject] = "m" if called in _MALE else "f"
    else:
        subject = thing(history, genders, plural=bool(_PLURAL.fullmatch(pronoun)))
        if called in ("it", "its"):
            genders.setdefault(subject, "n")
    return subject


def _with_subject(question: str, subject: str) -> str:
    """``question`` with ``subject`` in place of its first pronoun, or after it in brackets where it has none."""
    pronoun = _find_pronoun(question)
    if pronoun is None:
        return f"{question.rstrip('?!. ')} ({subject})?"
    possessive = subject + ("'" if subject.endswith("s") else "'s")
    replacement = possessive if _POSSESSIVE.match(question, pronoun.start()) else subject
    return question[: pronoun.start()] + replacement + question[pronoun.end() :]


def _find_pronoun(question: str) -> "regex.Match[str] | None":
    """The first word that refers to something outside the question; an "it" that means a later clause is none."""
    for match in regex.finditer(r"\b\p{L}+\b", question):
        start = match.start()
        if _POSSESSIVE.match(question, start):
            return match
        is_demonstrative = match.group().casefold() in ("that", "this", "those", "these")
        is_alone = not is_demonstrative or _DEMONSTRATIVE.match(question, start)
        if is_alone and _PRONOUN.match(question, start) and not _EXPLETIVE.match(question, start):
            return match
    return None
