"""The newest first, where a question asks for the latest and several articles answer it as well."""

from collections.abc import Sequence

from rag.evidence import Found
from rag.question import asks_newest

# Sentences within this of the best rank (ranks span about 0 to 1.3) answer as well as it: what sets them apart is
# their wording, and news that is told again is worded anew.
_MARGIN = 0.1


def newest_first(question: str, found: Sequence[Found]) -> tuple[Found, ...]:
    """``found``, best first; where ``question`` asks for the latest, of those close to the best the newest lead.

    Of each dated article the best of these leads, newest article first, and its others follow in order of rank, so
    that what an older article says is read before what else the newer one does. Sentences of articles without a
    date keep their places: nothing is known of them.
    """
    if not asks_newest(question) or not found:
        return tuple(found)
    least = found[0].rank - _MARGIN
    places = [at for at, one in enumerate(found) if one.rank >= least and one.article.date is not None]
    best = {found[at].article.id: at for at in reversed(places)}
    leading = sorted(best.values(), key=lambda at: (-_day(found[at]), at))
    ordered = list(found)
    for place, taken in zip(places, (*leading, *sorted({*places} - {*leading})), strict=True):
        ordered[place] = found[taken]
    return tuple(ordered)


def _day(one: Found) -> int:
    """The article's date as a number that rises with it; 0 where there is none."""
    return one.article.date.toordinal() if one.article.date else 0
