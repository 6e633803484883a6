"""The articles that an answer cites, for other programs: BibTeX, CSL-JSON, Markdown, RIS.

One entry for each article, with every quote of it. It knows nothing of the rest of Pincite, so that an answer can
write its own citations. In order of reading:

- ``forms``: the forms by name; what is written for an answer
- ``sources``: citations gathered by article, each with its key
- ``bibtex``: for LaTeX
- ``csl``: for citation processors: Zotero, Pandoc
- ``ris``: for EndNote, Mendeley and other managers of references
- ``markdown``: a list to paste; text escaped for Markdown
- ``links``: addresses that are safe to open, and addresses of a sentence on a page
- ``one_line``: text without anything that a terminal obeys
"""
