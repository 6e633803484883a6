"""What stands around a predicate and decides whether it is so: denial, modality, reports, plans and conditions."""

from functools import lru_cache

from rag.text.complements import ENABLING, EXPECTING, NEGATIVE, OBLIGING, POSSIBLE, SAYING, VERIDICAL
from rag.verify.syntax.arguments import is_predicate
from rag.verify.syntax.modality.denial import is_denied
from rag.verify.syntax.modality.mood import Context, Mood
from rag.verify.syntax.modality.signs import own_signs, plain, said_by
from rag.verify.syntax.parsed_sentence import ParsedSentence

_FACT_NOUNS = frozenset(
    "fact evidence proof first second third last only one discovery finding realization news".split()
)


@lru_cache(maxsize=8192)
def context(s: ParsedSentence, i: int) -> Context:
    """What stands around token ``i``, from its own auxiliaries up to the main clause."""
    denied, moods = is_denied(s, i), list(own_signs(s, i))
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
            denied ^= bare and is_predicate(s, current) and is_denied(s, above)
        elif token.dep in ("ccomp", "xcomp", "acomp", "attr", "oprd"):
            denied ^= whole and is_denied(s, above)
        elif token.dep in ("relcl", "acl", "advcl", "appos", "parataxis"):
            whole = False
        elif token.dep in ("dobj", "nsubjpass", "nsubj", "pobj", "prep") and not is_predicate(s, i):
            denied ^= whole and is_predicate(s, above) and is_denied(s, above)
        joined = token.dep == "conj" and not whole
        for found in own_signs(s, above):
            if found.token == current:
                continue  # the clause is itself that condition
            if joined and not (found.condition or found.speaker):
                continue  # "A reportedly left, and B stayed"
            reaches = whole or found.condition or found.kind == "said"
            if reaches and not (token.dep in ("relcl", "acl") and found.condition):
                moods.append(found)
        current = above
    return Context(denied, tuple(dict.fromkeys(moods)))


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
        return False, [Mood("if", "in case", condition=plain(s, i), token=i)]
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
        mood = said_by(s, above)
        return False, [Mood("expected", word, speaker=mood.speaker)]
    if lemma in SAYING and (
        default != "planned" or (lemma not in ("ask", "tell") and s.tokens[above].tag == "VBN")
    ):
        return False, [said_by(s, above)]
    if lemma in ENABLING:
        return False, [Mood("able", word)]
    if lemma in OBLIGING:
        return False, [Mood("duty", word)]
    if lemma in POSSIBLE:
        return False, [Mood("possible", word)]
    if lemma in VERIDICAL or not default:
        return False, []
    if default == "said":
        return False, [said_by(s, above)]
    return False, [Mood("planned", word)]
