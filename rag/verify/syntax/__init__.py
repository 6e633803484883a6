"""Whether one clause of the evidence carries each clause of a claim, by their dependency parses.

- ``parsed_sentence``: a sentence with its tokens joined to its words and quantities
- ``wording``: whether two words, or two quantities, say the same
- ``arguments``: the arguments of a predicate: who, what, to whom, where, when, how much
- ``region``: the words that belong to one clause, and how each stands there
- ``antecedents``: the phrases that a pronoun of the evidence may stand for
- ``scope``: whether a claim speaks of more than the evidence
- ``phrases``: whether a noun phrase carries another
- ``fault``: why a clause does not carry another
- ``modality/``: denial, reports, plans, possibilities and conditions around a predicate
- ``clauses``: whether a clause carries another
- ``copulas``: what a thing is said to be, or to have
- ``fragments``: answers without a verb
- ``dated``: what the years in brackets after a name say of it
- ``compressed``: whether a claim is a sentence of the evidence with phrases left out
- ``copied``: whether a claim is a whole sentence of the evidence
- ``structure``: the rule: each clause of the claim must be carried by one clause of the evidence
"""
