"""Answers: from the evidence for a question to text with citations.

Comes in: numbered evidence passages, the question, and a language model or none. Goes out: ``rag.schema.Delta`` and
``Cited`` events, as the answer is written, and two notes on the finished answer.

- ``quotes``: an answer in the articles' own words, with no model
- ``generation``: an answer by a language model: the prompts, the chain, what is shown of a small model's reply
- ``streaming``: checks each statement of a model's answer as soon as it ends
- ``unmentioned``: names asked about that no cited word has
- ``disagreement``: cited articles that give different numbers or days for the same thing
- ``passage_context``: what a passage says of a quantity: its clause, subject, scope and names
"""
