"""The question: checked, made to stand alone, spelt right, and classified by what would answer it.

In: a question and the conversation before it, as callers hand them in. Out: a question that stands alone, and what it
asks for. Only the language of the question is read; no index is searched.

- ``input``: a question and a history, checked
- ``followup``: a follow-up question, rewritten to stand alone
- ``spelling``: misspelt words, corrected by the words of the articles
- ``scope``: one fact, a list or a summary; the newest; how many points
- ``expected_answer``: the type of the expected answer: a number, a date, a person, a place, a name
- ``numbered_things``: things that go by another number than the one asked about
"""
