"""Web pages (HTML), and the chapters of books. In order of reading:

- ``page``: the article of a page, with the metadata that the page states
- ``own_part``: the part in which a page speaks of itself
- ``chapter``: a page that is all article
- ``source``: the bytes of a page to a tree of elements
- ``normal_form``: a tree in which no text stands outside of a block, or runs into another
- ``kept_words``: elements that the search for the article drops, made such as it keeps
- ``tables``: tables that lay out a page, and the cells of others
- ``linked_lists``: lists of links that are the page's own text
- ``flow``: which elements are blocks; items and cells made one line
- ``notes_and_powers``: raised figures
"""
