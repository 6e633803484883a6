"""The rules of the verifier, one kind of fault in each file.

Comes in: a ``rag.verify.comparison.Comparison``. Goes out: why the evidence does not carry the claim, in words for a
reader; an empty string where the rule finds no fault. ``rag.verify.differences.RULES`` lists them in the order in which
they are tried.

- ``quantities``: a number is missing from the evidence, or stands with other words there
- ``words``: a direction is reversed, or words are the claim's own
- ``names``: a name is missing from the evidence, or stands with other words there
- ``denial``: one side denies what the other affirms, or a hedge is dropped
- ``near_copy``: a claim that follows its evidence word for word changes a few of the words
- ``splices``: a clause is joined from words of two passages
- ``roles``: who did it to whom
- ``possession``: whose a thing is
"""
