"""The commands: one file holds the options of a command and what it does.

Each file has ``define``, which adds its commands to the tree, and a function that takes the parsed options and returns
the exit status. What is heavy is imported by the function that needs it.

- parsing.py: the tree of commands, and the exit statuses
- options.py: options that several commands share
- source.py: from these options to an open chatbot
- ask.py: ask, chat
- serve.py: serve, the chat in a browser
- articles.py: add, remove, list, show
- sync.py: sync
- backup.py: backup, restore
- users.py: users, who may sign in
- feedback.py: feedback of visitors
- models.py: models, models pull
- doctor.py: doctor
- evaluate.py: eval
- compare.py: eval --compare
"""
