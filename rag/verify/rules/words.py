"""rag.verify.citations.rules.words."""

from rag.text.antonyms import opposite, turns
from rag.text.lexicon import FILLERS, STRICT
from rag.verify.analysed_text import AnalysedText, analyse
from rag.verify.comparison import Comparison

_OWN = 5  # at most one key word in this many may be the writer's own


_TOUCHING = 24  # characters between a word and a number that it may still belong to


# "only" in the answer is carried by any word of its line in the evidence.
_STRICT_KIN = tuple(
    frozenset(line.split())
    for line in (
        "only sole solely exclusively alone just",
        "all every each always entire entirely whole any no none never everyone everything both",
        "completely entirely fully totally wholly",
        "biggest largest highest greatest most",
        "smallest least lowest fewest minimum",
        "best most",
        "worst least",
        "last final finally latest past",
        "former formerly ex previously",
        "exactly precisely just",
        "secretly secret covertly",
        "illegally illegal unlawful",
        "unanimously unanimous",
    )
)


def _directions(case: Comparison) -> str:
    terms = case.lookup.terms
    for i, word in enumerate(case.mine.words):
        if word.term in terms or i in case.mine.names or (i in case.found and case.lookup.kin(word.term)):
            continue
        if other := opposite(word.term, terms):
            return f"the cited words say ‘{other}’, not ‘{word.text}’"
    return ""


def _own_words(case: Comparison) -> str:
    """Words that are the writer's own: few, and none that turns, narrows or counts."""
    mine = case.mine
    own = [i for i in mine.keys if i not in case.found]
    strict = [
        i for i in range(len(mine.words)) if _strict(mine, i) and not _narrowed(mine.words[i].norm, case)
    ]
    allowed = (len(mine.keys) + len(mine.quantities)) // _OWN if mine.english else 0
    loaded = strict or [i for i in own if turns(mine.words[i].term) or _counts(mine, i)]
    if not loaded and len(own) <= allowed:
        return ""
    shown = [f"‘{mine.words[i].text}’" for i in (loaded or own)[:4]]
    return f"{', '.join(shown)} {'is' if len(shown) == 1 else 'are'} not in the cited words"


def _counts(mine: AnalysedText, i: int) -> bool:
    """Whether a word touches a number: ``employees`` in ``100,000 employees``, ``lost`` in ``lost $6
    billion``.
    """
    word = mine.words[i].span
    for quantity in mine.quantities:
        if quantity.kind != "number":
            continue
        if not quantity.unit and mine.text[quantity.span.end : word.start] in (" ", "-"):
            return True
        between = [w for w in mine.words[i + 1 : i + 5] if w.span.end <= quantity.span.start]
        near = 0 <= quantity.span.start - word.end < _TOUCHING
        if near and all(w.function or w.norm in FILLERS for w in between):
            return True
    return False


def _strict(mine: AnalysedText, i: int) -> bool:
    return mine.words[i].norm in STRICT and not (
        i and mine.words[i - 1].norm in ("at", "not", "above", "after")
    )


def _narrowed(norm: str, case: Comparison) -> bool:
    kin = {norm}.union(*(line for line in _STRICT_KIN if norm in line))
    return any(analyse(word).words[0].term in case.lookup.terms for word in kin)
