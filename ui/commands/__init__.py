"""The commands: one file holds the options of a command and what it does.

Each file has ``define``, which adds its commands to the tree, and a function that takes the parsed options and returns
the exit status. A heavy library is imported by the function that needs it. In order of reading:

- ``parsing``: the tree of commands, and the exit statuses
- ``options``: options that several commands share
- ``source``: from these options to an open chatbot or index
- ``ask``: ask, chat
- ``check``: check, of any text; verify, of a receipt
- ``serve``: serve, the chat in a browser, and /v1 for programs
- ``mcp``: mcp, the articles for an assistant
- ``articles``: add, remove, list, show
- ``sync``: sync
- ``backup``: backup, restore; chroma, for other programs
- ``users``: users, who may sign in to the browser chat; keys, with which programs may ask
- ``feedback``: feedback, what visitors said of answers
- ``models``: models, models pull
- ``doctor``: doctor
- ``evaluate``: eval
"""
