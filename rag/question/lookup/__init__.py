"""Questions for a thing that goes by a number, a letter or an abbreviation: which sentence has it, and which another.

- ``numbered_things``: clauses by their numbers, and things that go by another number than the one asked about
- ``abbreviations``: what an abbreviation stands for
- ``by_form``: whether a sentence answers a question by its form alone
"""
