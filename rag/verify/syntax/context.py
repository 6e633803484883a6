"""What stands around a predicate and decides whether it is so: denial, modality, reports, plans and conditions."""

from dataclasses import dataclass
from functools import lru_cache

from rag.text.complements import (
    CONDITIONAL,
    ENABLING,
    EXPECTING,
    NEGATIVE,
    OBLIGING,
    POSSIBLE,
    PREPARING,
    SAYING,
    VERIDICAL,
)
from rag.text.words import terms
from rag.verify.syntax.arguments import is_predicate
from rag.verify.syntax.parsed_sentence import ParsedSentence

_NEGATORS = frozenset("not n't never no neither nor nobody nothing none nowhere hardly scarcely barely rarely seldom little few cannot without".split())  # fmt: skip # noqa: E501


# After these a negator denies nothing: "not only", "no doubt", "it was not until 1978 that it passed".
_NO_DENIAL = frozenset("only just merely simply least doubt later even until".split())


_MODALS = {
    "may": "possible", "might": "possible", "could": "possible", "can": "able", "must": "duty", "should": "duty",
    "shall": "duty", "ought": "duty", "will": "will", "'ll": "will", "wo": "will", "ca": "able", "would": "would",
    "'d": "would",
}  # fmt: skip


# The kinds of signs in a claim that say no more than one in the evidence.
AS_WEAK: dict[str, frozenset[str]] = {
    kind: frozenset(others.split())
    for kind, others in {
        "said": "said", "expected": "expected said planned possible would", "planned": "planned",
        "possible": "possible able expected would", "able": "able possible", "duty": "duty", "if": "if",
        "will": "will would planned duty possible expected", "would": "would will possible planned if said expected",
    }.items()
}  # fmt: skip


_WHENEVER = frozenset("when once until till before whenever".split())


_PREPARING = frozenset(terms(" ".join(PREPARING)))  # stems, as the parser's lemma of "readied" is no word


# How a condition begins that is no clause.
_CONDITIONAL_PHRASES = tuple(
    f"{lead} "
    for lead in (
        "subject to", "in case of", "in cases", "in the case of", "in the event", "in the absence of", "depending on",
        "dependent on", "conditional on", "contingent on", "pending", "barring", "except in", "only in cases",
    )
)  # fmt: skip


_FACT_NOUNS = frozenset(
    "fact evidence proof first second third last only one discovery finding realization news".split()
)


@dataclass(frozen=True, slots=True)
class Mood:
    """One sign that a predicate is not simply so.

    ``kind`` is what it is: said, expected, planned, possible, able, duty, will, would or if. ``word`` is the sign in
    the article's words; ``speaker`` and ``condition`` name those, where it is a report or a condition.
    """

    kind: str
    word: str
    speaker: str = ""
    condition: str = ""
    token: int = -1  # what heads the condition


@dataclass(frozen=True, slots=True)
class Context:
    """Whether a predicate is denied, and the signs that it is not simply so."""

    denied: bool
    moods: tuple[Mood, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """All kinds of signs."""
        return frozenset(mood.kind for mood in self.moods)


@lru_cache(maxsize=8192)
def context(s: ParsedSentence, i: int) -> Context:
    """What stands around token ``i``, from its own auxiliaries up to the main clause."""
    denied, moods = _is_denied(s, i), list(_own(s, i))
    current = i
    whole = True  # whether what is said of the clause above is said of this one too
    while s.tokens[current].head != current:
        token, above = s.tokens[current], s.tokens[current].head
        turned, mood = _governed(s, current, above)
        denied ^= turned
        moods += mood
        if token.dep == "conj":
            bare = (
                token.tag in ("VB", "VBN", "VBG")
                and s.parse.child(current, "aux", "nsubj", "nsubjpass") is None
            )
            whole = whole and bare
            denied ^= bare and is_predicate(s, current) and _is_denied(s, above)
        elif token.dep in ("ccomp", "xcomp", "acomp", "attr", "oprd"):
            denied ^= whole and _is_denied(s, above)
        elif token.dep in ("relcl", "acl", "advcl", "appos", "parataxis"):
            whole = False
        elif token.dep in ("dobj", "nsubjpass", "nsubj", "pobj", "prep") and not is_predicate(s, i):
            denied ^= whole and is_predicate(s, above) and _is_denied(s, above)
        joined = token.dep == "conj" and not whole
        for found in _own(s, above):
            if joined and not (found.condition or found.speaker):
                continue  # "A reportedly left, and B stayed"
            reaches = whole or found.condition or found.kind == "said"
            if reaches and not (token.dep in ("relcl", "acl") and found.condition):
                moods.append(found)
        current = above
    return Context(denied, tuple(dict.fromkeys(moods)))


def prepared(s: ParsedSentence, i: int) -> tuple[Mood, ...]:
    """The sign that a deed named by a noun is only prepared or talked of: ``they discussed the sale``."""
    token = s.tokens[i]
    if is_predicate(s, i) or token.dep not in ("dobj", "nsubjpass", "pobj"):
        return ()
    above = s.tokens[token.head].head if token.dep == "pobj" else token.head
    governor = s.tokens[above]
    if s.term(above) not in _PREPARING or (token.dep == "pobj" and governor.pos != "NOUN"):
        return ()
    return (Mood("planned", governor.text),)


def is_conditional(s: ParsedSentence, i: int) -> bool:
    """Whether a clause is a condition."""
    return s.tokens[i].dep == "advcl" and any(
        s.tokens[c].dep in ("mark", "advmod", "prep") and s.tokens[c].text.casefold() in CONDITIONAL
        for c in s.children[i]
    )


def _is_whenever(s: ParsedSentence, i: int) -> bool:
    """Whether a clause says when something happens, not that it did: ``once it is confirmed``, ``by the time it is``."""
    verbs = [i, *(c for c in s.children[i] if s.tokens[c].dep in ("aux", "auxpass"))]
    if not any(s.tokens[v].tag in ("VBZ", "VBP") for v in verbs):
        return False
    head = s.tokens[s.tokens[i].head]
    if s.tokens[i].dep in ("relcl", "acl") and head.lemma == "time":
        return s.tokens[head.head].lemma == "by"
    return s.tokens[i].dep == "advcl" and any(
        s.tokens[c].dep in ("mark", "advmod") and s.tokens[c].text.casefold() in _WHENEVER
        for c in s.children[i]
    )


def _is_denied(s: ParsedSentence, i: int) -> bool:
    """Whether an odd number of negators stand with a predicate."""
    count = 0
    said = (
        [c for c in s.children[i] if s.tokens[c].dep in ("attr", "acomp")]
        if s.tokens[i].lemma == "be"
        else []
    )
    adverbs = [
        c for c in s.children[i] if s.tokens[c].dep in ("advmod", "aux", "auxpass") and is_predicate(s, i)
    ]
    for c in (
        *s.children[i],
        *(d for y in adverbs for d in s.children[y] if s.tokens[d].dep == "neg"),
        *(d for y in said for d in s.children[y] if s.tokens[d].dep in ("neg", "advmod")),
    ):
        token = s.tokens[c]
        lower = token.text.casefold()
        following = s.tokens[c + 1].text.casefold() if c + 1 < len(s.tokens) else ""
        if lower in ("not", "no") and following in _NO_DENIAL:
            continue
        verb = min([i, *(a for a in s.children[i] if s.tokens[a].dep in ("aux", "auxpass"))])
        if token.dep == "neg" and lower == "not" and c < verb and c + 1 != verb and is_predicate(s, i):
            continue  # "not a sea power, it was …" denies what it stands before
        if lower == "nor" and token.dep in ("cc", "preconj") and c < verb:
            count += 1  # "Nor did she plan to"
        elif token.dep == "neg" or (
            token.dep in ("advmod", "preconj", "det", "cc") and lower in _NEGATORS and lower != "nor"
        ):
            count += lower != "few" and lower != "little"
        elif token.dep in ("nsubj", "nsubjpass", "dobj", "attr", "pobj", "dative") and c in s.children[i]:
            subjects = [d for d in s.children[i] if s.tokens[d].dep == "nsubj"]
            if not is_predicate(s, i) or (token.dep == "nsubj" and c != subjects[-1]):
                continue  # "not a sea power, it was slow": two phrases that the parser took for subjects
            count += lower in ("nobody", "nothing", "none", "neither") or any(
                s.tokens[d].dep in ("det", "neg", "preconj")
                and d < c  # "cats, not dogs, purr" denies what follows
                and s.tokens[d].text.casefold()
                in (("no", "neither") if c in said else ("no", "neither", "not"))
                for d in s.children[c]
            )
        elif token.dep == "prep" and is_predicate(s, i):
            count += any(
                s.tokens[p].dep == "pobj"
                and any(
                    s.tokens[d].dep == "det" and s.tokens[d].text.casefold() == "no" for d in s.children[p]
                )
                for p in s.children[c]
            )
    return count % 2 == 1


def _own(s: ParsedSentence, i: int) -> list[Mood]:
    """The signs among the dependents of a predicate."""
    moods: list[Mood] = []
    if s.tokens[i].dep in ("csubj", "pcomp") and s.tokens[i].tag == "VBG":
        return moods
    if is_conditional(s, i) or _is_whenever(s, i):
        moods.append(Mood("if", "if", condition=_plain(s, i), token=i))
    if _is_alternative(s, i):
        moods.append(Mood("possible", "or"))
    for c in s.children[i]:
        token = s.tokens[c]
        lower = token.text.casefold()
        if token.dep == "aux" and lower in _MODALS:
            kind = _MODALS[lower]
            moods.append(Mood(kind, token.text))
        elif token.dep == "aux" and token.lemma in _MODALS and token.tag == "MD":
            moods.append(Mood(_MODALS[token.lemma], token.text))
        elif token.dep in ("advmod", "amod") and token.tag.startswith(("RB", "JJ", "VB")):
            if kind := adverb_kind(lower):
                moods.append(Mood(kind, token.text))
        elif token.dep == "prep" and lower == "according":
            named = s.parse.words(c).split(" ", 2)[2:]
            moods.append(Mood("said", s.parse.words(c), speaker=" ".join(named)))
        elif token.dep == "prep" and (view := s.parse.words(c).casefold()).startswith(
            ("in the view of", "in the opinion of", "in the words of", "in the eyes of")
        ):
            moods.append(Mood("said", s.parse.words(c), speaker=view.split(" of ", 1)[1]))
        elif (
            (token.dep == "advcl" and is_conditional(s, c))
            or (
                token.dep == "prep"
                and s.parse.words(c)
                .casefold()
                .startswith(_CONDITIONAL_PHRASES)
            )
            or (token.dep == "prep" and lower in ("without", "unless") and _is_denied(s, i))
        ):
            moods.append(Mood("if", "if", condition=_plain(s, c), token=c))
        elif (
            token.dep in ("parataxis", "dep")
            and c > i
            and token.lemma in SAYING
            and s.parse.child(c, "nsubj") is not None
        ):
            moods.append(_said(s, c))
    return moods


def _is_alternative(s: ParsedSentence, i: int) -> bool:
    """Whether a clause is joined with another by "or", so that neither is stated."""
    first = s.tokens[i].head if s.tokens[i].dep == "conj" else i
    if any(s.tokens[c].dep == "mark" for c in s.children[first]):
        return False  # "whether it lasts or ends": the governing word says what is left open
    joints = {s.tokens[c].text.casefold() for c in s.children[first] if s.tokens[c].dep in ("cc", "preconj")}
    others = (c for c in s.children[first] if s.tokens[c].dep == "conj")
    return bool(joints & {"or", "either"}) and any(is_predicate(s, c) for c in (*others,))


def adverb_kind(lower: str) -> str:
    if lower in (
        "reportedly",
        "allegedly",
        "supposedly",
        "purportedly",
        "apparently",
        "ostensibly",
        "alleged",
        "supposed",
        "purported",
        "reported",
    ):
        return "said"
    if lower in POSSIBLE:
        return "possible"
    if lower in ("planned", "proposed", "intended"):
        return "planned"
    return ""


def _said(s: ParsedSentence, i: int) -> Mood:
    subject = s.parse.child(i, "nsubj", "nsubjpass")
    agent = s.parse.child(i, "agent")
    speaker = ""
    if subject is not None and s.tokens[subject].dep == "nsubj":
        speaker = s.parse.words(subject)
    elif agent is not None:
        speaker = " ".join(s.parse.words(agent).split(" ")[1:])
    expects = s.tokens[i].lemma in EXPECTING
    return Mood("expected" if expects else "said", s.tokens[i].text, speaker=speaker)


def _governed(s: ParsedSentence, i: int, above: int) -> tuple[bool, list[Mood]]:
    """Whether what governs a token denies it, and the sign that it gives."""
    token, governor = s.tokens[i], s.tokens[above]
    infinitive = any(s.tokens[c].tag == "TO" for c in s.children[i])
    lemma = governor.lemma
    if token.dep == "pcomp":
        if lemma == "without" or s.parse.words(above).casefold().startswith(("instead of", "rather than")):
            return True, []
        governor = s.tokens[governor.head]
        return _by_lemma(s, s.tokens[above].head, governor.lemma, "")
    if token.dep == "advcl" and infinitive:
        return False, [Mood("planned", "to")]
    if token.dep in ("acl", "relcl") and lemma == "case" and s.tokens[governor.head].text.casefold() == "in":
        return False, [Mood("if", "in case", condition=_plain(s, i), token=i)]
    if token.dep == "acl" and (infinitive or s.parse.child(i, "mark") is not None):
        if lemma in _FACT_NOUNS or any(s.tokens[c].lemma in _FACT_NOUNS for c in s.children[above]):
            return False, []
        return _by_lemma(s, above, lemma, "planned" if infinitive else "said")
    if token.dep == "xcomp":
        if lemma == "go" and infinitive:
            return False, [Mood("will", "going to")]
        return _by_lemma(s, above, lemma, "planned" if infinitive else "")
    if token.dep == "ccomp" and is_predicate(s, above):
        if lemma == "be" or (i < above and lemma not in SAYING | EXPECTING | POSSIBLE):
            return False, []
        return _by_lemma(s, above, lemma, "said")
    if token.dep in ("dobj", "nsubjpass") and not is_predicate(s, i) and lemma in NEGATIVE - {"lack"}:
        return True, []
    return False, []


def _by_lemma(s: ParsedSentence, above: int, lemma: str, default: str) -> tuple[bool, list[Mood]]:
    """What a governing word says of its complement; ``default`` where no list has it."""
    word = s.tokens[above].text
    if lemma in NEGATIVE:
        return True, []
    if lemma in EXPECTING:
        mood = _said(s, above)
        return False, [Mood("expected", word, speaker=mood.speaker)]
    if lemma in SAYING and (
        default != "planned" or (lemma not in ("ask", "tell") and s.tokens[above].tag == "VBN")
    ):
        return False, [_said(s, above)]
    if lemma in ENABLING:
        return False, [Mood("able", word)]
    if lemma in OBLIGING:
        return False, [Mood("duty", word)]
    if lemma in POSSIBLE:
        return False, [Mood("possible", word)]
    if lemma in VERIDICAL or not default:
        return False, []
    if default == "said":
        return False, [_said(s, above)]
    return False, [Mood("planned", word)]


def _plain(s: ParsedSentence, i: int) -> str:
    return s.parse.words(i).strip(" ,")
