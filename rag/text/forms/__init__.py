"""Words and names in other forms that mean the same, and the forms that values have. In order of reading:

- ``families``: words of one stem, and synonyms
- ``kinds``: nouns in other words: synonyms, kinds, and what else is of a kind, after WordNet
- ``lists``: closed lists of names that stand for one another
- ``amounts``: whether a text mentions a number or a date
- ``values``: whether a text gives a sum of money, a number, a time or a name
- ``names``: whether a text mentions a name, in whatever form
"""
