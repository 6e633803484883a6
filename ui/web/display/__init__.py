"""An answer as the page, a paste or another program gets it. Pure. In order of reading:

- ``chat_messages``: a conversation as the messages of Gradio's Chatbot
- ``source_panel``: a cited passage with its verdict, in its whole article
- ``checked_report``: a checked text as Markdown
- ``pieces``: an answer's text as words, numbered chips, line breaks and list items
- ``copies``: an answer to be pasted: Markdown, plain text, HTML
"""
