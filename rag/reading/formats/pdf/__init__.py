"""PDF: where ink goes on a page, brought back into paragraphs. In order of reading:

- ``reader``: a file to a document
- ``pdfium``: the pieces of text on a page, with their boxes
- ``columns``: pieces to lines, in the order in which columns are read
- ``lines``: pieces side by side to a line; what is raised in it
- ``running_titles``: page numbers, headers and footers, which are left out
- ``contents``: tables of contents, which are left out
- ``front``: the title of a paper, and its authors' lines
- ``hyphens``: whether one at a line's end breaks a word
- ``paragraphs``: lines to paragraphs, over the ends of columns and pages
"""
