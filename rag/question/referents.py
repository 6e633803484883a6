"""What a pronoun refers to: the persons and the things that a conversation has named, the latest first."""

from collections.abc import Mapping, Sequence
from itertools import chain

import regex

from rag.question.expected_answer import CALENDAR_WORDS, expected_answer_type
from rag.question.noun_phrases import VERBS, counted_things, has_object, noun_phrase, phrase_end
from rag.question.scope import asks_overview, is_form_of_answer
from rag.schema import Turn
from rag.text.lexicon import FILLERS
from rag.text.names import group_names, names, run_text, with_hyphenated
from rag.text.parse import parse
from rag.text.words import Word, content, words

_MALE = r"(?:brother|son|father|husband|uncle|nephew|grandfather|king|prince|sir|mr\.?)"
_FEMALE = r"(?:sister|daughter|mother|wife|aunt|niece|grandmother|queen|princess|mrs\.?|ms\.?)"
_ROLE = (
    rf"(?:{_MALE}|{_FEMALE}|dr\.?|prof\.?|professor|president|minister|senator|director|manager|founder|ceo"
    r"|chief|author|coach|judge|mayor|chairman|chairwoman|engineer|scientist|researcher|analyst|captain)"
)


# A question with one of these words is about a person, or asks for one.
_PERSONAL = regex.compile(
    rf"\b(?:born|married|marry|siblings?|parents?|child|children|{_MALE}|{_FEMALE})\b|^\W*who\s+(?:is|was)\b"
    r"|\bhow old is\b",
    regex.IGNORECASE,
)

_ASKS_NAME = regex.compile(
    r"(?:which|what)\s+(?!is\b|are\b|was\b|were\b|do\b|does\b|did\b|year\b|kind\b|one\b)\p{L}+",
    regex.IGNORECASE,
)

_PLURAL_ACRONYM = regex.compile(r"\p{Lu}{2,}s$")  # "GPUs" is in capitals but names nothing
_PLURAL_NAME = regex.compile(r"\p{Lu}\p{Ll}+s$")  # "Wells" before "Fargo", where it begins a sentence
_CITATION_MARK = regex.compile(r"\s*\[\d+\]")
_CLAUSE_NUMBER = regex.compile(r"^([-\s“\"]*)\d+(?:\.\d+)*[.)]?\s+(?=\p{Lu})")
_REFUSAL = regex.compile(r"The articles do not (?:say|answer)\b")
_NAME_JOINT = (
    r"\s+(?:de|van|von|der|den|ter|zu|di|da|del|della|dos|du|la|le|bin|ibn|al|el)"
    r"(?:\s+(?:der|den|la|las|los))?\s+"
)

_TURNS_OF_A_PERSON = 3  # turns in which a certain person is preferred to a name that may be one


def list_names(text: str, *, include_opening: bool = False) -> list[str]:
    """The names of ``text`` in order, as people say them, with the "the" that belongs to them.

    A capitalised word that begins a sentence counts where ``include_opening`` says so, or where it comes again.
    """
    sequence, detected = words(text), names(text)
    opening = [
        i for i in detected.maybe if include_opening or sequence[i].text in text[sequence[i].span.end :]
    ]
    sure = [i for i in detected.sure if not _PLURAL_ACRONYM.fullmatch(sequence[i].text)]
    leading = [i - 1 for i in sure if i and _leads(text, sequence, i)]
    found = [*sorted({*sure, *leading}), *(i for i in opening if i not in leading)]
    return _joined(
        text, [_with_article(text, run) for run in group_names(text, with_hyphenated(text, found))]
    )


def _joined(text: str, found: list[str]) -> list[str]:
    """The names with those that a small word joins made one: "Henk de Boer"."""
    joined: list[str] = []
    for name in found:
        pattern = rf"{regex.escape(joined[-1])}{_NAME_JOINT}{regex.escape(name)}" if joined else ""
        match = regex.search(pattern, text) if pattern else None
        if match is not None:
            joined[-1] = match.group()
        else:
            joined.append(name)
    return joined


def bare(name: str) -> str:
    """``name`` without its article."""
    return regex.sub(r"^(?:the|a|an)\s+", "", name, flags=regex.IGNORECASE)


def is_person(name: str, turns: Sequence[Turn], genders: Mapping[str, str]) -> bool:
    """Whether the conversation shows that ``name`` is a person's."""
    if name in genders:
        return genders[name] in "mfp"
    if name.startswith("the "):
        return False
    escaped = regex.escape(name)
    role = regex.compile(rf"\b{_ROLE}\s+{escaped}\b", regex.IGNORECASE)
    for turn in turns:
        if role.search(turn.question) or role.search(turn.answer):
            return True
        if _PERSONAL.search(turn.question) and name in list_names(turn.question):
            return True
        asks = expected_answer_type(turn.question) == "person" and name not in turn.question
        if asks and " " in name and regex.search(escaped, first_line(turn.answer)):
            return True
    return False


def gender(name: str, turns: Sequence[Turn], genders: Mapping[str, str]) -> str:
    """``m`` or ``f`` where a pronoun or a word such as "brother" has told it; else empty."""
    escaped = regex.escape(name)
    for turn in turns:
        for kind, words_of in (("m", _MALE), ("f", _FEMALE)):
            if regex.search(
                rf"\b{words_of}\s+{escaped}\b", f"{turn.question}\n{turn.answer}", regex.IGNORECASE
            ):
                return kind
    return genders.get(name, "").removeprefix("p")


def person(turns: Sequence[Turn], pronoun: str, genders: Mapping[str, str]) -> str:
    """The person that "he" or "she" refers to: a certain one of the last turns, else a name that may be one."""
    wanted = "m" if pronoun.casefold() in ("he", "him", "his") else "f"

    def fits(name: str) -> bool:
        return gender(name, turns, genders) in ("", wanted) and genders.get(name) != "n"

    candidates = [[name for name in _of_person(turn) if fits(name)] for turn in reversed(turns)]
    recent = chain.from_iterable(candidates[:_TURNS_OF_A_PERSON])
    certain = (name for name in recent if is_person(name, turns, genders))
    possible = (
        name
        for turn, found in zip(reversed(turns), candidates, strict=True)
        for name in found
        if not name.startswith("the ")
        and not _is_marked(name)
        and not regex.match(r"\W*what\s+(?:is|was)\b", turn.question, regex.IGNORECASE)
    )
    return next(certain, "") or next(possible, "")


def thing(turns: Sequence[Turn], genders: Mapping[str, str], *, plural: bool = False) -> str:
    """What "it", "that" or "they" refers to, from the last turn that has such; empty where none has."""
    for turn in reversed(turns):
        found = _thing_of(turn, turns, genders, plural=plural)
        if found:
            return found
    if not turns or asks_overview(turns[-1].question) or is_form_of_answer(turns[-1].question):
        return ""
    named = [word.text for word in content(turns[-1].question) if not _is_of_calendar(word.text)]
    return " ".join(named[-3:])


def _thing_of(turn: Turn, turns: Sequence[Turn], genders: Mapping[str, str], *, plural: bool) -> str:
    """The thing that one turn is about: a name of the question, its noun phrase, or the subject of the answer."""
    line = first_line(turn.answer)
    in_question = [
        name for name in list_names(turn.question) if not (is_form_of_answer(name) or _is_of_calendar(name))
    ]
    in_answer = [name for name in list_names(line) if not _is_of_calendar(name)]
    if not in_question:
        # A question typed in small letters: its words are names where the answer has them as names.
        folded = {bare(name).casefold() for name in in_answer}
        in_question = [word.text for word in content(turn.question) if word.norm in folded]
    if _ASKS_NAME.match(turn.question):
        asked_for = (
            _with_noun(line, name)
            for name in list_names(line, include_opening=True)
            if name not in in_question
        )
        in_question = [*asked_for][:1] or in_question
    things = [name for name in in_question if not is_person(name, turns, genders)]
    if things:
        return things[-1]
    phrase = counted_things(turn.question) if plural else noun_phrase(turn.question)
    # "The key points" are a form of answer, and "the report" of "Summarise the report" is all that there is.
    if phrase and not asks_overview(turn.question) and not is_form_of_answer(phrase):
        return phrase
    if _PERSONAL.search(turn.question):
        return ""
    subject = regex.match(r"[-\s“\"]*(The\s+.*)", line)
    answer_phrase = noun_phrase(subject[1]) if subject else ""
    fresh = (name for name in in_answer if not is_person(name, turns, genders))
    return answer_phrase or next(fresh, "")


def _is_of_calendar(name: str) -> bool:
    """Whether a name is that of a day or a month: no thing that "it" refers to."""
    return all(
        word.norm in CALENDAR_WORDS or word.norm.removesuffix("s") in CALENDAR_WORDS for word in words(name)
    )


def _with_noun(text: str, name: str) -> str:
    """``name`` with the noun that it only describes: "Roman perfume bottle"."""
    start = text.find(name)
    parsed = parse(text)
    describes = any(
        token.dep in ("amod", "nmod", "compound") and token.head > t
        for t, token in enumerate(parsed.tokens)
        if token.span.end == start + len(name) and start >= 0
    )
    return text[start : phrase_end(text, start)] if describes else name


def _of_person(turn: Turn) -> list[str]:
    """The names of a turn, in the order in which a person's pronoun takes them."""
    in_question = list_names(turn.question)
    line = first_line(turn.answer)
    in_answer = [name for name in list_names(turn.answer) if name not in in_question]
    if expected_answer_type(turn.question) == "person" or _PERSONAL.search(turn.question):
        first = [name for name in list_names(line, include_opening=True) if name not in in_question]
        # "Who is Mira's husband?" is about another than Mira.
        about = (
            [
                name
                for name in in_question
                if not regex.search(rf"{regex.escape(name)}['’]s?\s", turn.question)
            ]
            if regex.match(r"\W*who\s+(?:is|was)\b", turn.question, regex.IGNORECASE)
            else []
        )
        return [*about, *first, *in_answer, *in_question]
    return [*in_question, *in_answer]


def _is_marked(name: str) -> bool:
    """Whether a name has capitals or digits as no person's has: ``xAI``, ``AWS``, ``H100``."""
    return any(regex.search(r"\d|\p{L}\p{Lu}{1,}$|^\p{Ll}", part) for part in name.split())


def _leads(text: str, sequence: tuple[Word, ...], i: int) -> bool:
    """Whether the word before word ``i`` is the first of its name, as "Wells" of "Wells Fargo" at the start."""
    before = sequence[i - 1]
    return (
        text[before.span.end : sequence[i].span.start] == " "
        and not before.function
        and _PLURAL_NAME.fullmatch(before.text) is not None
        and sequence[i].text[:1].isupper()
        and before.text.casefold() not in {word.text for word in sequence}
    )


def _with_article(text: str, run: tuple[int, ...]) -> str:
    """The name of a run, with the "the" before it where no noun follows: not that of "the Kestrel tyre"."""
    sequence, name = words(text), run_text(text, run)
    if run[0] == 0 or sequence[run[0] - 1].text.casefold() != "the":
        return name
    following = sequence[run[-1] + 1 : run[-1] + 2]
    is_modifier = any(
        not word.function
        and text[sequence[run[-1]].span.end : word.span.start] == " "
        and not has_object(text, word)
        and not word.norm.endswith("ed")
        and word.norm not in FILLERS
        and word.norm not in VERBS
        for word in following
    )
    return name if is_modifier else f"the {name}"


def first_line(answer: str) -> str:
    """The first line of an answer, without citation marks and the number of a clause; empty where it is a refusal."""
    if is_refusal(answer):
        return ""
    return _CLAUSE_NUMBER.sub(r"\1", _CITATION_MARK.sub("", answer).split("\n", 1)[0])


def is_refusal(answer: str) -> bool:
    """Whether an answer says that the articles have none."""
    return _REFUSAL.match(answer) is not None
