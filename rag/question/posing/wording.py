"""The words of a question in their English order: what is asked for, the auxiliary, the subject, the verb, the rest."""

from rag.question.posing.plain_clause import Clause, is_whole
from rag.text.parse import Token

_PERSONS = frozenset(
    "actor adult applicant architect artist assistant astronaut athlete author baker board builder candidate captain "
    "chef chief child citizen coach committee composer cook council customer dancer designer director doctor driver "
    "editor employee employer engineer executive expert explorer family farmer fisherman founder gardener geologist "
    "government governor guest historian inventor investigator journalist judge king landlord lawyer leader "
    "librarian mathematician manager mayor member minister mother musician nurse officer official owner painter "
    "parent partner passenger patient people person philosopher photographer physicist pilot player poet police "
    "politician president producer professor programmer prosecutor pupil queen reporter resident researcher "
    "scientist sculptor secretary senator singer soldier staff student supervisor surgeon teacher team tenant user "
    "visitor volunteer woman man worker writer father chairman keeper merchant entrepreneur activist economist".split()
)

# Said of no particular thing in a question, or only understood where the sentence stands.
_FLEETING = frozenset(
    "today yesterday tomorrow now recently currently here there also later then already still soon ago however "
    "meanwhile again instead once too even just only so far nearly almost initially eventually finally".split()
)

# Parts that may be left out of a question, and prepositions that only say when.
_LEFT_OUT = frozenset(["prep", "advmod", "npadvmod"])
_OF_TIME = frozenset("after before by while since despite without upon when".split())
_ARTICLES = ("The ", "A ", "An ")

# Participles that are also the past tense, and those that are not, with it.
_ALIKE = frozenset(
    "built made bought sold led held found won sent taught paid left lost met told set put cut hit laid brought caught "
    "fought struck sought bound hung".split()
)
_PAST = {
    "written": "wrote", "drawn": "drew", "given": "gave", "taken": "took", "begun": "began", "beaten": "beat",
    "chosen": "chose", "driven": "drove", "shot": "shot", "thrown": "threw", "overthrown": "overthrew",
    "sung": "sang", "seen": "saw", "stolen": "stole", "broken": "broke", "overseen": "oversaw",
}  # fmt: skip

_BE_SINGULAR = {"are": "is", "were": "was", "have": "has", "do": "does"}


class NoQuestion(Exception):
    """A clause from which this question cannot be made."""


class Wording:
    """Words questions about one clause."""

    def __init__(self, clause: Clause) -> None:
        self._clause = clause

    def inverted(self, asked_by: str, *, asked: int, closing: str = "") -> str:
        """A question for something else than the subject: ``asked_by`` is "When", ``asked`` is what is left out."""
        clause = self._clause
        verb = clause.token(clause.verb)
        auxiliaries = [clause.token(i) for i in clause.auxiliaries]
        if auxiliaries:
            first, rest = auxiliaries[0].text, [*(one.text for one in auxiliaries[1:]), verb.text]
        elif verb.lemma == "be":
            first, rest = verb.text, []
        else:
            first, rest = _support(verb), [verb.lemma]
        subject = self._subject()
        return _question(asked_by, first, subject, *rest, *self._rest(asked, undated=bool(closing)), closing)

    def of_subject(self, asked_by: str, *, plural: bool = False) -> str:
        """A question for the subject: "Who" or "How many people" stands in its place."""
        clause = self._clause
        verbs = [*(clause.token(i) for i in clause.auxiliaries), clause.token(clause.verb)]
        first = verbs[0].text if plural else _singular(verbs[0])
        return _question(asked_by, first, *(one.text for one in verbs[1:]), *self._rest(None))

    def of_agent(self, agent: int) -> str:
        """A question for who did what was done: "Who built the lighthouse?", or "Who was it hidden by?"."""
        clause = self._clause
        verb = clause.token(clause.verb)
        told = [clause.token(i).text for i in clause.auxiliaries] in (["was"], ["were"])
        past = verb.text if verb.text.endswith("ed") or verb.text in _ALIKE else _PAST.get(verb.text, "")
        if not told or not past:
            return self.inverted("Who", asked=agent, closing="by")
        return _question("Who", past, self._subject(), *self._rest(agent, undated=True))

    def bare(self, asked_by: str) -> str:
        """What the subject is: "What is a heat pump?"."""
        return _question(asked_by, self._clause.token(self._clause.verb).text, self._subject())

    def _subject(self) -> str:
        clause = self._clause
        if clause.subject is None:
            raise ValueError("a clause without a subject has none to name")
        return _lowered(clause, clause.subject)

    def _rest(self, asked: int | None, *, undated: bool = False) -> list[str]:
        """What follows the verb, without what is asked for and without what is only understood in its place."""
        clause = self._clause
        kept = []
        for i in clause.complements:
            token = clause.token(i)
            inner = clause.object_of(i)
            dated = undated and inner is not None and clause.label(inner) == "DATE"
            if i == asked or dated or self._is_fleeting(i):
                continue
            if is_whole(clause, i):
                kept.append(clause.phrase(i))
            elif token.dep not in _LEFT_OUT or clause.parsed.subtree(i)[0] == clause.verb + 1:
                raise NoQuestion  # without it the verb says something else
        return kept

    def _is_fleeting(self, i: int) -> bool:
        clause = self._clause
        token = clause.token(i)
        if token.dep == "npadvmod" or token.text.casefold() in _FLEETING:
            return True
        if token.dep == "advmod":
            return len(clause.complements) > 1
        return token.lemma in _OF_TIME and clause.parsed.child(i, "pcomp") is not None


def is_person(clause: Clause, i: int) -> bool:
    """Whether a common noun means people: ``employees``, ``the mayor``."""
    token = clause.token(i)
    return token.pos in ("NOUN", "PROPN") and token.lemma in _PERSONS


def _lowered(clause: Clause, i: int) -> str:
    """A phrase as it stands inside a sentence: its first word without the capital of a sentence's beginning."""
    text = clause.phrase(i)
    first = clause.token(clause.parsed.subtree(i)[0])
    opens = first.span.start == clause.token(0).span.start and text.startswith(first.text)
    if text.startswith(_ARTICLES) or (opens and first.pos != "PROPN" and first.text[1:].islower()):
        return text[0].lower() + text[1:]
    return text


def _support(verb: Token) -> str:
    if verb.text in ("set", "put", "cut", "hit", "let", "cost", "spread"):  # past, if not "sets"
        return "did"
    return {"VBD": "did", "VBZ": "does"}.get(verb.tag, "do")


def _singular(verb: Token) -> str:
    """A verb as it follows "who": ``submit`` becomes ``submits``."""
    if verb.text in _BE_SINGULAR:
        return _BE_SINGULAR[verb.text]
    if verb.tag != "VBP":
        return verb.text
    if verb.text.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{verb.text}es"
    if verb.text.endswith("y") and verb.text[-2:-1] not in "aeiou":
        return f"{verb.text[:-1]}ies"
    return f"{verb.text}s"


def _question(*parts: str) -> str:
    text = " ".join(part for part in parts if part).rstrip(" .,;:")
    return f"{text[:1].upper()}{text[1:]}?"
