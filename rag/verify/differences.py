"""The ways in which a statement may differ from the words it cites, each with its reason in words."""

from dataclasses import replace

from rag.verify.comparison import Comparison
from rag.verify.lookup import Lookup
from rag.verify.rules.denial import _denials, _left_open
from rag.verify.rules.names import _names, name_moved
from rag.verify.rules.near_copy import near_copy
from rag.verify.rules.possession import wrong_owner
from rag.verify.rules.quantities import _numbers, number_moved
from rag.verify.rules.roles import reversed_roles
from rag.verify.rules.splices import _mixed, spliced
from rag.verify.rules.words import _directions, _own_words


def difference(case: Comparison) -> str:
    """Why the evidence does not carry the statement, the plainest reason first; empty where it does."""
    return (
        _numbers(case)
        or _directions(case)
        or _names(case)
        or _own_words(case)
        or _denials(case)
        or near_copy(case.mine, case.theirs, case.lookup)
        or _mixed(case)
        or number_moved(case.mine, case.theirs, case.lookup)
        or reversed_roles(case.mine, case.theirs, case.lookup)
        or name_moved(case.mine, case.theirs, case.lookup)
        or wrong_owner(case.mine, case.theirs, case.lookup)
        or _left_open(case)
        or _welded(case)
    )


def _welded(case: Comparison) -> str:
    """A clause joined from words of two passages, unless one of them carries the whole statement alone."""
    reason = spliced(case.mine, case.theirs, case.found)
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
