"""Whether a predicate is denied."""

from rag.verify.syntax.arguments import is_predicate
from rag.verify.syntax.parsed_sentence import ParsedSentence

_NEGATORS = frozenset("not n't never no neither nor nobody nothing none nowhere hardly scarcely barely rarely seldom little few cannot without".split())  # fmt: skip # noqa: E501


# After these a negator denies nothing: "not only", "no doubt", "it was not until 1978 that it passed".
_NO_DENIAL = frozenset("only just merely simply least doubt later even until".split())


def is_denied(s: ParsedSentence, i: int) -> bool:
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
