"""The lines of a text, from which its blocks are made. In order of reading:

- ``marks``: what the mark of a line says: a heading, an item, a row
- ``wrapping``: lines that a hard-wrapped paragraph broke off, together again
"""
