"""Turns files, folders, archives and web pages into articles: an id, a title and clean text each.

In come paths (``articles.read_articles``), pasted text (``articles.article_from_text``) or a URL
(``web.article.fetch_article``, or ``web.feeds.articles.fetch_articles`` for all pages of a feed); out comes a
``ReadResult`` with articles, errors and warnings. A bad file costs itself alone. In order of reading:

- ``articles``: files and folders to a ``ReadResult``
- ``folders``: which files of a folder are read, links included
- ``documents``: the table of formats by suffix; the bytes of one file to its articles
- ``formats/``: one file for each format
- ``decoding``: bytes to text
- ``alphabets``: an older encoding guessed by the letters of a language
- ``cleaning``: line ends, control characters and blank edges of a text
- ``fields``: text fields to an article: id, title, date
- ``field_names``: what others call these fields
- ``dates``: the day that a field gives
- ``sandbox``: a file of a stranger, read in a child process
- ``watch``: waits for changes in a folder
- ``web/``: an article from its URL, and those of a feed or sitemap
"""
