"""The verifier measured on claims whose label is known, made from any articles by mechanical edits.

In go articles; out come the shares of false claims that the verifier accepts and of true claims that it refuses.

Files in order of reading:

- ``sentences``: the sentences and names of the articles that the edits draw from
- ``false_edits``: edits after which the cited words no longer support the claim
- ``true_edits``: edits after which they still do
- ``phrases``: noun phrases and verbs that edits of whole clauses look for
- ``attribution_edits``: who says it, whether it is so yet, and if what: left out, or kept in other words
- ``argument_edits``: who does what to whom: exchanged, or said in another voice
- ``labelled_claims``: claims made by these edits, with what they cite and their label
- ``agreement``: the verifier's verdicts beside the labels
"""
