"""Answers: from the evidence for a question to text with citations.

Comes in: numbered evidence passages, the question, and a language model or none. Goes out: ``Delta`` and ``Cited``
events, as the answer is written, its outcome, and two notes on the finished answer.

Files in order of reading:

- ``composition``: the whole: judge, then a model's statements, quotes or a plain no
- ``prompts``: the prompts: does the evidence state the answer, and what is it
- ``judgement``: a model's log-odds that the evidence states the answer
- ``outcome``: whether the question is answered, by all the signs
- ``contradiction``: what a question takes for granted and the cited words contradict
- ``another_subject``: cited words that tell of somebody, or something, else what is asked of one
- ``another_one``: cited words that tell of another one of several: of the second, asked for the third
- ``generation``: an answer by a language model: from the prompt to verified statements
- ``reply/``: reads the reply of any chat model: reasoning, refusals, marks, how it ended
- ``opinion``: a model's second opinion on a verdict
- ``statement_gate``: checks each statement as soon as it ends, and shows it only if it is carried
- ``quotes``: an answer in the articles' own words, with no model
- ``nearest``: what is said where the articles do not answer
- ``rewriting``: a follow-up question rewritten by a model
- ``translation``: a verified answer in another language, unchecked
- ``warm_up``: the heads of the prompts read before the first question
- ``differing/``: cited articles that give different numbers, days or rules for the same thing
"""
