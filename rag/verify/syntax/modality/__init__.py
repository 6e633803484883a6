"""Whether what a predicate says is simply so: denied, reported, planned, possible or under a condition.

- ``mood``: the signs, and which says no more than which
- ``denial``: whether a predicate is denied
- ``signs``: the signs that stand with a predicate itself
- ``context``: all that stands around it, up to the main clause
- ``differs``: whether a claim says flatly what the evidence does not, or affirms what it denies
"""
