"""A visitor's conversation. In order of reading:

- ``ask``: one question, from what was typed to what is kept, as the states that a page shows
- ``slots``: places for the answers written at the same time
- ``chatbots``: the chatbot that answers a visitor
- ``saved``: conversations kept in SQLite, with what visitors said of answers
"""
