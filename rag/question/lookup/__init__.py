"""Questions for a thing that goes by a number, a letter, an abbreviation or a label: which sentence has it, and which another.

- ``numbered_things``: clauses by their numbers, and things that go by another number than the one asked about
- ``abbreviations``: what an abbreviation stands for
- ``labels``: rows by their first cell, and values behind a label, where the question names it
- ``by_form``: whether a sentence answers a question by its form alone
"""
