"""An answer as the page, a paste or another program gets it. Pure. In order of reading:

- ``answer_json``: an answer as JSON
- ``pieces``: its text as words, numbered chips, line breaks and list items, as they stream
- ``checked_report``: a checked text as Markdown
- ``copies``: an answer to be pasted: Markdown, plain text, HTML
- ``links``: addresses that may become links
"""
