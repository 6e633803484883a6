"""Answers without a verb (``122 days``): carried by a phrase, in the place that the question asks for."""

from collections.abc import Sequence

from rag.text.complements import LIGHT_VERBS
from rag.verify.syntax.arguments import arguments, is_predicate, with_conjuncts
from rag.verify.syntax.clauses import Carried
from rag.verify.syntax.fault import Fault
from rag.verify.syntax.modality.context import context
from rag.verify.syntax.parsed_sentence import ParsedSentence, parsed_sentences
from rag.verify.syntax.phrases import Comparing, carries_phrase
from rag.verify.syntax.region import clause_head
from rag.verify.syntax.wording import same_wording

_WH = frozenset("who whom what which whose when where how why".split())


def compare_fragment(both: Comparing, heads: list[int], question: str) -> Fault | Carried:
    """Find the sentence that has all the phrases that ``heads`` head; prefer one in the place that is asked for."""
    nearest = Fault("these words stand nowhere together in the cited words")
    asked = parsed_sentences(question) if question else ()
    found: Carried | None = None
    for s in both.sentences:
        places = [_places(both, c, s) for c in heads]
        if not all(places):
            continue
        head = clause_head(s, places[0][0])
        stands = context(s, places[0][0])
        reason = next((r for c in asked for r in [_misplaced(c, s, places[0], both)] if r), "")
        if asked and _is_denying(asked[-1]) and not stands.denied:
            reason = "this is not denied in the cited words"
        if asked and not reason and _is_elsewhere(asked, both, s):
            reason = "the cited words do not say this of what was asked"
        if reason:
            nearest = Fault(reason, 0.9)
            continue
        carried = Carried(s, head, stands)
        if found is None or len(stands.moods) < len(found.context.moods):
            found = carried
    return found or nearest


def _places(both: Comparing, c: int, s: ParsedSentence) -> list[int]:
    """The tokens that carry the phrase of ``c``, without those that do so only by what stands below them."""
    found = [e for e in range(len(s.tokens)) if s.word[e] >= 0 and carries_phrase(both, c, s, e)]
    return [e for e in found if {e} == {*found} & {*s.parse.subtree(e)}]


def _misplaced(asked: ParsedSentence, s: ParsedSentence, places: list[int], both: Comparing) -> str:
    """Why a phrase is no answer to what is asked: the verb of the question has another subject or object there."""
    for v in range(len(asked.tokens)):
        if not is_predicate(asked, v) or asked.tokens[v].lemma in LIGHT_VERBS:
            continue
        wanted = [a for a in arguments(asked, v) if _is_asked(asked, a.token)]
        same = [e for e in range(len(s.tokens)) if is_predicate(s, e) and same_wording(asked, v, s, e)]
        given = [a for a in arguments(asked, v) if a not in wanted and a.role in ("agent", "patient", "to")]
        question = Comparing(asked, [s])
        fitting = [e for e in same if all(_has(question, g.token, s, e) for g in given)]
        same = fitting or same
        if not wanted or not same:
            continue
        role = wanted[0].role
        if role not in ("agent", "patient") or (role == "agent" and _is_amount(asked, wanted[0].token)):
            continue
        fillers = {
            t
            for e in same
            for a in arguments(s, e)
            if a.role == role
            or (
                role == "agent"
                and a.role == "patient"
                and not any(b.role == "agent" for b in arguments(s, e))
            )
            for n in with_conjuncts(s, a.token)
            for t in s.parse.subtree(n)
        }
        pronouns = any(s.tokens[t].pos == "PRON" for t in fillers)
        if fillers and not pronouns and not fillers & set(places):
            cited = s.parse.words(min(fillers, key=lambda t: (s.tokens[t].head not in same, t)))
            return f"the cited words say this of ‘{cited}’"
    return ""


def _has(question: Comparing, c: int, s: ParsedSentence, e: int) -> bool:
    return any(carries_phrase(question, c, s, argument.token) for argument in arguments(s, e))


def _is_denying(asked: ParsedSentence) -> bool:
    root = next((i for i, t in enumerate(asked.tokens) if t.head == i), None)
    return root is not None and context(asked, root).denied


def _is_elsewhere(asked: Sequence[ParsedSentence], both: Comparing, s: ParsedSentence) -> bool:
    """Whether the passage of a sentence has none of the key words of the question."""
    keys = [(q, t) for q in asked for t in range(len(q.tokens)) if q.word[t] in q.analysed.keys]
    nearby = [o for o in both.sentences if o.passage == s.passage]
    found = [any(same_wording(q, t, o, e) for o in nearby for e in range(len(o.tokens))) for q, t in keys]
    return bool(found) and not any(found)


def _is_amount(asked: ParsedSentence, i: int) -> bool:
    """Whether an amount is asked for: the parser may take ``how much money`` for the one who has raised it."""
    return [asked.tokens[t].text.casefold() for t in asked.parse.subtree(i)[:2]] in (
        ["how", "much"],
        ["how", "many"],
    )


def _is_asked(asked: ParsedSentence, i: int) -> bool:
    return any(asked.tokens[t].text.casefold() in _WH for t in asked.parse.subtree(i)[:3])
