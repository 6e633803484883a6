"""What a sentence must be or have to answer: a number, a heading, a label, the words of an abbreviation, a value.

- ``numbered_things``: clauses by their numbers, and things that go by another number than the one asked about
- ``abbreviations``: what an abbreviation stands for
- ``labels``: rows by their first cell, and values behind a label, where the question names it
- ``values``: a price, a number, a time or a name, where the question asks for one
- ``whole``: what a person calls the articles as a whole
- ``other_languages``: what is asked in other languages than English
- ``sections``: sections by their headings
- ``particulars``: what is asked of the document itself, such as its date
- ``by_form``: whether a sentence answers a question by its form alone
- ``absent_nouns``: the nouns of a question that cited words neither have nor tell in other words
"""
