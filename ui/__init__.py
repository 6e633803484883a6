"""What a person touches: commands, the chat in a terminal, the chat in a browser, the page of an evaluation.

- ``cli``: the entry point: the tree of commands, usage errors, exit statuses
- ``commands/``: one command, one file: its options and what it does
- ``terminal/``: the chat in a terminal; Ctrl-C
- ``app``: the chat in a browser: Gradio's server and the page
- ``web/``: what that chat needs: sign-in (``web/access``), conversations, a visitor's own articles
- ``protocol/``: the articles for other programs' models, by the Model Context Protocol
- ``report/``: the page of an evaluation
- ``wording``: how findings are worded, wherever they are shown
- ``elements``: HTML elements, in which every text is escaped
- ``json_text``: JSON on standard output and in files
"""
