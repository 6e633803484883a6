"""Whether one clause of the evidence carries each clause of a claim, by their dependency parses.

- ``parsed_sentence``: a sentence with its tokens joined to its words and quantities
- ``wording``: whether two words, or two quantities, say the same
- ``arguments``: the arguments of a predicate: who, what, to whom, where, when, how much
- ``region``: the words that belong to one clause
- ``context``: denial, modality, reports, plans and conditions around a predicate
- ``antecedents``: the phrases that a pronoun of the evidence may stand for
- ``phrases``: whether a noun phrase carries another
- ``fault``: why a clause does not carry another
- ``moods``: whether a claim keeps what makes a clause a report, a plan or a condition
- ``clauses``: whether a clause carries another
- ``copulas``: what a thing is said to be, or to have
- ``fragments``: answers without a verb
- ``copied``: whether a claim is a whole sentence of the evidence
- ``structure``: the rule: each clause of the claim must be carried by one clause of the evidence
"""
