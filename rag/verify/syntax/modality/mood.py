"""The signs that a predicate is not simply so, and which of them says no more than which."""

from dataclasses import dataclass

# The kinds of signs in a claim that say no more than one in the evidence.
AS_WEAK: dict[str, frozenset[str]] = {
    kind: frozenset(others.split())
    for kind, others in {
        "said": "said", "expected": "expected said planned possible would", "planned": "planned",
        "possible": "possible able expected would", "able": "able possible", "duty": "duty", "if": "if",
        "will": "will would planned duty possible expected", "would": "would will possible planned if said expected",
    }.items()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mood:
    """One sign that a predicate is not simply so.

    ``kind`` is what it is: said, expected, planned, possible, able, duty, will, would or if. ``word`` is the sign in
    the article's words; ``speaker`` and ``condition`` name those, where it is a report or a condition.
    """

    kind: str
    word: str
    speaker: str = ""
    condition: str = ""
    token: int = -1  # what heads the condition


@dataclass(frozen=True, slots=True)
class Context:
    """Whether a predicate is denied, and the signs that it is not simply so."""

    denied: bool
    moods: tuple[Mood, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """All kinds of signs."""
        return frozenset(mood.kind for mood in self.moods)
