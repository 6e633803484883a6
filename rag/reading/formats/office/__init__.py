"""Documents of office programs. In order of reading:

- ``package``: the parts of an Office file
- ``word_names``: the names of elements, in the two forms of the standard
- ``docx``: Word: the blocks of the body
- ``docx_text``: the words of a paragraph: what is hidden, deleted, raised or cannot be read in it
- ``docx_styles``: what a style says of its paragraphs
- ``docx_numbering``: the numbers of clauses and items, which Word counts and does not store
- ``pptx``: presentations
- ``xlsx``: workbooks
- ``xlsx_formats``: how its numbers are shown
- ``odt``: OpenDocument text
- ``odt_lists``: the numbers of its items and headings
- ``rtf``: Rich Text
- ``rtf_characters``: its code pages and special characters
"""
