"""Whether a claim says flatly what the evidence only reports, plans or supposes, or affirms what it denies."""

from collections.abc import Sequence

from rag.text.complements import LIGHT_VERBS
from rag.text.forms.families import related
from rag.text.words import content, terms
from rag.verify.syntax.fault import Fault
from rag.verify.syntax.modality.context import context
from rag.verify.syntax.modality.mood import AS_WEAK, Mood
from rag.verify.syntax.modality.signs import prepared
from rag.verify.syntax.parsed_sentence import ParsedSentence
from rag.verify.syntax.phrases import Comparing, is_head
from rag.verify.syntax.wording import denied_by_prefix, same_wording


def context_differs(both: Comparing, p: int, s: ParsedSentence, e: int) -> Fault | None:
    """Whether the claim denies what the evidence affirms, or says flatly what that only reports, plans or supposes."""
    mine, other = context(both.claim, p), context(s, e)
    if both.claim.tokens[p].dep in ("csubj", "pcomp") and both.claim.tokens[p].tag == "VBG":
        return None  # "renting it out is rational" does not say that it is rented out
    turned = denied_by_prefix(both.claim.term(p), s.term(e))
    if (mine.denied ^ turned) != other.denied:
        word = both.claim.tokens[p].text
        return Fault(f"‘{word}’ is {'denied' if other.denied else 'affirmed'} in the cited words", 0.9)
    for mood in mine.moods:
        if mood.speaker and not any(_same_speaker(mood, given, s) for given in other.moods):
            return Fault(f"the cited words do not give this as what {lower_first(mood.speaker)} said", 0.9)
    for mood in _unmatched((*other.moods, *prepared(s, e)), list(mine.kinds)):
        if not _kept_otherwise(both, p, s, mood):
            return Fault(mood_reason(mood), 0.95)
    return None


def _unmatched(moods: Sequence[Mood], kinds: list[str]) -> list[Mood]:
    """The signs of the evidence that no sign of the claim stands for; each of the claim's stands for one kind."""
    left = {mood.kind: mood for mood in moods if mood.kind not in kinds}
    spare = [kind for kind in kinds if kind not in {mood.kind for mood in moods}]
    unmatched = []
    for kind, mood in left.items():
        weaker = next((other for other in spare if other in AS_WEAK[kind]), None)
        if weaker is None:
            unmatched.append(mood)
        else:
            if weaker != "possible":
                spare.remove(weaker)
    return unmatched


def _same_speaker(claim: Mood, cited: Mood, s: ParsedSentence) -> bool:
    """Whether the words that name a speaker in the claim are among those of the evidence, or a pronoun stands there."""
    if not cited.speaker or cited.speaker.casefold() in ("he", "she", "it", "they", "who"):
        return cited.kind in ("said", "expected")
    given = terms(cited.speaker)
    return all(any(related(w.term, g) for g in given) for w in content(claim.speaker))


def mood_reason(mood: Mood) -> str:
    """In plain words, how the article gives a thing that is not simply so."""
    if mood.condition:
        return f"the article gives this under a condition: ‘{mood.condition}’"
    if mood.speaker and mood.speaker.casefold() != mood.word.casefold():
        return f"the article gives this as what {lower_first(mood.speaker)} said"
    if mood.kind == "said":
        return f"the article gives this only as reported: ‘{mood.word}’"
    if mood.kind == "planned":
        return f"the article gives this as a plan: ‘{mood.word}’"
    return f"the cited words say ‘{mood.word}’"


def lower_first(text: str) -> str:
    """The words that name a speaker, as they stand inside a sentence: "the union" for "The union"."""
    first = text.split(" ")[0]
    return (
        text[0].lower() + text[1:]
        if first.casefold() in ("the", "some", "many", "a", "an", "critics")
        else text
    )


def _kept_otherwise(both: Comparing, p: int, s: ParsedSentence, mood: Mood) -> bool:
    """Whether a claim keeps a mood in another way: the present for the future, a condition as its subject."""
    claim = both.claim
    mine_denied = context(claim, p).denied
    if mood.kind == "will":
        return claim.tokens[p].tag in ("VBZ", "VBP") or any(
            claim.tokens[c].tag in ("VBZ", "VBP") and claim.tokens[c].dep in ("aux", "auxpass")
            for c in claim.children[p]
        )
    if mine_denied and mood.kind in ("possible", "able") and "duty" in context(claim, p).kinds:
        return True  # "may not" forbids as "must not" does
    if mood.condition and mood.token >= 0:
        inside = [
            t for t in s.parse.subtree(mood.token) if is_head(s, t) or s.tokens[t].pos in ("VERB", "ADJ")
        ]
        content = [t for t in inside if s.tokens[t].pos != "PRON" and s.tokens[t].lemma not in LIGHT_VERBS]
        return bool(content) and all(
            any(same_wording(claim, c, s, t) for c in range(len(claim.tokens))) for t in content
        )
    return False
