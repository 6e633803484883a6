"""Measures over the results of a question set: one family of measures, one file.

In go the results of the questions (``rag.evaluation.results.QuestionResult``); out come metrics: a value, its
denominator and its unit.

Files in order of reading:

- ``metric``: what a measure is, and helpers that make one
- ``answers``: evidence, answers and citations: gold strings, F1, exact match, citation recall and precision
- ``retrieval``: recall@k, MRR and nDCG@10
- ``abstention``: declining questions that the articles do not answer
- ``cost``: seconds, tokens, memory
- ``registry``: all measures in one tuple; a measure that is not in a family of it is not counted
- ``curves``: ROC and risk-coverage curves, and the areas under them
- ``trends``: the numbers behind the plots of a report
"""
