"""Verification: whether the cited words carry each statement of an answer.

Comes in: the text of an answer, the evidence passages, and optionally the question. Goes out: a ``rag.schema.Citation``
for each label of each statement, with where its words stand and whether they carry it. No model, no index, no files.

- ``citations``: the entry: ``verify`` an answer, ``check_claim`` for one statement, ``adds``
- ``claims``: the statements of an answer, and the marks that bind them to passages
- ``citing``: the citations of a claim to given passages
- ``asked``: whether a short answer says something of what was asked
- ``quoting/``: the words of a passage that a claim quotes
- ``support``: whether passages carry a claim: matches its words, then applies the rules
- ``differences``: the rules, in the order in which they are tried
- ``missing_words``: numbers, names and words that the evidence lacks, or has only as their opposite
- ``syntax/``: whether one clause of the evidence carries each clause of the claim
- ``contrary``: the one thing in which a refused statement differs from the words it cites
- ``comparison``: what a rule is given: the claim, its evidence, the words they share
- ``analysed_text``: a text analysed: names, quantities, denials, segments
- ``lookup``: the evidence's words by term, family and synonym
- ``quantity_match``: whether one quantity follows from others
- ``coreference``: what a passage's opening pronoun stands for
"""

from rag.verify.citations import adds as adds
from rag.verify.citations import check_claim as check_claim
from rag.verify.citations import verify as verify
