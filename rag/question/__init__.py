"""The question: checked, made to stand alone, spelt right, and classified by what would answer it.

In: a question and the conversation before it, as callers hand them in. Out: a question that stands alone, and what it
asks for. Only the language of the question is read; no index is searched.

- ``input``: a question and a history, checked
- ``phrases``: whole phrases about the conversation: go on, are you sure, in German, what can you do
- ``pleasantries``: greetings, thanks and goodbyes, alone or beside a question
- ``noun_phrases``: where a noun phrase ends, and what was counted
- ``referents``: the persons and things that a pronoun may refer to
- ``replacement``: the question before, asked of something else
- ``followup``: a follow-up question, rewritten to stand alone by rules
- ``rewriting``: a follow-up question, rewritten by a language model and checked
- ``conversation``: the kind of a turn: a question, a greeting, "go on", "are you sure?" and others
- ``spelling``: misspelt words, corrected by the words of the articles
- ``scope``: one fact, a list or a summary; the newest; how many points
- ``parts``: two questions in one
- ``expected_answer``: the type of the expected answer: a number, a date, a person, a place, a name
- ``posing/``: questions made from the sentences of an article
- ``lookup/``: things asked for by a number or an abbreviation
- ``sought``: what a question asks for, and the words that only describe it
- ``premises``: names, numbered things, numbers and nouns that a question takes for granted
"""
