"""Measures how good the answers are: runs a question set, compares with gold answers, reports, compares two runs.

In goes a chatbot, or anything with the same methods, and a question set; out comes a ``Report`` with one result per
question, all measures over them, and the verifier's agreement with claims whose label is known.

Files in order of reading:

- ``questions``: a question set, from JSON lines
- ``rated``: a question from an answer that a reader rated
- ``run``: asks every question, draws samples, makes the report
- ``results``: what came of one question
- ``gold``: whether an answer contains a gold string; exact match and token F1
- ``attribution``: citation recall and precision of one answer
- ``usage``: tokens and memory
- ``measures/``: what is counted over the results: one family of measures, one file
- ``verifier/``: the verifier measured on claims made by mechanical edits
- ``setup``: what a run was of
- ``checkpoint``: the results of a run under way, so that a stopped run can be continued
- ``report_file``: a report as JSON, and back
- ``comparison``: two runs over the same questions, with intervals and an exact test
"""
