"""Words and names in other forms that mean the same. In order of reading:

- ``families``: words of one stem, and synonyms
- ``lists``: closed lists of names that stand for one another
- ``amounts``: whether a text mentions a number or a date
- ``names``: whether a text mentions a name, in whatever form
"""
