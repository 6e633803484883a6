"""Where the cited articles differ. In order of reading:

- ``numbers``: they give different numbers or days for the same thing
- ``wording``: they say the opposite of the same thing, or name another for it
- ``same_thing``: whether titles and headings tell that two passages are of two things
- ``passage_context``: what a passage says of a quantity: its clause, subject, scope and names
"""
