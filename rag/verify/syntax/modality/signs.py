"""The signs of a report, a plan, a possibility or a condition that stand with a predicate itself."""

from rag.text.complements import CONDITIONAL, EXPECTING, POSSIBLE, PREPARING, SAYING
from rag.text.words import terms
from rag.verify.syntax.arguments import is_predicate
from rag.verify.syntax.modality.denial import is_denied
from rag.verify.syntax.modality.mood import Mood
from rag.verify.syntax.parsed_sentence import ParsedSentence

_MODALS = {
    "may": "possible", "might": "possible", "could": "possible", "can": "able", "must": "duty", "should": "duty",
    "shall": "duty", "ought": "duty", "will": "will", "'ll": "will", "wo": "will", "ca": "able", "would": "would",
    "'d": "would",
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


def own_signs(s: ParsedSentence, i: int) -> list[Mood]:
    """The signs among the dependents of a predicate."""
    moods: list[Mood] = []
    if s.tokens[i].dep in ("csubj", "pcomp") and s.tokens[i].tag == "VBG":
        if s.tokens[i].dep == "csubj" and s.tokens[s.tokens[i].head].tag in ("VBZ", "VBP"):
            moods.append(Mood("planned", s.tokens[i].text))  # "unwrapping it is an event": whenever it is
        return moods
    if is_conditional(s, i) or _is_whenever(s, i):
        moods.append(Mood("if", "if", condition=plain(s, i)))
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
            or (token.dep == "prep" and s.parse.words(c).casefold().startswith(_CONDITIONAL_PHRASES))
            or (token.dep == "prep" and lower in ("without", "unless") and is_denied(s, i))
        ):
            moods.append(Mood("if", "if", condition=plain(s, c), token=c))
        elif (
            token.dep in ("parataxis", "dep")
            and c > i
            and token.lemma in SAYING
            and s.parse.child(c, "nsubj") is not None
        ):
            moods.append(said_by(s, c))
    return moods


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
    """Whether a clause says when something happens, not that it did: ``once it is found``, ``by the time it is``."""
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


def _is_alternative(s: ParsedSentence, i: int) -> bool:
    """Whether a clause is joined with another by "or", so that neither is stated."""
    first = s.tokens[i].head if s.tokens[i].dep == "conj" else i
    if any(s.tokens[c].dep == "mark" for c in s.children[first]):
        return False  # "whether it lasts or ends": the governing word says what is left open
    joints = {s.tokens[c].text.casefold() for c in s.children[first] if s.tokens[c].dep in ("cc", "preconj")}
    others = (c for c in s.children[first] if s.tokens[c].dep == "conj")
    return bool(joints & {"or", "either"}) and any(is_predicate(s, c) for c in (*others,))


def adverb_kind(lower: str) -> str:
    """The kind of the sign that an adverb gives (``reportedly``); empty for one that gives none."""
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


def said_by(s: ParsedSentence, i: int) -> Mood:
    """The sign of a verb of saying or expecting, with who says it."""
    subject = s.parse.child(i, "nsubj", "nsubjpass")
    agent = s.parse.child(i, "agent")
    speaker = ""
    if subject is not None and s.tokens[subject].dep == "nsubj":
        speaker = s.parse.words(subject)
    elif agent is not None:
        speaker = " ".join(s.parse.words(agent).split(" ")[1:])
    expects = s.tokens[i].lemma in EXPECTING
    return Mood("expected" if expects else "said", s.tokens[i].text, speaker=speaker)


def plain(s: ParsedSentence, i: int) -> str:
    """The words of a subtree without the commas around them."""
    return s.parse.words(i).strip(" ,")
