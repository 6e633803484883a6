"""Readers of file formats, one format a file: the bytes of a file in, its text and fields out.

A format whose file is one article has a function ``(data, source) -> Document``. Text with headings, items and rows
comes out as Markdown. A reader raises ``ArticleError`` for a file that is damaged, locked or a trap, and imports the
library it needs only when it is called. ``rag.reading.documents.FORMATS`` names them all. In order of reading:

- ``document``: ``Document``, which these readers return
- ``blocks``: headings, paragraphs, items and rows joined into a text
- ``embedded``: pictures written into a text as letters, which are left out
- ``plain_text``: plain text and Markdown
- ``frontmatter``: the YAML fields at the head of Markdown
- ``markdown``: Markdown without tags, targets of links and marks of emphasis
- ``raised``: raised figures: powers, marks of notes, ordinals
- ``html/``: web pages, and the chapters of books
- ``pdf/``: PDF, with pages
- ``zip_archive``: what may be read of a ZIP archive, and its limits
- ``office/``: Word, PowerPoint, Excel, OpenDocument text, Rich Text
- ``epub``: books
- ``mail``: messages of electronic mail
- ``csv_file``: tables, one article a row
- ``jsonl``: records, one article a line
"""
