"""The rules by which a claim may differ from its evidence, in the order in which they are tried.

``docs/verification.md`` describes the rules under the same names and in the same order; a test compares the two.
To add a rule, write ``rule(comparison) -> str`` in ``rag/verify/rules``, and give it a line in ``RULES`` and in that
page.
"""

from collections.abc import Callable

from rag.verify.comparison import Comparison
from rag.verify.rules.denial import denial_differs, hedge_dropped
from rag.verify.rules.names import name_missing, name_moved
from rag.verify.rules.near_copy import near_copy_altered
from rag.verify.rules.possession import owner_differs
from rag.verify.rules.quantities import number_missing, number_moved
from rag.verify.rules.roles import roles_reversed
from rag.verify.rules.splices import clause_mixed, passages_joined
from rag.verify.rules.words import direction_reversed, words_added

Rule = Callable[[Comparison], str]


def difference(comparison: Comparison) -> str:
    """Why the evidence does not carry the claim, by the first rule that objects; empty where none does."""
    for _, rule in RULES:
        if reason := rule(comparison):
            return reason
    return ""


def splice(comparison: Comparison) -> str:
    """A clause is joined from words of two passages, and no passage carries the whole claim by itself.

    This rule is here, and not with the others, because it applies all of them to each passage alone. That recursion
    ends at once: with one passage ``passages_joined`` finds nothing.
    """
    reason = passages_joined(comparison)
    if not reason:
        return ""
    numbers = range(len(comparison.evidence))
    carried_alone = any(not difference(comparison.with_passage(number)) for number in numbers)
    return "" if carried_alone else reason


# The order decides which reason a reader sees: the plainest faults come first.
RULES: tuple[tuple[str, Rule], ...] = (
    ("missing number", number_missing),
    ("reversed direction", direction_reversed),
    ("missing name", name_missing),
    ("added words", words_added),
    ("denial", denial_differs),
    ("near copy", near_copy_altered),
    ("mixed clause", clause_mixed),
    ("moved number", number_moved),
    ("reversed roles", roles_reversed),
    ("moved name", name_moved),
    ("owner", owner_differs),
    ("dropped hedge", hedge_dropped),
    ("splice", splice),
)
