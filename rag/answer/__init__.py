"""Answers: from the evidence for a question to text with citations.

Comes in: numbered evidence passages, the question, and a language model or none. Goes out: ``rag.schema.Delta`` and
``Cited`` events, as the answer is written, and two notes on the finished answer.

quotes.py            an answer in the articles' own words, with no model
generation.py        an answer by a language model: the prompts, the chain, what is shown of a small model's reply
streaming.py         checks each statement of a model's answer as soon as it ends
unmentioned.py       names asked about that no cited word has
disagreement.py      cited articles that give different numbers or days for the same thing
passage_context.py   what a passage says of a quantity: its clause, subject, scope and names
"""
