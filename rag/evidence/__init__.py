"""Evidence: which sentences of the articles may answer a question, and whether they do.

In: a question that stands alone, and an index. Out: a ``Retrieval`` (sentences to quote, or the text of a refusal) and
numbered ``Evidence`` for the answer.

- ``retrieval``: the whole stage, from the question to the sentences to quote
- ``sentences``: the sentences of retrieved chunks, scored, ranked and numbered
- ``late_interaction``: how much of the question a sentence answers, word piece by word piece
- ``corroboration``: names and numbers that several articles give
- ``selection``: which of the ranked sentences make the answer; the newest first
- ``abstention``: whether to answer, and the text of a refusal
- ``neighbours``: what stands around a passage and says what it speaks of
- ``summary``: sentences that cover whole articles
- ``sections``: the sections of an article, and those that a question asks for
- ``particulars``: what is known of an article itself: its date, length, title, readers
- ``byline``: who wrote an article
"""
