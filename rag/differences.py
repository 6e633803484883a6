"""The ways in which a statement may differ from the words it cites, each with its reason in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.amounts import missing, same
from rag.attach import misplaced
from rag.copied import altered
from rag.joints import welded
from rag.lexicon import FILLERS, STRICT
from rag.match import Lookup, Place, Reading, pieces, read
from rag.owners import misowned
from rag.polarity import clauses, opposite, softened, turns
from rag.quantities import Quantity
from rag.roles import misnamed, reversed_roles

_OWN = 5  # at most one key word in this many may be the writer's own
_TOUCHING = 24  # characters between a word and a number that it may still belong to
_MIXED = 4  # key words in a clause from which one passage must carry it
_ONE_SAYS = 0.7  # of them
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
_PAIR = frozenset(("both", "neither", "pair", "couple", "two", "either"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A statement beside its evidence. ``found``: for each word of the statement that the evidence has,
    where.
    """

    mine: Reading
    theirs: Sequence[Reading]
    lookup: Lookup
    found: dict[int, tuple[Place, ...]]


def difference(case: Comparison) -> str:
    """Why the evidence does not carry the statement, the plainest reason first; empty where it does."""
    return (
        _numbers(case)
        or _directions(case)
        or _names(case)
        or _own_words(case)
        or _denials(case)
        or altered(case.mine, case.theirs, case.lookup)
        or _mixed(case)
        or misplaced(case.mine, case.theirs, case.lookup)
        or reversed_roles(case.mine, case.theirs, case.lookup)
        or misnamed(case.mine, case.theirs, case.lookup)
        or misowned(case.mine, case.theirs, case.lookup)
        or _left_open(case)
        or _welded(case)
    )


def _numbers(case: Comparison) -> str:
    known = [quantity for reading in case.theirs for quantity in reading.quantities]
    counted = {word.norm for reading in case.theirs for word in reading.words}
    for quantity in case.mine.quantities:
        # "the two companies" only points back.
        pointing = quantity.text.casefold() == "two" and quantity.led in (
            "the",
            "these",
            "their",
            "its",
            "both",
        )
        if not (pointing and counted & _PAIR) and (reason := missing(quantity, known)):
            return reason
    return ""


def _names(case: Comparison) -> str:
    mine = case.mine
    for i in sorted(mine.names | mine.heads | mine.digits):
        if i not in case.found:
            return f"‘{mine.words[i].text}’ is not in the cited words"
    return ""


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


def _counts(mine: Reading, i: int) -> bool:
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


def _strict(mine: Reading, i: int) -> bool:
    return mine.words[i].norm in STRICT and not (
        i and mine.words[i - 1].norm in ("at", "not", "above", "after")
    )


def _narrowed(norm: str, case: Comparison) -> bool:
    kin = {norm}.union(*(line for line in _STRICT_KIN if norm in line))
    return any(read(word).words[0].term in case.lookup.terms for word in kin)


def _denials(case: Comparison) -> str:
    """A word affirmed in the claim must not stand denied wherever the evidence has it.

    The other way half of the words of a denied clause are enough: its subject often stands outside the clause
    that the evidence denies (``For developers, this changes nothing``).
    """
    mine = case.mine
    agrees = {
        i: any(
            case.theirs[place.text].denied[place.word] ^ place.turned == mine.denied[i] for place in places
        )
        for i, places in case.found.items()
        if places and i in mine.keys
    }
    for i, agreed in agrees.items():
        if not agreed and not mine.denied[i]:
            return f"‘{mine.words[i].text}’ is denied in the cited words"
    for clause in clauses(mine.text):
        shared = [i for i in clause.words if i in agrees]
        affirmed = [i for i in shared if not agrees[i]]
        if clause.denied and len(affirmed) * 2 > len(shared):
            return f"‘{mine.words[affirmed[-1]].text}’ is affirmed in the cited words"
    return _denied_numbers(case)


def _denied_numbers(case: Comparison) -> str:
    for quantity in case.mine.quantities:
        sides = {
            _denied_at(reading, other)
            for reading in case.theirs
            for other in reading.quantities
            if same(quantity, other)
        }
        if sides == {True} and not _denied_at(case.mine, quantity):
            return f"‘{quantity.text.strip()}’ is denied in the cited words"
    return ""


def _denied_at(reading: Reading, quantity: Quantity) -> bool:
    at = next((i for i, word in enumerate(reading.words) if word.span.overlaps(quantity.span)), None)
    return at is not None and reading.denied[at]


def _mixed(case: Comparison) -> str:
    """A clause put together from two passages of which neither says it. Names may come from either."""
    mine = case.mine
    if len(case.theirs) < 2:
        return ""
    numbers = pieces(mine)
    plain = [i for i in mine.keys if i not in mine.names | mine.heads and case.found.get(i)]
    for piece in range(max(numbers, default=-1) + 1):
        keys = [i for i in plain if numbers[i] == piece]
        held = [
            sum(any(place.text == n for place in case.found[i]) for i in keys)
            for n in range(len(case.theirs))
        ]
        if len(keys) >= _MIXED and max(held) < _ONE_SAYS * len(keys):
            return "no one of the passages says it: its words are put together from several"
        for quantity in mine.quantities:
            at = next((i for i, word in enumerate(mine.words) if word.span.overlaps(quantity.span)), None)
            if at is None or numbers[at] != piece:
                continue
            here = [n for n, reading in enumerate(case.theirs) if not missing(quantity, reading.quantities)]
            if here and max(held[n] for n in here) * 2 < len(keys):
                return f"the passage with ‘{quantity.text.strip()}’ says it of something else"
    return ""


def _welded(case: Comparison) -> str:
    """A clause joined from words of two passages, unless one of them carries the whole statement alone."""
    reason = welded(case.mine, case.theirs, case.found)
    if not reason or any(not difference(_alone(case, number)) for number in range(len(case.theirs))):
        return ""
    return reason


def _alone(case: Comparison, number: int) -> Comparison:
    """The statement beside one of its passages."""
    reading = case.theirs[number]
    found = {
        i: tuple(replace(place, text=0) for place in places if place.text == number)
        for i, places in case.found.items()
        if not places or any(place.text == number for place in places)
    }
    return Comparison(case.mine, (reading,), Lookup((reading,)), found)


def _left_open(case: Comparison) -> str:
    """A statement of what the evidence says only may be. ``reportedly`` and ``likely`` may be dropped,
    ``may`` not.

    Only what follows the hedge in its clause is left open: ``regulators watching the industry may object``.
    """
    mine = case.mine
    if softened(mine.text):
        return ""
    hedged: dict[tuple[int, int], str] = {}
    for number, reading in enumerate(case.theirs):
        for clause in clauses(reading.text):
            for word in clause.hedges[:1]:
                start = next(i for i in clause.words if reading.words[i].text == word)
                hedged |= {(number, i): word for i in clause.words if i > start}
    left_open = [
        hedged[places[0].text, places[0].word]
        for i, places in case.found.items()
        if places and i in mine.keys and all((place.text, place.word) in hedged for place in places)
    ]
    if len(left_open) >= 2 or (left_open and len(left_open) * 3 >= len(mine.keys)):
        return f"the cited words say ‘{left_open[0]}’"
    return ""
