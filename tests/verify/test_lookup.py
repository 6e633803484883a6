"""Words of the evidence by term, by family and by synonym."""

from rag.text.forms.families import related
from rag.text.words import terms
from rag.verify.analysed_text import analyse
from rag.verify.lookup import Lookup, WordPlace

LOOKUP = Lookup([analyse("The competitor grew."), analyse("Terms were undisclosed.")])


def term(word: str) -> str:
    return terms(word)[0]


def test_a_term_is_found_as_it_is_then_by_its_family() -> None:
    assert LOOKUP.exact(term("competitor")) == (WordPlace(0, 1),)
    assert LOOKUP.exact(term("compete")) == ()
    assert LOOKUP.same_family(term("compete")) == (WordPlace(0, 1),)


def test_the_same_meaning_is_a_family_a_synonym_or_a_denial() -> None:
    assert LOOKUP.same_meaning(term("compete")) == (WordPlace(0, 1),)
    assert LOOKUP.same_meaning(term("rival")) == (WordPlace(0, 1),)
    assert LOOKUP.same_meaning(term("disclosed")) == (WordPlace(1, 2, turned=True),)
    assert LOOKUP.same_meaning(term("banana")) == ()


def test_the_terms_come_in_the_order_of_the_evidence() -> None:
    assert tuple(LOOKUP.terms) == terms("The competitor grew. Terms were undisclosed.")


def test_stems_that_only_begin_alike_are_no_family() -> None:
    assert related("compet", "competitor")
    assert not related("market", "mark")
    assert not related("paris", "parish")
