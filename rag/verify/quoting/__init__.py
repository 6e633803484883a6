"""The words of a passage that a claim quotes.

- ``folding``: search that ignores case, quotation marks, dashes and ligatures
- ``quotations``: where the words that a claim quotes stand in a passage
- ``verbatim``: whether the article's own words may stand alone
"""
