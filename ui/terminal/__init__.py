"""The chat in a terminal, and what every command writes to one. In order of reading:

- ``conversation``: question after question, and the commands that begin with a slash
- ``answer_text``: an answer as lines of text
- ``checked_text``: a checked text, or a receipt verified again, as lines of text
- ``citations``: what is cited, printed for another program
- ``comparison``: two evaluations compared, as lines of text
- ``screen``: what is written where: standard output and error, tables, progress
- ``interrupt``: Ctrl-C while articles are added
"""
