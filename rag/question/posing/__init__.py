"""Questions made from the sentences of an article, to be offered to a reader. In order of reading:

- ``questions``: the questions that a sentence answers
- ``plain_clause``: a sentence's clauses, taken apart
- ``amounts``: how long, how many, how much
- ``arguments``: who, what, when, where, why
- ``wording``: the words of a question in their order
- ``well_posed``: whether a question can be understood by itself
- ``posed``: a question with its answer
"""
