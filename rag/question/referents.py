"""What a pronoun refers to: the persons and the things that a conversation has named, the latest first."""

from collections.abc import Mapping, Sequence
from itertools import chain

import regex

from rag.question.expected_answer import CALENDAR_WORDS, expected_answer_type
from rag.question.scope import asks_overview, is_form_of_answer
from rag.schema import Turn
from rag.text.lexicon import FILLERS, IRREGULAR, LIGHT_WORDS
from rag.text.names import group_names, names, run_text, with_hyphenated
from rag.text.parse import parse
from rag.text.words import Word, content, words

_MALE = r"(?:brother|son|father|husband|uncle|nephew|grandfather|king|prince|sir|mr\.?)"
_FEMALE = r"(?:sister|daughter|mother|wife|aunt|niece|grandmother|queen|princess|mrs\.?|ms\.?)"
_ROLE = (
    rf"(?:{_MALE}|{_FEMALE}|dr\.?|prof\.?|professor|president|minister|senator|director|manager|founder"
    rf"|ceo|chief|author"
    r"|coach|judge|mayor|chairman|chairwoman|engineer|scientist|researcher|analyst|captain)"
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
_PARTICLES = frozenset("along up out off back down".split())  # inside a noun phrase: "the drag along right"
_MOST_PLACES = 4
_WITH_VERB = 2  # ends of a phrase of one word: its start and its end
_AFTER_AUXILIARY = regex.compile(
    r"\b(?:do|does|did|can|could|will|would|shall|should|must|may|might)\s+(?:(?:the|an?|our|this|that)\s+)?$",
    regex.IGNORECASE,
)
_VERB_AHEAD = regex.compile(
    r"\s+\p{L}*(?:ed|en)\b|\s+(?!(?:in|on|at|to|for|of|from|by|with|there|here|about|under|over|after"
    r"|before|during|since)\b)\p{L}"
)
_NOUNS = frozenset("people men women children lives halves death deaths wife husband dead".split())
_VERBS = (IRREGULAR.keys() - _NOUNS) | frozenset(
    "cost costs last lasts weigh weighs measure measures close closes open opens mean means".split()
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
    return [_with_article(text, run) for run in group_names(text, with_hyphenated(text, found))]


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


def first_noun(text: str) -> str:
    """The first noun phrase with an article, without it: "night" of "How much is a night for a dog?"."""
    article = regex.search(r"\b(?:the|an?)\s+", text, regex.IGNORECASE)
    return text[article.end() : phrase_end(text, article.end())] if article else ""


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


def noun_phrase(text: str) -> str:
    """The last noun phrase with "the" or "our" of ``text``, with a small "the"; empty where it has none."""
    found = ""
    for match in regex.finditer(r"\b(?:the|our)\s+", text, regex.IGNORECASE):
        end = phrase_end(text, match.end())
        if end > match.end():
            found = text[match.start() : end]
    return f"{found[:1].lower()}{found[1:]}"


def phrase_end(text: str, start: int) -> int:
    """Where the noun phrase at ``start`` ends, its article not counted: before a verb or a function word."""
    ends = [start]
    for place, word in enumerate(word for word in words(text) if word.span.start >= start):
        if place and word.norm in _PARTICLES and _goes_on(text, word):
            ends.append(word.span.end)
            continue
        if place > _MOST_PLACES or text[ends[-1] : word.span.start].strip(" -") or word.function:
            break
        if word.norm in FILLERS or (place and (word.norm in LIGHT_WORDS or _is_verb(text, word))):
            break
        ends.append(word.span.start + len(word.text.removesuffix("'s").removesuffix("’s")))
        if ends[-1] < word.span.end:
            break
    if (
        len(ends) > _WITH_VERB
        and _AFTER_AUXILIARY.search(text[:start])
        and not _VERB_AHEAD.match(text, ends[-1])
    ):
        ends.pop()  # "does the investor appoint?": what stands last is the verb
    return ends[-1]


def _is_verb(text: str, word: Word) -> bool:
    """Whether a word inside a phrase is the verb that ends it."""
    if word.text[:1].isupper():
        return False
    inflected = word.norm.endswith("s") and not word.norm.endswith("ss") and _has_object(text, word)
    return word.norm in _VERBS or word.norm.endswith("ed") or inflected


def _goes_on(text: str, particle: Word) -> bool:
    """Whether a particle stands before a noun that ends the phrase: "right" of "the drag along right"."""
    following = next((word for word in words(text) if word.span.start > particle.span.start), None)
    return (
        following is not None
        and text[particle.span.end : following.span.start] in (" ", "-")
        and not following.function
        and not following.number
    )


def _has_object(text: str, word: Word) -> bool:
    """Whether a word in -s is followed by a number, an article or a preposition, as a verb is: "employs 14"."""
    return bool(
        regex.match(
            r"\s+(?:\d|the\b|a\b|an\b|its\b|his\b|her\b|their\b|on\b|in\b|at\b|from\b|to\b)",
            text[word.span.end :],
        )
    )


def counted_things(question: str) -> str:
    """The things whose number was asked: "the mechanics" of "How many mechanics are there?"."""
    match = regex.search(r"\bhow many\s+", question, regex.IGNORECASE)
    end = phrase_end(question, match.end()) if match else 0
    return f"the {question[match.end() : end]}" if match and end > match.end() else ""


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
        and not _has_object(text, word)
        and not word.norm.endswith("ed")
        and word.norm not in FILLERS
        and word.norm not in _VERBS
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
