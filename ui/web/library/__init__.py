"""The articles that a visitor adds, in an index of the visitor's own. In order of reading:

- ``visitor_articles``: each visitor's index beside the server's
- ``open_indexes``: which of them are open, and for how long they are kept
- ``inbox``: files that were sent and not taken yet
- ``uploads``: files and texts become articles
- ``addresses``: so does what is at a web address
"""
